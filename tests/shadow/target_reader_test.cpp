// What the target's own server says of a preview: its log, its statistics, its transaction ids.
#include <regex>

#include "base/file.h"
#include "preview/previewed.h"
#include "shadow/target_reader.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"
#include "support/server.h"

using namespace test;

namespace {

const std::string schema = R"(
CREATE ROLE reader_of_all;
CREATE TABLE customers (id serial PRIMARY KEY, name text, manager int REFERENCES customers);
INSERT INTO customers (name, manager) SELECT 'c' || n, NULLIF(n - 1, 0) FROM generate_series(1, 400) n;
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int NOT NULL REFERENCES customers);
INSERT INTO orders (customer) SELECT n FROM generate_series(1, 400) n;
CREATE MATERIALIZED VIEW totals AS SELECT customer, count(*) AS n FROM orders GROUP BY customer;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('customers_id_seq'); RETURN NEW; END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE orders ENABLE ALWAYS TRIGGER note;
)";

const std::string plan = R"lua(
return plan "Writes" {
  step "Change" {
    run      = sql [[ ALTER TABLE orders ADD COLUMN note text; UPDATE orders SET note = 'x'; INSERT INTO customers (name) VALUES ('new');
                      REFRESH MATERIALIZED VIEW totals; CREATE ROLE made_by_plan; ]],
    rollback = sql [[ DROP ROLE made_by_plan; DELETE FROM customers WHERE name = 'new'; ALTER TABLE orders DROP COLUMN note ]],
  },
}
)lua";

const std::string counters = R"(
SELECT (SELECT pg_snapshot_xmax(pg_current_snapshot())::text) || ' '
    || (SELECT string_agg(concat_ws(',', relname, n_tup_ins, n_tup_upd, n_tup_del), ' ' ORDER BY relname) FROM pg_stat_user_tables) || ' '
    || (SELECT concat_ws(',', tup_inserted, tup_updated, tup_deleted, deadlocks, temp_files) FROM pg_stat_database WHERE datname = current_database()) || ' '
    || (SELECT string_agg(concat_ws(',', sequencename, last_value), ' ' ORDER BY sequencename) FROM pg_sequences)
)";

/// Statements that the server logged for this database; what spans lines is put together.
std::vector<std::string> statements_of(const std::string& log, const std::string& database) {
  static const std::regex head{"^db=([^ ]*) LOG:  (?:statement|execute [^:]*): ?(.*)$"};
  std::vector<std::string> found;
  bool continues = false;
  for (const std::string& line : engine::text::lines(log)) {
    std::smatch match;
    if (line.starts_with("\t") && continues) {
      found.back() += " " + line.substr(1);
    } else if (std::regex_match(line, match, head) && match[1] == database) {
      found.push_back(match[2]);
      continues = true;
    } else {
      continues = false;
    }
  }
  return found;
}

std::string first_word(std::string statement) {
  statement = std::regex_replace(statement, std::regex{"--.*?(WITH|SELECT)"}, "$1");
  const auto from = statement.find_first_not_of(" \t");
  if (from == std::string::npos) return "";
  return statement.substr(from, statement.find_first_of(" (;", from) - from);
}

}  // namespace

TEST_CASE("a target gets nothing but reads, by its server's log, statistics and transaction ids") {
  const Server server;
  const Database database{"template0", server.socket()};
  database.sql(schema);
  database.sql("ALTER SYSTEM SET log_statement = 'all'");
  database.sql("ALTER SYSTEM SET log_line_prefix = 'db=%d '");
  database.sql("ALTER SYSTEM SET autovacuum = off");
  database.sql("SELECT pg_reload_conf()");
  // Counted by sessions when they end: nobody else is here, so they stand still soon.
  std::string before;
  for (std::string last = "none"; last != before; last = before) before = database.value(counters);

  Folder folder;
  folder.write("plan.lua", plan);
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo(), "--fail-on", "never", "--rows", "50"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(previewed.proof("rollback").at("ok") == true);
  CHECK(database.value(counters) == before);
  CHECK(database.value("SELECT to_regrole('made_by_plan') IS NULL") == "t");

  const std::set<std::string> reading{"SELECT", "WITH",    "BEGIN",     "START",   "SET",
                                      "SHOW",   "LOCK",    "SAVEPOINT", "RELEASE", "ROLLBACK",
                                      "COMMIT", "PREPARE", "EXECUTE"};
  const auto statements =
      statements_of(engine::file::read(server.socket() + "/log"), database.name());
  bool began_read_only = false, dumped_read_only = false, counted = false;
  for (const std::string& statement : statements) {
    INFO(statement);
    counted = counted || statement.find("n_tup_ins") != std::string::npos;
    if (!counted) continue;  // what this test made before
    CHECK(reading.contains(first_word(statement)));
    if (first_word(statement) == "LOCK")
      CHECK_THAT(statement, ContainsSubstring("IN ACCESS SHARE MODE"));
    began_read_only =
        began_read_only || statement.find("REPEATABLE READ READ ONLY") != std::string::npos;
    dumped_read_only =
        dumped_read_only || statement.find("REPEATABLE READ, READ ONLY") != std::string::npos;
  }
  CHECK(began_read_only);
  CHECK(dumped_read_only);
}

TEST_CASE("the session with the target refuses to write, and cannot be talked into it") {
  const Database database;
  database.sql("CREATE TABLE t (id serial PRIMARY KEY)");
  engine::shadow::TargetReader reader{engine::db::Target::parse(database.conninfo())};
  for (const char* statement :
       {"INSERT INTO public.t DEFAULT VALUES", "SELECT nextval('public.t_id_seq')",
        "CREATE TEMP TABLE x (id int)", "SET TRANSACTION READ WRITE", "DROP TABLE public.t"}) {
    INFO(statement);
    std::optional<engine::Error> refused;
    CHECK_FALSE(reader.attempt(statement, {}, refused).has_value());
    REQUIRE(refused);
    // Read only; or too late to change that.
    CHECK((refused->sqlstate() == "25006" || refused->sqlstate() == "25001"));
  }
  CHECK(reader.query("SHOW lock_timeout").at(0, 0) == "2s");
  CHECK(reader.query("SHOW transaction_isolation").at(0, 0) == "repeatable read");
}
