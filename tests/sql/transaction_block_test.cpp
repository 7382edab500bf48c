#include "db/connection.h"
#include "sql/statement.h"
#include "support/catch.h"
#include "support/database.h"

using namespace engine;

namespace {

const std::vector<std::string> alone{
    "CREATE INDEX CONCURRENTLY i2 ON t (a)",
    "CREATE UNIQUE INDEX CONCURRENTLY i3 ON t (a)",
    "DROP INDEX CONCURRENTLY i",
    "REINDEX INDEX CONCURRENTLY i",
    "REINDEX (CONCURRENTLY) TABLE t",
    "REINDEX DATABASE mine",
    "REINDEX SCHEMA public",
    "REINDEX SYSTEM mine",
    "VACUUM",
    "VACUUM FULL t",
    "CLUSTER",
    "ALTER SYSTEM SET work_mem = '4MB'",
    "CREATE DATABASE other",
    "DROP DATABASE other",
    "CREATE TABLESPACE s LOCATION '/nowhere'",
    "DROP TABLESPACE s",
    "ALTER DATABASE mine SET TABLESPACE s",
    "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p",
    "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
    "DISCARD ALL",
};

const std::vector<std::string> together{
    "CREATE INDEX i2 ON t (a)",
    "DROP INDEX i",
    "REINDEX INDEX i",
    "ANALYZE",
    "CLUSTER t USING i",
    "ALTER TABLE p DETACH PARTITION p1",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "ALTER TYPE mood ADD VALUE 'calm'",
    "DISCARD TEMP",
    "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)",
    "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (create_slot = false, enabled "
    "= false)",
};

// Only its parse tree tells; a server would first look for the subscription.
const std::vector<std::string> alone_by_text{
    "DROP SUBSCRIPTION s",
    "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
    "ALTER SUBSCRIPTION s SET PUBLICATION p",
};

bool refused_in_transaction(db::Connection& connection, const std::string& statement) {
  connection.execute("BEGIN");
  bool refused = false;
  try {
    connection.execute(statement);
  } catch (const Error& error) {
    refused = error.sqlstate() == "25001";
  }
  connection.execute("ROLLBACK");
  return refused;
}

}  // namespace

TEST_CASE("what may not run in a transaction is what the server refuses there") {
  const test::Database database;
  auto connection = db::Connection::open(db::Target::parse(database.conninfo()));
  for (const char* statement :
       {"CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)", "CREATE TYPE mood AS ENUM ('sad')",
        "CREATE TABLE p (a int) PARTITION BY LIST (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a", "CREATE UNIQUE INDEX mi ON m (a)"}) {
    connection.execute(statement);
  }
  const auto check = [&](const std::vector<std::string>& statements, bool may) {
    for (std::string statement : statements) {
      CAPTURE(statement);
      const auto pieces = sql::split(statement);
      REQUIRE(pieces.size() == 1);
      CHECK(pieces.front().known());
      CHECK(pieces.front().transaction_block == may);
      if (const auto mine = statement.find("mine"); mine != std::string::npos) {
        statement.replace(mine, 4, database.name());
      }
      CHECK(refused_in_transaction(connection, statement) == !may);
    }
  };
  check(alone, false);
  check(together, true);
}

TEST_CASE("subscriptions that speak to their publisher may not run in a transaction") {
  for (const std::string& statement : alone_by_text) {
    CAPTURE(statement);
    CHECK_FALSE(sql::split(statement).front().transaction_block);
  }
  CHECK(sql::split("ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)")
            .front()
            .transaction_block);
  CHECK(sql::split("ALTER SUBSCRIPTION s DISABLE").front().transaction_block);
}
