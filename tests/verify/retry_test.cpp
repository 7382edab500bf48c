#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"
#include "verify/query.h"
#include "verify/rows.h"
#include "verify/subject.h"

using namespace engine;

// A lock that is held says nothing about the rows: the runner tries the step again.
TEST_CASE("a lock that is held is no failed check, unless it was expected") {
  const test::Database database;
  database.sql("CREATE TABLE t (id integer)");
  auto holder = db::Connection::open(db::Target::parse(database.conninfo()));
  auto connection = db::Connection::open(db::Target::parse(database.conninfo()));
  const auto subject = verify::Subject::read(connection, verify::Noun::table, {"", "t"});
  const db::Transaction holding{holder};
  holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
  const db::Transaction transaction{connection};
  connection.execute("SET LOCAL lock_timeout = '20ms'");

  CHECK(test::error_of([&] {
          has_rows(connection, subject, verify::Count::exactly(0), "");
        }).sqlstate() == "55P03");
  verify::Query reading{"SELECT * FROM t", {}};
  CHECK(test::error_of([&] {
          reading.has_rows(connection, verify::Count::exactly(0));
        }).sqlstate() == "55P03");
  verify::Query expected{"SELECT * FROM t", {}};
  CHECK(expected.fails(connection, "55P03").ok);
  CHECK(connection.status() == db::TransactionStatus::in_transaction);
}

TEST_CASE("a relation is read once a subject, whatever is asked of it") {
  const test::Database database;
  database.sql("CREATE TABLE t (id integer)");
  auto connection = db::Connection::open(db::Target::parse(database.conninfo()));
  const long before = connection.round_trips();
  const auto subject = verify::Subject::read(connection, verify::Noun::table, {"", "t"});
  CHECK(exists(subject).ok);
  CHECK(connection.round_trips() - before == 1);
}
