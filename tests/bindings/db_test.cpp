#include "bindings/bindings_fixture.h"
#include "db/transaction.h"
#include "sql/statement.h"
#include "support/catch.h"

using engine::Code;
using engine::Error;
using test::BindingsFixture;

TEST_CASE("db.exec runs statements one by one and counts the rows they wrote") {
  BindingsFixture bench;
  CHECK(bench.run("return db.exec [[ CREATE TABLE t (a integer, b text); INSERT INTO t VALUES (1, "
                  "'x'), (2, 'y'); "
                  "UPDATE t SET b = 'z' WHERE a = 1; ]]") == "3");
  CHECK(bench.run("return db.exec \"CREATE INDEX ON t (a)\"") == "nil");
  CHECK(bench.run("return db.exec(\"INSERT INTO t VALUES ($1, $2)\", 3, null)") == "1");
  CHECK(bench.database.value("SELECT count(*) FROM t WHERE b IS NULL") == "1");
  REQUIRE(bench.session.statements.size() == 5);
  CHECK(bench.session.statements[1].tag == "INSERT 0 2");
  CHECK(bench.session.statements[1].rows == 2);
  CHECK(bench.session.statements[1].sql.starts_with("INSERT INTO t"));
}

TEST_CASE("values cross by their types, and a bigint that Lua cannot hold says so") {
  BindingsFixture bench;
  CHECK(bench.run("return type(db.value \"SELECT 12::bigint\")") == "number");
  CHECK(bench.run("return db.value \"SELECT true\"") == "true");
  CHECK(bench.run("return type(db.value \"SELECT 1.50::numeric\")") == "string");
  CHECK(bench.run("return db.value \"SELECT NULL::text\"") == "nil");
  CHECK(bench.run("return db.value(\"SELECT $1::jsonb ->> 'a'\", { a = \"deep\" })") == "deep");
  const Error error = bench.failure("return db.value \"SELECT 9007199254740993\"");
  CHECK(error.code() == Code::value);
  CHECK_THAT(error.hint(), ContainsSubstring("::text"));
}

TEST_CASE("rows are strict: a wrong column is an error that names the nearest") {
  BindingsFixture bench;
  CHECK(bench.run("local row = db.row \"SELECT 1 AS id, NULL AS title\" return row.id .. "
                  "tostring(row.title)") == "1nil");
  const Error error = bench.failure("return db.row(\"SELECT 1 AS title\").titl");
  CHECK(error.code() == Code::argument);
  CHECK_THAT(error.message(), ContainsSubstring("title"));
  CHECK(bench.run("return #db.query \"SELECT generate_series(1, 5)\"") == "5");
  CHECK(bench.run("return db.row \"SELECT 1 WHERE false\"") == "nil");
}

TEST_CASE("one row, one value, one statement: more is an error and not the first of them") {
  BindingsFixture bench;
  CHECK(bench.failure("db.row \"SELECT generate_series(1, 2)\"").code() == Code::value);
  CHECK(bench.failure("db.value \"SELECT generate_series(1, 2)\"").code() == Code::value);
  CHECK(bench.failure("db.value \"SELECT 1, 2\"").code() == Code::value);
  CHECK(bench.failure("db.value \"SELECT 1; SELECT 2\"").code() == Code::argument);
  CHECK(bench.failure("db.query \"\"").code() == Code::argument);
  CHECK(bench.failure("db.exec \" -- nothing \"").code() == Code::argument);
  CHECK(bench.failure("db.exec(\"SELECT $1; SELECT 2\", 1)").code() == Code::argument);
  CHECK_THAT(bench.failure("db.query \"CREATE TABLE t ()\"").hint(), ContainsSubstring("db.exec"));
}

TEST_CASE("an error of the server names the plan's line, the statement and its SQLSTATE") {
  BindingsFixture bench;
  const Error error = bench.failure("\n\ndb.exec \"SELECT 1; SELECT nothing FROM nowhere\"");
  CHECK(error.code() == Code::sql);
  CHECK(error.sqlstate() == "42P01");
  CHECK(error.statement() == "SELECT nothing FROM nowhere");
  CHECK(error.source().file == "plans/test.lua");
  CHECK(error.source().line == 3);
}

