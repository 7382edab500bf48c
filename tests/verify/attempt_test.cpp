#include "verify/attempt.h"

#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using verify::attempt;
using verify::Keep;

namespace {

db::Connection connect_to(const test::Database& database) {
  return db::Connection::open(db::Target::parse(database.conninfo()));
}

}  // namespace

TEST_CASE("a refused statement leaves the transaction as it was") {
  const test::Database database;
  auto connection = connect_to(database);
  db::Transaction transaction{connection};
  connection.execute("CREATE TABLE t (id integer PRIMARY KEY)");
  const auto made = attempt(connection, Keep::changes,
                            {{"INSERT INTO t VALUES (1) RETURNING id", {}, db::Lookup::session}});
  REQUIRE_FALSE(made.error);
  CHECK(made.results.front().size() == 1);
  const auto refused = attempt(connection, Keep::changes,
                               {{"INSERT INTO t VALUES (2)", {}, db::Lookup::session},
                                {"INSERT INTO t VALUES ($1)", {"1"}, db::Lookup::session}});
  REQUIRE(refused.error);
  CHECK(refused.error->sqlstate() == "23505");
  CHECK(refused.results.empty());
  CHECK_FALSE(
      attempt(connection, Keep::nothing, {{"INSERT INTO t VALUES (3)", {}, db::Lookup::session}})
          .error);
  transaction.commit();
  CHECK(database.value("SELECT string_agg(id::text, ' ') FROM t") == "1");
}

TEST_CASE("what succeeds costs one round trip, what is refused two") {
  const test::Database database;
  auto connection = connect_to(database);
  db::Transaction transaction{connection};
  const long before = connection.round_trips();
  attempt(connection, Keep::nothing,
          {{"SELECT 1", {}, db::Lookup::session}, {"SELECT 2", {}, db::Lookup::session}});
  CHECK(connection.round_trips() - before == 1);
  attempt(connection, Keep::nothing, {{"SELECT 1 / 0", {}, db::Lookup::session}});
  CHECK(connection.round_trips() - before == 3);
}

TEST_CASE("outside a transaction nothing stays that was not to stay") {
  const test::Database database;
  auto connection = connect_to(database);
  attempt(connection, Keep::changes, {{"CREATE TABLE kept ()", {}, db::Lookup::session}});
  attempt(connection, Keep::nothing, {{"CREATE TABLE tried ()", {}, db::Lookup::session}});
  CHECK(attempt(connection, Keep::nothing, {{"SELECT 1 / 0", {}, db::Lookup::session}}).error);
  CHECK(connection.status() == db::TransactionStatus::idle);
  CHECK(database.value("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = "
                       "'public'::regnamespace") == "kept");
}

TEST_CASE("a transaction that had failed before is not ended") {
  const test::Database database;
  auto connection = connect_to(database);
  db::Transaction transaction{connection};
  test::error_of([&] { connection.execute("SELECT 1 / 0"); });
  const auto tried = attempt(connection, Keep::nothing, {{"SELECT 1", {}, db::Lookup::session}});
  REQUIRE(tried.error);
  CHECK(tried.error->sqlstate() == "25P02");
  CHECK(connection.status() == db::TransactionStatus::in_error);
}

TEST_CASE("a lost connection is no finding") {
  const test::Database database;
  auto connection = connect_to(database);
  db::Transaction transaction{connection};
  const auto error = test::error_of([&] {
    attempt(connection, Keep::nothing,
            {{"SELECT pg_terminate_backend(pg_backend_pid())", {}, db::Lookup::session},
             {"SELECT 1", {}, db::Lookup::session}});
  });
  CHECK(error.code() == Code::connection_lost);
}
