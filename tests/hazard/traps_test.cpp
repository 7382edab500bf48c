// How a preview that runs and rolls back on the target lies; this one does neither.
#include "db/connection.h"
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

std::string step(const std::string& title, const std::string& sql, const std::string& more = "") {
  return "step \"" + title + "\" { " + more + "run = sql [==[ " + sql +
         " ]==], rollback = nothing },\n";
}

Previewed preview_of(const Database& database, const std::string& steps) {
  Folder folder;
  folder.write("plan.lua", "return plan \"Traps\" {\n" + steps + "}\n");
  return preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
}

}  // namespace

TEST_CASE("sequences, notifications, locks and read-only mode of the target stay out of it") {
  const Database database;
  database.sql(
      "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x');"
      "CREATE SEQUENCE s; SELECT nextval('s')");
  // A transaction that is open on the target: an ALTER TABLE rehearsed there would wait for it.
  database.sql("CREATE TABLE told (n int)");
  const engine::db::Target target = engine::db::Target::parse(database.conninfo());
  engine::db::Connection busy = engine::db::Connection::open(target);
  busy.execute("BEGIN");
  busy.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE");
  const Previewed previewed = preview_of(
      database,
      step("sequence", "SELECT nextval('s'), nextval('s')") +
          step("temporary", "CREATE TEMP TABLE aside AS SELECT * FROM t") +
          step("read write",
               "SELECT set_config('transaction_read_only', 'off', true); INSERT INTO told VALUES "
               "(1)") +
          step("notify", "NOTIFY news, 'x'") + step("lock", "SELECT pg_advisory_lock(4711)") +
          step("alter", "ALTER TABLE t ADD b int") +
          step("condition", "INSERT INTO told VALUES (2)",
               "when = function() return db.value(\"SELECT count(*) FROM t\") > 1, \"one row\" "
               "end, ") +
          step("outside", "CREATE INDEX CONCURRENTLY i ON t (a)", "transaction = \"none\", "));
  INFO(previewed.ended.all());
  busy.execute("ROLLBACK");
  CHECK(previewed.events.back().at("counts").at("failed") == 0);
  CHECK(previewed.events.back().at("counts").at("skipped") == 1);
  CHECK(database.value("SELECT last_value FROM s") == "1");
  CHECK(database.value("SELECT count(*) FROM told") == "0");
  CHECK(database.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND "
                       "attname = 'b'") == "0");
  CHECK(database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                       "(SELECT oid FROM pg_database WHERE datname = current_database())") == "0");
  auto rules = previewed.rules();
  CHECK(rules["sequence"].contains("sequence.advanced"));
  CHECK(rules["notify"].contains("outside.notify"));
}

TEST_CASE(
    "a violation that shows at COMMIT alone, and a value too new to be used, fail the preview") {
  const Database database;
  database.sql(
      "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE m (v mood);"
      "CREATE TABLE p (id int PRIMARY KEY);"
      "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
  const Previewed deferred = preview_of(database, step("x", "INSERT INTO c VALUES (7)"));
  INFO(deferred.ended.all());
  CHECK(deferred.ended.status == 8);
  CHECK(deferred.events.back().at("error").at("sqlstate") == "23503");
  const Previewed fresh = preview_of(
      database, step("x", "ALTER TYPE mood ADD VALUE 'ok'; INSERT INTO m VALUES ('ok')"));
  CHECK(fresh.ended.status == 8);
  CHECK(fresh.events.back().at("error").at("sqlstate") == "55P04");
}

TEST_CASE("what would escape a transaction is refused before a shadow is made") {
  const Database database;
  database.sql("CREATE TABLE t (a int)");
  CHECK(
      preview_of(database, step("x", "INSERT INTO t VALUES (1); COMMIT; SELECT 1")).ended.status ==
      2);
  CHECK(preview_of(database, step("x", "CREATE INDEX CONCURRENTLY i ON t (a)")).ended.status == 2);
  CHECK(preview_of(database, step("x", "VACUUM t")).ended.status == 2);
  CHECK(preview_of(database, step("x", "SET TRANSACTION READ WRITE")).ended.status == 2);
  CHECK(database.value("SELECT count(*) FROM t") == "0");
}
