#include "db/connection.h"

#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

namespace {

Connection open(const test::Database& database, const Settings& settings = {}) {
  return Connection::open(Target::parse(database.conninfo()), settings);
}

}  // namespace

TEST_CASE("a statement gives columns, rows, NULLs and its tag") {
  const test::Database database;
  Connection connection = open(database);
  const std::string sql = "SELECT $1::text AS a, $2::text AS b, 'x' || $1 AS c";
  const Result answer = connection.execute(sql, {"ä", std::nullopt});
  REQUIRE(answer.size() == 1);
  CHECK(answer.text(0, "a") == "ä");
  CHECK_FALSE(answer.at(0, "b").has_value());
  CHECK(answer.text(0, "c") == "xä");
  CHECK(answer.tag() == "SELECT 1");
  CHECK_FALSE(answer.affected().has_value());
  CHECK(answer.columns().at(0).type == 25);

  const Result same = connection.query(sql, {"ä", std::nullopt});
  CHECK(same.rows() == answer.rows());
  CHECK(same.columns().at(1).name == "b");
}

TEST_CASE("rows written are counted, rows read are not") {
  const test::Database database;
  Connection connection = open(database);
  CHECK(connection.execute("CREATE TABLE t AS SELECT generate_series(1, 7) AS n").affected() == 7);
  CHECK(connection.execute("UPDATE t SET n = n WHERE n > 4").affected() == 3);
  CHECK(connection.execute("DELETE FROM t WHERE n = 1 RETURNING n").affected() == 1);
  CHECK_FALSE(connection.execute("TABLE t").affected().has_value());
  CHECK_FALSE(connection.execute("DROP TABLE t").affected().has_value());
}

TEST_CASE("a session begins with the engine's settings, whatever the role's are") {
  const test::Database database;
  for (const char* setting :
       {"statement_timeout = '5s'", "timezone = 'Asia/Tokyo'", "intervalstyle = 'postgres_verbose'",
        "datestyle = 'German'", "standard_conforming_strings = off", "idle_session_timeout = '1h'",
        "idle_in_transaction_session_timeout = '1h'", "bytea_output = 'escape'"}) {
    database.sql("ALTER DATABASE " + database.name() + " SET " + setting);
  }
  Connection connection = open(database, {.application_name = "engine/7/1"});
  const auto setting = [&](const std::string& name) {
    return connection.query("SELECT pg_catalog.current_setting($1) AS value", {name})
        .text(0, "value");
  };
  CHECK(setting("statement_timeout") == "0");
  CHECK(setting("TimeZone") == "UTC");
  CHECK(setting("IntervalStyle") == "iso_8601");
  CHECK(setting("DateStyle").starts_with("ISO"));
  CHECK(setting("client_encoding") == "UTF8");
  CHECK(setting("bytea_output") == "hex");
  CHECK(setting("standard_conforming_strings") == "on");
  CHECK(setting("client_connection_check_interval") == "500ms");
  CHECK(setting("idle_in_transaction_session_timeout") == "0");
  CHECK(setting("idle_session_timeout") == "0");
  CHECK(setting("application_name") == "engine/7/1");
  CHECK(setting("default_transaction_read_only") == "off");
  CHECK(connection.server_version() >= 140000);
  CHECK(connection.parameter("server_encoding") == "UTF8");
  CHECK(connection.parameter("no_such_parameter") == "");
  CHECK_FALSE(connection.behind_pooler());
}

TEST_CASE("what a plan sets is undone by the restoring commands, and by nothing less") {
  const test::Database database;
  Connection connection = open(database);
  connection.execute("SET TimeZone = 'Asia/Tokyo'");
  connection.execute("SET client_connection_check_interval = 0");
  connection.execute("SET ROLE pg_monitor");
  for (const Command& command : connection.restoring()) connection.execute(command);
  const Result now = connection.query(
      "SELECT pg_catalog.current_setting('TimeZone') AS zone, current_user AS role,"
      " pg_catalog.current_setting('client_connection_check_interval') AS interval");
  CHECK(now.text(0, "zone") == "UTC");
  CHECK(now.text(0, "role") == "postgres");
  CHECK(now.text(0, "interval") == "500ms");
}

TEST_CASE("a read-only session refuses to write") {
  const test::Database database;
  Connection connection = open(database, {.read_only = true});
  CHECK(error_of([&] { connection.execute("CREATE TABLE t ()"); }).sqlstate() == "25006");
}

