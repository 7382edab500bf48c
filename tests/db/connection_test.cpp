#include "db/connection.h"

#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"

using namespace engine;
using namespace engine::db;

namespace {

Connection open(const test::Database& database) {
  return Connection::open(Target::parse(database.conninfo()));
}

// The error that an action raises; the test fails where it raises none.
template <typename Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was raised");
  return {Code::internal, ""};
}

}  // namespace

TEST_CASE("a statement gives columns, rows, NULLs and its tag") {
  const test::Database database;
  Connection connection = open(database);
  const Result answer = connection.execute("SELECT $1::text AS a, $2::text AS b, 'x' || $1 AS c",
                                           {"ä", std::nullopt});
  REQUIRE(answer.size() == 1);
  CHECK(answer.text(0, "a") == "ä");
  CHECK_FALSE(answer.at(0, "b").has_value());
  CHECK(answer.text(0, "c") == "xä");
  CHECK(answer.tag() == "SELECT 1");
  CHECK_FALSE(answer.affected().has_value());
  CHECK(answer.columns().at(0).type == 25);

  const Result same =
      connection.query("SELECT $1::text AS a, $2::text AS b, 'x' || $1 AS c", {"ä", std::nullopt});
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

TEST_CASE("an error keeps every field of the server's") {
  const test::Database database;
  Connection connection = open(database);
  connection.execute("CREATE TABLE t (n int CONSTRAINT positive CHECK (n > 0))");

  const Error error = error_of([&] { connection.execute("INSERT INTO t VALUES (-1)"); });
  CHECK(error.code() == Code::sql);
  CHECK(error.sqlstate() == "23514");
  CHECK(error.constraint() == "positive");
  CHECK(error.detail() == "Failing row contains (-1).");
  CHECK(error.statement() == "INSERT INTO t VALUES (-1)");

  const Error same = error_of([&] { connection.query("INSERT INTO t VALUES (-1)"); });
  CHECK(same.sqlstate() == error.sqlstate());
  CHECK(same.message() == error.message());
  CHECK(same.constraint() == error.constraint());
  CHECK(same.detail() == error.detail());
}
