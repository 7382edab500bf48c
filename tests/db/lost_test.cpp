// What happens when the session is gone: every call says so, and none brings up another.
#include "db/connection.h"
#include "db/pipeline.h"
#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

namespace {

Connection open(const test::Database& database) {
  return Connection::open(Target::parse(database.conninfo()));
}

// Returns when the backend has gone.
void end_backend(const test::Database& database, const Connection& connection) {
  database.sql("SELECT pg_catalog.pg_terminate_backend(" +
               std::to_string(connection.backend_pid()) + ", 5000)");
}

}  // namespace

TEST_CASE("a session ended while idle says why, and never comes back") {
  const test::Database database;
  Connection connection = open(database);
  connection.query("SELECT pg_catalog.pg_advisory_lock(7)");
  end_backend(database, connection);
  for (int attempt = 0; attempt < 4; ++attempt) {
    const Error error = error_of([&] { connection.query("SELECT 1"); });
    CHECK(error.code() == Code::connection_lost);
    CHECK(error.sqlstate() == "57P01");
    CHECK_THAT(error.message(),
               ContainsSubstring("terminating connection due to administrator command"));
    CHECK(error_of([&] { connection.execute("SELECT 1"); }).code() == Code::connection_lost);
  }
  CHECK(connection.status() == TransactionStatus::unknown);
  CHECK(database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                       " AND pid <> pg_backend_pid()") == "0");
}

TEST_CASE("a session ended within a statement is lost, whichever way the statement went") {
  const test::Database database;
  const std::string suicide = "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())";
  Connection one = open(database);
  Connection other = open(database);
  const Error executed = error_of([&] { one.execute(suicide); });
  const Error queried = error_of([&] { other.query(suicide); });
  CHECK(executed.code() == Code::connection_lost);
  CHECK(executed.sqlstate() == "57P01");
  CHECK(queried.code() == Code::connection_lost);
  CHECK(error_of([&] { one.execute("SELECT 1"); }).code() == Code::connection_lost);
  CHECK(error_of([&] { other.query("SELECT 1"); }).code() == Code::connection_lost);
}

TEST_CASE("a commit on a lost session is no success") {
  const test::Database database;
  database.sql("CREATE TABLE t ()");
  Connection connection = open(database);
  {
    Transaction transaction{connection};
    connection.execute("INSERT INTO t DEFAULT VALUES");
    end_backend(database, connection);
    CHECK(error_of([&] { transaction.commit(); }).code() == Code::connection_lost);
  }
  CHECK(database.value("SELECT count(*) FROM t") == "0");
}

TEST_CASE("a pipeline on a lost session, and one that loses it, say so") {
  const test::Database database;
  Connection connection = open(database);
  Pipeline pipeline{connection};
  pipeline.add({"SELECT 1", {}});
  pipeline.add({"SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())", {}});
  pipeline.add({"SELECT 3", {}});
  CHECK(error_of([&] { pipeline.run(); }).code() == Code::connection_lost);
  CHECK(pipeline.failed() == 1);
  pipeline.add({"SELECT 1", {}});
  CHECK(error_of([&] { pipeline.run(); }).code() == Code::connection_lost);
}

TEST_CASE("scopes end quietly on a lost session") {
  const test::Database database;
  Connection connection = open(database);
  {
    const Transaction transaction{connection};
    const Savepoint savepoint{connection};
    end_backend(database, connection);
  }
  CHECK(error_of([&] { connection.execute("SELECT 1"); }).code() == Code::connection_lost);
}

TEST_CASE("an error of a foreign server's connection does not end this one") {
  const test::Database database;
  Connection connection = open(database);
  const Error error = error_of([&] {
    connection.execute(
        "DO $$ BEGIN RAISE EXCEPTION 'could not connect' USING ERRCODE = '08001'; END $$");
  });
  CHECK(error.code() == Code::sql);
  CHECK(connection.execute("SELECT 1").size() == 1);
}
