#include "db/transaction.h"

#include "db/cursor.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

namespace {

struct Transactions {
  Transactions() {
    connection.execute("CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  }

  std::string rows() const {
    return database.value("SELECT string_agg(n::text, ',' ORDER BY n) FROM t");
  }
  void add(int n) { connection.execute("INSERT INTO t VALUES ($1)", {std::to_string(n)}); }

  test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()));
};

}  // namespace

TEST_CASE("a transaction left without commit leaves nothing") {
  Transactions bench;
  {
    const Transaction transaction{bench.connection};
    bench.add(1);
  }
  CHECK(bench.connection.status() == TransactionStatus::idle);
  CHECK(bench.rows() == "");
  Transaction transaction{bench.connection};
  bench.add(2);
  transaction.commit();
  CHECK(bench.rows() == "2");
}

TEST_CASE("a commit after a swallowed error throws, and nothing is committed") {
  Transactions bench;
  {
    Transaction transaction{bench.connection};
    bench.add(1);
    error_of([&] { bench.connection.execute("SELECT nothing"); });
    CHECK(error_of([&] { transaction.commit(); }).sqlstate() == "25P02");
  }
  CHECK(bench.connection.status() == TransactionStatus::idle);
  CHECK(bench.rows() == "");
}

TEST_CASE("a deferred constraint fails the commit with its own error") {
  Transactions bench;
  {
    Transaction transaction{bench.connection};
    bench.add(1);
    bench.add(1);
    CHECK(error_of([&] { transaction.commit(); }).sqlstate() == "23505");
  }
  CHECK(bench.connection.status() == TransactionStatus::idle);
  CHECK(bench.rows() == "");
}

TEST_CASE("a transaction within a transaction is a mistake of the engine's") {
  Transactions bench;
  const Transaction transaction{bench.connection};
  CHECK(error_of([&] { const Transaction inner{bench.connection}; }).code() == Code::internal);
}

TEST_CASE("a read-only transaction reads only") {
  Transactions bench;
  const Transaction transaction{bench.connection, Access::read_only};
  CHECK(bench.connection.execute("SELECT count(*) AS n FROM t").integer(0, "n") == 0);
  CHECK(error_of([&] { bench.add(1); }).sqlstate() == "25006");
}

TEST_CASE("savepoints nest; what is not released is undone, an error included") {
  Transactions bench;
  Transaction transaction{bench.connection};
  bench.add(1);
  {
    Savepoint outer{bench.connection};
    bench.add(2);
    {
      const Savepoint inner{bench.connection};
      bench.add(3);
      error_of([&] { bench.connection.execute("SELECT nothing"); });
    }
    CHECK(bench.connection.status() == TransactionStatus::in_transaction);
    bench.add(4);
    outer.release();
  }
  {
    const Savepoint undone{bench.connection};
    bench.add(5);
  }
  transaction.commit();
  CHECK(bench.rows() == "1,2,4");
}

TEST_CASE("leaving a savepoint is one round trip") {
  Transactions bench;
  const Transaction transaction{bench.connection};
  long before = 0;
  {
    const Savepoint savepoint{bench.connection};
    before = bench.connection.round_trips();
  }
  CHECK(bench.connection.round_trips() - before == 1);
}

TEST_CASE("a cursor gives all rows in portions") {
  Transactions bench;
  const Transaction transaction{bench.connection};
  Cursor cursor{bench.connection, "SELECT n FROM generate_series(1, $1::int) AS n", {"25"}};
  std::vector<std::size_t> sizes;
  for (Result portion = cursor.fetch(10); !portion.empty(); portion = cursor.fetch(10)) {
    sizes.push_back(portion.size());
  }
  CHECK(sizes == std::vector<std::size_t>{10, 10, 5});
}

TEST_CASE("an error of a cursor's query points into the query") {
  Transactions bench;
  {
    const Transaction transaction{bench.connection};
    const Error error = error_of([&] { const Cursor cursor{bench.connection, "SELECT nothing"}; });
    CHECK(error.position() == 8);
    CHECK(error.statement() == "SELECT nothing");
  }
  CHECK(error_of([&] { const Cursor cursor{bench.connection, "SELECT 1"}; }).sqlstate() == "25P01");
}