TEST_CASE("the line of an error counts within a text of several lines") {
  BindingsFixture bench;
  const Error plain =
      bench.failure("\n\ndb.exec [[\n SELECT 1;\n SELECT 1,\n nothing FROM pg_class ]]");
  CHECK(plain.sqlstate() == "42703");
  CHECK(plain.source().line == 6);
  const Error computed = bench.failure("\n\ndb.exec(\"SELECT 1;\\n\" .. \"SELECT nothing\")");
  CHECK(computed.sqlstate() == "42703");
  CHECK(computed.source().line == 3);
}

TEST_CASE("what may not stand in a plan is refused before the first statement is sent") {
  BindingsFixture bench;
  for (const char* refused : {"COMMIT", "BEGIN", "ROLLBACK TO x", "DISCARD ALL",
                              "SELECT pg_advisory_unlock_all()", "COPY t FROM STDIN"}) {
    CAPTURE(refused);
    const Error error =
        bench.failure(std::string{"db.exec \"CREATE TABLE made (); "} + refused + "\"");
    CHECK(error.code() == Code::argument);
    CHECK_FALSE(error.hint().empty());
  }
  CHECK(bench.database.value("SELECT to_regclass('made') IS NULL") == "t");
}

TEST_CASE(
    "what the grammar does not know is refused where the server is no newer than the grammar") {
  BindingsFixture bench;
  const bool newer = std::stoi(bench.database.value("SHOW server_version_num")) / 10000 >
                     engine::sql::grammar_version();
  CHECK(bench.failure("db.exec \"CREATE TABLE made (); CREATE TABEL x ()\"").sqlstate() == "42601");
  CHECK(bench.database.value("SELECT to_regclass('made') IS NULL") == (newer ? "f" : "t"));
}

TEST_CASE("a write where only reading is allowed is refused before it is sent") {
  BindingsFixture bench;
  bench.database.sql("CREATE TABLE t (a integer)");
  bench.session.now = engine::runner::Moment::when;
  bench.session.writable = false;
  const Error error = bench.failure("db.query \"INSERT INTO t VALUES (1) RETURNING a\"");
  CHECK(error.code() == Code::wrong_moment);
  CHECK(error.statement() == "INSERT INTO t VALUES (1) RETURNING a");
  CHECK(bench.failure("db.exec \"SELECT 1\"").code() == Code::wrong_moment);
  CHECK(bench.failure("db.value \"WITH d AS (DELETE FROM t RETURNING a) SELECT count(*) FROM d\"")
            .code() == Code::wrong_moment);
  CHECK(bench.run("return db.count \"t\"") == "0");
  CHECK(bench.session.statements.empty());
}

TEST_CASE("a statement that no transaction can hold says how to write its step") {
  BindingsFixture bench;
  bench.database.sql("CREATE TABLE t (a integer)");
  {
    engine::db::Transaction transaction{bench.session.connection()};
    CHECK_THAT(bench.failure("db.exec \"CREATE INDEX CONCURRENTLY i ON t (a)\"").hint(),
               ContainsSubstring("transaction = \"none\""));
  }
  CHECK(bench.run("return db.exec \"CREATE INDEX CONCURRENTLY i ON t (a)\"") == "nil");
}

TEST_CASE("db.count counts a table, also one with an odd name, and those that meet a condition") {
  BindingsFixture bench;
  bench.database.sql(
      R"(CREATE TABLE "Odd T" (a integer); INSERT INTO "Odd T" VALUES (1), (2), (3))");
  CHECK(bench.run("return db.count '\"Odd T\"'") == "3");
  CHECK(bench.run("return db.count('public.\"Odd T\"', 'a > $1 -- all but one', 1)") == "2");
  CHECK(bench.failure("db.count('\"Odd T\"', 'true; DROP TABLE x')").code() == Code::argument);
  CHECK(bench.failure("db.count 'no such table'").code() == Code::argument);
  const Error missing = bench.failure("\ndb.count 'nowhere'");
  CHECK(missing.sqlstate() == "42P01");
  CHECK(missing.source().line == 2);
}