TEST_CASE("a session opened for writing keeps the role's read-only default") {
  const test::Database database;
  database.sql("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
  Connection connection = open(database);
  CHECK(error_of([&] { connection.execute("CREATE TABLE t ()"); }).sqlstate() == "25006");
}

TEST_CASE("an error keeps every field of the server's, on both ways") {
  const test::Database database;
  Connection connection = open(database);
  connection.execute("CREATE TABLE t (n int CONSTRAINT positive CHECK (n > 0))");

  const Error error = error_of([&] { connection.execute("INSERT INTO t VALUES (-1)"); });
  CHECK(error.code() == Code::sql);
  CHECK(error.message() == "new row for relation \"t\" violates check constraint \"positive\"");
  CHECK(error.sqlstate() == "23514");
  CHECK(error.constraint() == "positive");
  CHECK(error.detail() == "Failing row contains (-1).");
  CHECK(error.statement() == "INSERT INTO t VALUES (-1)");

  const Error same = error_of([&] { connection.query("INSERT INTO public.t VALUES (-1)"); });
  CHECK(same.code() == Code::sql);
  CHECK(same.message() == error.message());
  CHECK(same.sqlstate() == error.sqlstate());
  CHECK(same.constraint() == error.constraint());
  CHECK(same.detail() == error.detail());
}

TEST_CASE("an error points at a character of its statement") {
  const test::Database database;
  Connection connection = open(database);
  const Error error = error_of([&] { connection.execute("SELECT 'äö', nothing"); });
  CHECK(error.sqlstate() == "42703");
  CHECK(error.position() == 14);
  CHECK(error_of([&] { connection.query("SELECT 'äö',\n nothing"); }).message() ==
        "column \"nothing\" does not exist");
}

TEST_CASE("hint, detail and context of a function arrive, over several lines too") {
  const test::Database database;
  Connection connection = open(database);
  const std::string block =
      "DO $$ BEGIN RAISE EXCEPTION E'first\\nsecond' USING ERRCODE = '42501',"
      " DETAIL = E'd1\\nd2', HINT = 'try this'; END $$";
  for (const bool through_pqxx : {false, true}) {
    CAPTURE(through_pqxx);
    const Error error = error_of([&] {
      if (through_pqxx) {
        connection.query(block);
      } else {
        connection.execute(block);
      }
    });
    CHECK(error.message() == "first\nsecond");
    CHECK(error.sqlstate() == "42501");  // libpqxx itself forgets this one
    CHECK(error.detail() == "d1\nd2");
    CHECK(error.hint() == "try this");
    CHECK_THAT(error.context(), ContainsSubstring("inline_code_block line 1 at RAISE"));
  }
}

TEST_CASE("serialization failures and deadlocks keep their SQLSTATE through libpqxx") {
  const test::Database database;
  Connection connection = open(database);
  for (const std::string state : {"40001", "40P01", "55P03", "53100", "0A000", "08006"}) {
    const Error error = error_of([&] {
      connection.query("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '" + state +
                       "'; END $$");
    });
    CHECK(error.code() == Code::sql);
    CHECK(error.sqlstate() == state);
    CHECK(error.message() == "made up");
  }
  CHECK(connection.query("SELECT 1 AS n").integer(0, "n") == 1);
}

TEST_CASE("several statements, none and a NUL byte") {
  const test::Database database;
  Connection connection = open(database);
  CHECK(error_of([&] { connection.execute("SELECT 1; SELECT 2"); }).sqlstate() == "42601");
  CHECK(connection.execute("-- nothing").empty());
  CHECK(error_of([&] {
          connection.execute(std::string_view{"SELECT 1\0", 9});
        }).code() == Code::argument);
  CHECK_THAT(error_of([&] {
               connection.query("SELECT $1", {std::string{"a\0b", 3}});
             }).message(),
             ContainsSubstring("$1"));
  CHECK(connection.execute("SELECT 1").size() == 1);
}

TEST_CASE("a COPY that wants a client ends with an error, and the session goes on") {
  const test::Database database;
  Connection connection = open(database);
  connection.execute("CREATE TABLE t AS SELECT generate_series(1, 200000) AS n");
  CHECK(error_of([&] { connection.execute("COPY t FROM STDIN"); }).code() == Code::refused);
  CHECK(error_of([&] { connection.execute("COPY t TO STDOUT"); }).code() == Code::refused);
  CHECK(connection.execute("SELECT count(*) AS n FROM t").integer(0, "n") == 200000);
  CHECK(connection.status() == TransactionStatus::idle);
}

TEST_CASE("notices arrive in their order, whichever way the statement went") {
  const test::Database database;
  Connection connection = open(database);
  std::vector<Notice> seen;
  connection.on_notice([&](const Notice& notice) { seen.push_back(notice); });
  connection.execute(
      "DO $$ BEGIN RAISE NOTICE 'one' USING HINT = 'h', DETAIL = 'd'; RAISE WARNING 'two'; END $$");
  connection.query("DROP TABLE IF EXISTS nothing");
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].message == "one");
  CHECK(seen[0].severity == "NOTICE");
  CHECK(seen[0].hint == "h");
  CHECK(seen[0].detail == "d");
  CHECK(seen[1].severity == "WARNING");
  CHECK(seen[1].sqlstate == "01000");
  CHECK_THAT(seen[2].message, ContainsSubstring("nothing"));
}

TEST_CASE("notices arrive while their statement still runs") {
  const test::Database database;
  Connection connection = open(database);
  Connection observer = open(database);
  std::string state;
  connection.on_notice([&](const Notice&) {
    state = observer
                .query("SELECT state FROM pg_catalog.pg_stat_activity WHERE pid = $1",
                       {std::to_string(connection.backend_pid())})
                .text(0, "state");
  });
  connection.execute("DO $$ BEGIN RAISE NOTICE 'now'; PERFORM pg_sleep(0.3); END $$");
  CHECK(state == "active");
}

TEST_CASE("every statement is one round trip") {
  const test::Database database;
  Connection connection = open(database);
  const long before = connection.round_trips();
  connection.execute("SELECT 1");
  connection.query("SELECT 1");
  CHECK(connection.round_trips() - before == 2);
}

TEST_CASE("a literal is quoted so that any setting reads it back") {
  const test::Database database;
  Connection connection = open(database);
  for (const std::string value : {"", "plain", "it's", "back\\slash", "\\'", "ä\n"}) {
    const std::string quoted = Connection::quote_literal(value);
    CHECK(connection.execute("SELECT " + quoted + " AS v").text(0, "v") == value);
    connection.execute("SET standard_conforming_strings = off");
    CHECK(connection.execute("SELECT " + quoted + " AS v").text(0, "v") == value);
    connection.execute("SET standard_conforming_strings = on");
  }
  CHECK(error_of([] {
          Connection::quote_literal(std::string_view{"a\0", 2});
        }).code() == Code::argument);
}
