// The table of locks is what executing the statements shows. Stale: UPDATE_GOLDEN=1, and look at
// the difference.
#include "trace/lock_facts.h"

#include <cstdlib>
#include <map>
#include <set>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "db/connection.h"
#include "support/catch.h"
#include "support/database.h"
#include "trace/queries.h"
#include "trace/trace.h"
#include "trace/tracer.h"

using namespace engine;
using namespace engine::trace;

namespace {

const char* const fixture = R"(
CREATE TABLE r (id int PRIMARY KEY);
INSERT INTO r SELECT generate_series(1, 50);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN amount AS int;
CREATE TABLE t (id int PRIMARY KEY, a int, b text, c varchar(10), d amount, e int NOT NULL DEFAULT 0);
INSERT INTO t SELECT n, n, 'b' || n, 'c', 1 FROM generate_series(1, 50) n;
CREATE INDEX i ON t (a);
CREATE UNIQUE INDEX u ON t (b);
ALTER TABLE t ADD CONSTRAINT checked CHECK (a > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES r NOT VALID;
CREATE STATISTICS st ON a, e FROM t;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY y ON t USING (a > 0);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
CREATE UNIQUE INDEX mu ON m (id);
CREATE TABLE q (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE qn (id int, at date);
INSERT INTO qn VALUES (1, '2026-05-01');
CREATE SEQUENCE s;
CREATE PUBLICATION pub;
CREATE SCHEMA aside;
)";

const std::map<std::string, std::string> names{{"public.t", "table"},
                                               {"public.i", "index"},
                                               {"public.t_pkey", "its index"},
                                               {"public.u", "unique index"},
                                               {"public.r", "table it refers to"},
                                               {"public.v", "view"},
                                               {"public.m", "materialized view"},
                                               {"public.q", "partitioned table"},
                                               {"public.q1", "partition"},
                                               {"public.qn", "table to attach"},
                                               {"public.s", "sequence"}};

const std::vector<std::string> in_transaction{
    "SELECT * FROM t",
    "SELECT * FROM t FOR SHARE",
    "SELECT * FROM t FOR UPDATE",
    "INSERT INTO t (id) VALUES (99)",
    "UPDATE t SET e = 1 WHERE id = 1",
    "DELETE FROM t WHERE id = 1",
    "MERGE INTO t USING r ON t.id = r.id WHEN MATCHED THEN UPDATE SET e = 2",
    "COPY t TO '/dev/null'",
    "LOCK TABLE t IN SHARE MODE",
    "TRUNCATE t",
    "DROP TABLE t CASCADE",
    "ALTER TABLE t ADD COLUMN n int",
    "ALTER TABLE t ADD COLUMN n int DEFAULT 1",
    "ALTER TABLE t ADD COLUMN n timestamptz DEFAULT now()",
    "ALTER TABLE t ADD COLUMN n uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE t ADD COLUMN n serial",
    "ALTER TABLE t ADD COLUMN n int GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE t ADD COLUMN n int GENERATED ALWAYS AS (a + 1) STORED",
    "ALTER TABLE t ADD COLUMN n int CHECK (n > 0)",
    "ALTER TABLE t ADD COLUMN n int UNIQUE",
    "ALTER TABLE t ADD COLUMN n int REFERENCES r",
    "ALTER TABLE t DROP COLUMN c",
    "ALTER TABLE t RENAME COLUMN c TO n",
    "ALTER TABLE t RENAME TO n",
    "ALTER TABLE t ALTER COLUMN c TYPE varchar(20)",
    "ALTER TABLE t ALTER COLUMN c TYPE text",
    "ALTER TABLE t ALTER COLUMN c TYPE varchar(5)",
    "ALTER TABLE t ALTER COLUMN e TYPE bigint",
    "ALTER TABLE t ALTER COLUMN e SET DEFAULT 1",
    "ALTER TABLE t ALTER COLUMN e DROP DEFAULT",
    "ALTER TABLE t ALTER COLUMN c SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN e DROP NOT NULL",
    "ALTER TABLE t ALTER COLUMN c SET STATISTICS 100",
    "ALTER TABLE t ALTER COLUMN c SET STORAGE EXTERNAL",
    "ALTER TABLE t ALTER COLUMN c SET COMPRESSION pglz",
    "ALTER TABLE t ADD CONSTRAINT n CHECK (e >= 0)",
    "ALTER TABLE t ADD CONSTRAINT n CHECK (e >= 0) NOT VALID",
    "ALTER TABLE t VALIDATE CONSTRAINT checked",
    "ALTER TABLE t ADD CONSTRAINT n FOREIGN KEY (id) REFERENCES r",
    "ALTER TABLE t ADD CONSTRAINT n FOREIGN KEY (id) REFERENCES r NOT VALID",
    "ALTER TABLE t VALIDATE CONSTRAINT k",
    "ALTER TABLE t ADD CONSTRAINT n UNIQUE (a)",
    "ALTER TABLE t ADD CONSTRAINT n UNIQUE USING INDEX u",
    "ALTER TABLE t ADD CONSTRAINT n EXCLUDE USING btree (a WITH =)",
    "ALTER TABLE qn ADD PRIMARY KEY (id)",
    "ALTER TABLE t DROP CONSTRAINT checked",
    "ALTER TABLE t DROP CONSTRAINT k",
    "ALTER TABLE t RENAME CONSTRAINT checked TO n",
    "ALTER TABLE t OWNER TO pg_monitor",
    "ALTER TABLE t SET SCHEMA aside",
    "ALTER TABLE t SET UNLOGGED",
    "ALTER TABLE t SET (fillfactor = 80)",
    "ALTER TABLE t SET (autovacuum_enabled = false)",
    "ALTER TABLE t CLUSTER ON i",
    "ALTER TABLE t REPLICA IDENTITY FULL",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t FORCE ROW LEVEL SECURITY",
    "CREATE POLICY n ON t USING (true)",
    "ALTER POLICY y ON t USING (a > 1)",
    "DROP POLICY y ON t",
    "CREATE TRIGGER n BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()",
    "ALTER TABLE t DISABLE TRIGGER g",
    "ALTER TRIGGER g ON t RENAME TO n",
    "DROP TRIGGER g ON t",
    "CREATE RULE n AS ON DELETE TO t DO INSTEAD NOTHING",
    "CREATE INDEX n ON t (e)",
    "CREATE UNIQUE INDEX n ON t (a)",
    "DROP INDEX i",
    "ALTER INDEX i RENAME TO n",
    "ALTER INDEX i SET (fillfactor = 80)",
    "REINDEX TABLE t",
    "REINDEX INDEX i",
    "CLUSTER t USING i",
    "ANALYZE t",
    "COMMENT ON TABLE t IS 'x'",
    "COMMENT ON COLUMN t.a IS 'x'",
    "CREATE STATISTICS n ON a, b FROM t",
    "DROP STATISTICS st",
    "GRANT SELECT ON t TO pg_monitor",
    "REVOKE ALL ON t FROM pg_monitor",
    "ALTER PUBLICATION pub ADD TABLE t",
    "CREATE TABLE n (LIKE t INCLUDING ALL)",
    "CREATE TABLE n AS SELECT * FROM t",
    "CREATE TABLE n (a int REFERENCES r)",
    "CREATE VIEW n AS SELECT a FROM t",
    "CREATE OR REPLACE VIEW v AS SELECT id, a FROM t",
    "ALTER VIEW v SET (security_invoker = true)",
    "DROP VIEW v",
    "REFRESH MATERIALIZED VIEW m",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "DROP FUNCTION touch() CASCADE",
    "ALTER TYPE mood ADD VALUE 'well'",
    "ALTER DOMAIN amount ADD CONSTRAINT n CHECK (VALUE > 0)",
    "ALTER DOMAIN amount ADD CONSTRAINT n CHECK (VALUE > 0) NOT VALID",
    "CREATE TABLE n PARTITION OF q FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
    "ALTER TABLE q ATTACH PARTITION qn FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "ALTER TABLE q DETACH PARTITION q1",
    "DROP TABLE q1",
    "CREATE INDEX n ON q (id)",
    "SELECT nextval('s')",
    "ALTER SEQUENCE s RESTART",
    "DROP SEQUENCE s"};

/// Each with the lock of another session that makes it wait, and so be seen.
const std::vector<std::pair<std::string, std::string>> alone{
    {"CREATE INDEX CONCURRENTLY n ON t (e)", "LOCK TABLE t IN ROW EXCLUSIVE MODE"},
    {"DROP INDEX CONCURRENTLY i", "LOCK TABLE t IN ROW EXCLUSIVE MODE"},
    {"REINDEX TABLE CONCURRENTLY t", "LOCK TABLE t IN ROW EXCLUSIVE MODE"},
    {"REINDEX INDEX CONCURRENTLY i", "LOCK TABLE t IN ROW EXCLUSIVE MODE"},
    {"VACUUM t", "LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE"},
    {"VACUUM FULL t", "LOCK TABLE t IN ROW EXCLUSIVE MODE"},
    {"ALTER TABLE q DETACH PARTITION q1 CONCURRENTLY",
     "LOCK TABLE q IN SHARE UPDATE EXCLUSIVE MODE"}};

struct Seen {
  std::map<std::string, std::string> modes;  // strongest by role of the relation
  bool scans = false, rewrites = false;
};

class Laboratory {
 public:
  Laboratory() {
    database_.sql(fixture);
    Tracer::install(target());
    read_names();
  }
  db::Target target() const { return db::Target::parse(database_.conninfo()); }

  Seen in_transaction(const std::string& statement);
  Seen alone(const std::string& statement, const std::string& hindrance);

 private:
  void read_names() {
    const db::Result found = observer().query(query("relations"), {std::string{"engine"}});
    for (std::size_t row = 0; row < found.size(); ++row)
      relations_[found.integer(row, "oid")] = found.text(row, "name");
  }
  db::Connection& observer() {
    if (!observer_) observer_ = std::make_unique<db::Connection>(db::Connection::open(target()));
    return *observer_;
  }
  /// Held and awaited; true once it waits.
  bool look(int pid, Seen& seen) {
    const db::Result rows = observer().query(query("locks"), {std::to_string(pid)});
    bool waits = false;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      waits = waits || rows.text(row, "what") == "waits";
      const auto relation = relations_.find(rows.integer(row, "relation"));
      if (relation == relations_.end() || !names.contains(relation->second)) continue;
      std::string& mode = seen.modes[names.at(relation->second)];
      if (strength(rows.text(row, "mode")) > strength(mode)) mode = rows.text(row, "mode");
    }
    return waits;
  }

  test::Database database_;
  std::unique_ptr<db::Connection> observer_;
  std::map<std::int64_t, std::string> relations_;
};

void listen(db::Connection& connection, Seen& seen) {
  connection.on_notice([&seen](const db::Notice& notice) {
    if (notice.message.starts_with("verifying table") ||
        notice.message.starts_with("validating foreign key") ||
        (notice.message.starts_with("building index \"") &&
         notice.message.find("pg_toast") == std::string::npos))
      seen.scans = true;
    if (notice.message.find("\"rewrite\"") != std::string::npos) seen.rewrites = true;
  });
}

Seen Laboratory::in_transaction(const std::string& statement) {
  Seen seen;
  db::Connection works = db::Connection::open(target());
  works.execute("SET client_min_messages = debug1");
  listen(works, seen);
  works.execute("BEGIN");
  works.execute(statement);
  look(works.backend_pid(), seen);
  works.execute("ROLLBACK");
  return seen;
}

Seen Laboratory::alone(const std::string& statement, const std::string& hindrance) {
  Seen seen;
  db::Connection holder = db::Connection::open(target());
  db::Connection works = db::Connection::open(target());
  holder.execute("BEGIN");
  holder.execute(hindrance);
  std::string problem;
  std::thread thread{[&] {
    try {
      works.execute(statement);
    } catch (const Error& error) {
      problem = error.message();
    }
  }};
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!look(works.backend_pid(), seen) && std::chrono::steady_clock::now() < patience)
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  holder.execute("ROLLBACK");
  thread.join();
  CHECK(problem == "");
  return seen;
}