TEST_CASE(
    "db.each gives every row, through a cursor in a transaction, until the function says stop") {
  BindingsFixture bench;
  const char* const sum = R"(
    local sum = 0
    local seen = db.each("SELECT n FROM generate_series(1, $1::int) n", 2500, function(row) sum = sum + row.n end)
    return seen .. ":" .. sum)";
  CHECK(bench.run(sum) == "2500:3126250");
  {
    engine::db::Transaction transaction{bench.session.connection()};
    CHECK(bench.run(sum) == "2500:3126250");
    CHECK(bench.run(R"(return db.each("SELECT n FROM generate_series(1, 5000) n",
      function(row) if row.n == 3 then return false end end))") == "3");
    CHECK(bench.run("return db.each(\"SELECT 1 WHERE false\", function() end)") == "0");
    CHECK(bench.run(
              "db.exec \"CREATE TABLE t (a integer)\" "
              "return db.each(\"INSERT INTO t VALUES (1), (2) RETURNING a\", function() end)") ==
          "2");
    CHECK(bench.session.connection()
              .query("SELECT count(*) AS open FROM pg_cursors WHERE name LIKE 'engine%'")
              .text(0, "open") == "0");
  }
  CHECK(bench.failure("db.each \"SELECT 1\"").code() == Code::argument);
}

TEST_CASE(
    "an error in the function of db.each ends the loop as it was raised, and closes the cursor") {
  BindingsFixture bench;
  engine::db::Transaction transaction{bench.session.connection()};
  CHECK(bench.run(R"(
    local mine = {}
    local ok, problem = pcall(db.each, "SELECT 1 AS n", function() error(mine) end)
    return not ok and problem == mine)") == "true");
  CHECK(bench.session.connection()
            .query("SELECT count(*) AS open FROM pg_cursors WHERE name LIKE 'engine%'")
            .text(0, "open") == "0");
  const Error error = bench.failure("\ndb.each(\"SELECT nothing\", function() end)");
  CHECK(error.sqlstate() == "42703");
  CHECK(error.source().line == 2);
}

TEST_CASE("db.savepoint undoes what failed and leaves a transaction that goes on") {
  BindingsFixture bench;
  engine::db::Transaction transaction{bench.session.connection()};
  CHECK(bench.run(R"lua(
    db.exec "CREATE TABLE t (a integer PRIMARY KEY)"
    local ok, problem = pcall(db.savepoint, function()
      db.exec "INSERT INTO t VALUES (1)"
      db.exec "INSERT INTO t VALUES (1)"
    end)
    db.savepoint(function() db.exec "INSERT INTO t VALUES (7)" end)
    return tostring(ok) .. problem.sqlstate .. db.value "SELECT string_agg(a::text, ',') FROM t")lua") ==
        "false235057");
  transaction.commit();
  CHECK(bench.database.value("SELECT count(*) FROM t") == "1");
  CHECK(bench.failure("db.savepoint(function() end)").code() == Code::wrong_moment);
}

TEST_CASE("while the plan is loading no primitive reaches a database") {
  BindingsFixture bench;
  bench.state->bind(nullptr);
  for (const char* call : {"db.exec 'SELECT 1'", "db.count 't'", "catalog.has_table 't'",
                           "note 'x'", "ask.confirm 'x'", "file.write('x', 'y')"}) {
    CAPTURE(call);
    CHECK(bench.failure(call).code() == Code::wrong_moment);
  }
}

TEST_CASE("a lost connection is told as such") {
  BindingsFixture bench;
  bench.database.sql("SELECT pg_terminate_backend(" +
                     std::to_string(bench.session.connection().backend_pid()) + ")");
  CHECK(bench.failure("db.value \"SELECT 1\"").code() == Code::connection_lost);
}
