#include "db/pipeline.h"

#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

namespace {

struct Bench {
  test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()));
  Pipeline pipeline{connection};
};

}  // namespace

TEST_CASE("a thousand statements are one round trip, answered in order") {
  Bench bench;
  for (int n = 0; n < 1000; ++n) bench.pipeline.add({"SELECT $1::int AS n", {std::to_string(n)}});
  const long before = bench.connection.round_trips();
  std::size_t next = 0;
  const auto answers = bench.pipeline.run([&](std::size_t index, const Answer& answer) {
    CHECK(index == next++);
    CHECK(answer.result.integer(0, "n") == static_cast<int>(index));
  });
  CHECK(answers.size() == 1000);
  CHECK(next == 1000);
  CHECK(bench.connection.round_trips() - before == 1);
  CHECK(bench.pipeline.size() == 0);
  CHECK(bench.connection.execute("SELECT 1").size() == 1);
}

TEST_CASE("the first error names its statement and ends the rest") {
  Bench bench;
  bench.connection.execute("CREATE TABLE t (n int PRIMARY KEY)");
  bench.pipeline.add({"BEGIN", {}});
  bench.pipeline.add({"INSERT INTO t VALUES (1)", {}});
  bench.pipeline.add({"INSERT INTO t VALUES (1)", {}});
  bench.pipeline.add({"INSERT INTO t VALUES (3)", {}});
  bench.pipeline.add({"COMMIT", {}});
  std::size_t answered = 0;
  const Error error =
      error_of([&] { bench.pipeline.run([&](std::size_t, const Answer&) { ++answered; }); });
  CHECK(error.sqlstate() == "23505");
  CHECK(error.constraint() == "t_pkey");
  CHECK(error.statement() == "INSERT INTO t VALUES (1)");
  CHECK(bench.pipeline.failed() == 2);
  CHECK(answered == 2);
  CHECK(bench.connection.status() == TransactionStatus::in_error);
  bench.connection.execute("ROLLBACK");
  CHECK(bench.connection.execute("SELECT count(*) AS n FROM t").integer(0, "n") == 0);
}

TEST_CASE("a deferred constraint fails the COMMIT of the flush") {
  Bench bench;
  bench.connection.execute("CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  for (const char* sql :
       {"BEGIN", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)", "COMMIT"}) {
    bench.pipeline.add({sql, {}});
  }
  CHECK(error_of([&] { bench.pipeline.run(); }).sqlstate() == "23505");
  CHECK(bench.pipeline.failed() == 3);
  CHECK(bench.connection.status() == TransactionStatus::idle);
}

TEST_CASE("a pipeline within a transaction of the connection's leaves it open") {
  Bench bench;
  bench.connection.execute("CREATE TABLE t (n int)");
  Transaction transaction{bench.connection};
  bench.pipeline.add({"INSERT INTO t VALUES (1)", {}});
  CHECK(bench.pipeline.run().front().result.affected() == 1);
  CHECK(bench.connection.status() == TransactionStatus::in_transaction);
  transaction.commit();
  CHECK(bench.database.value("SELECT count(*) FROM t") == "1");
}

TEST_CASE("large statements with large answers do not lock each other up") {
  Bench bench;
  const std::string large(300000, 'x');
  for (int n = 0; n < 60; ++n) bench.pipeline.add({"SELECT $1::text || $1 AS t", {large}});
  const auto answers = bench.pipeline.run();
  REQUIRE(answers.size() == 60);
  CHECK(answers.back().result.text(0, "t").size() == 2 * large.size());
}

TEST_CASE("each answer has its own time") {
  Bench bench;
  bench.pipeline.add({"SELECT pg_sleep(0.2)", {}});
  bench.pipeline.add({"SELECT 1", {}});
  bench.pipeline.add({"SELECT pg_sleep(0.2)", {}});
  const auto answers = bench.pipeline.run();
  using std::chrono::milliseconds;
  CHECK(answers[0].elapsed > milliseconds{150});
  CHECK(answers[1].elapsed < milliseconds{150});
  CHECK(answers[2].elapsed > milliseconds{150});
}

TEST_CASE("notices come with the statement that gave them") {
  Bench bench;
  std::vector<std::string> seen;
  bench.connection.on_notice([&](const Notice& notice) { seen.push_back(notice.message); });
  bench.pipeline.add({"DO $$ BEGIN RAISE NOTICE 'a'; END $$", {}});
  bench.pipeline.add({"DO $$ BEGIN RAISE NOTICE 'b'; END $$", {}});
  bench.pipeline.run(
      [&](std::size_t index, const Answer&) { seen.push_back(std::to_string(index)); });
  CHECK(seen == std::vector<std::string>{"a", "0", "b", "1"});
}

TEST_CASE("a listener that throws does not leave the session in pipeline mode") {
  Bench bench;
  bench.pipeline.add({"SELECT 1", {}});
  bench.pipeline.add({"SELECT 2", {}});
  CHECK_THROWS_AS(
      bench.pipeline.run([](std::size_t, const Answer&) { throw std::runtime_error("x"); }),
      std::runtime_error);
  CHECK(bench.connection.execute("SELECT 3").size() == 1);
  bench.pipeline.add({"SELECT 4", {}});
  CHECK(bench.pipeline.run().size() == 1);
}

TEST_CASE("an empty pipeline asks nothing") {
  Bench bench;
  const long before = bench.connection.round_trips();
  CHECK(bench.pipeline.run().empty());
  CHECK(bench.connection.round_trips() == before);
}

TEST_CASE("a COPY of a client in a pipeline ends the session instead of waiting for ever") {
  Bench bench;
  bench.connection.execute("CREATE TABLE t (n int)");
  bench.pipeline.add({"COPY t FROM STDIN", {}});
  bench.pipeline.add({"SELECT 1", {}});
  const Error error = error_of([&] { bench.pipeline.run(); });
  CHECK(error.code() == Code::connection_lost);
  CHECK_THAT(error.message(), ContainsSubstring("COPY"));
}