/// Only what somebody could wait for; a statement that nobody waits for has one line with no lock.
void add_lines(const std::string& statement, const Seen& seen, std::string& lines) {
  std::string quoted;
  for (const char c : statement) quoted += c == '"' ? std::string{"\\\""} : std::string{c};
  bool any = false;
  for (const auto& [on, mode] : seen.modes) {
    if (blocked_by(mode).empty() && on != "table") continue;
    any = true;
    lines += "    {\"" + quoted + "\", \"" + on + "\", \"" + mode + "\", " +
             (seen.scans ? "true" : "false") + ", " + (seen.rewrites ? "true" : "false") + "},\n";
  }
  if (!any) lines += "    {\"" + quoted + "\", \"\", \"\", false, false},\n";
}

}  // namespace

TEST_CASE("the table of locks is what executing the statements shows") {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  std::string lines;
  {
    Laboratory laboratory;
    for (const std::string& statement : in_transaction) {
      INFO(statement);
      add_lines(statement, laboratory.in_transaction(statement), lines);
    }
  }
  for (const auto& [statement, hindrance] : alone) {
    INFO(statement);
    Laboratory laboratory;
    add_lines(statement, laboratory.alone(statement, hindrance), lines);
  }
  const std::string path = SOURCE_FOLDER "/engine/trace/lock_facts.gen.inc";
  if (update) file::write(path, lines);
  CHECK(file::read(path) == lines);
}

TEST_CASE("the page of locks is what the table says, and the table is long") {
  std::set<std::string> statements;
  for (const LockFact& fact : lock_facts()) statements.insert(fact.statement);
  CHECK(statements.size() >= 60);
  const std::string path = SOURCE_FOLDER "/docs/reference/locks.gen.md";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) file::write(path, locks_page());
  CHECK(file::read(path) == locks_page());
}
