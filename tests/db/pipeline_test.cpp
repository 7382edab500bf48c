#include "db/pipeline.h"

#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

namespace {

struct Pipelined {
  test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()));
  Pipeline pipeline{connection};
};

}  // namespace

TEST_CASE("a thousand statements are one round trip, answered in order") {
  Pipelined bench;
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
  Pipelined bench;
  bench.connection.execute("CREATE TABLE t (n int PRIMARY KEY)");
  bench.pipeline.add({"BEGIN", {}, Lookup::session});
  bench.pipeline.add({"INSERT INTO t VALUES (1)", {}, Lookup::session});
  bench.pipeline.add({"INSERT INTO t VALUES (1)", {}, Lookup::session});
  bench.pipeline.add({"INSERT INTO t VALUES (3)", {}, Lookup::session});
  bench.pipeline.add({"COMMIT", {}, Lookup::session});
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
  Pipelined bench;
  bench.connection.execute("CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  for (const char* sql :
       {"BEGIN", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)", "COMMIT"}) {
    bench.pipeline.add({sql, {}, Lookup::session});
  }
  CHECK(error_of([&] { bench.pipeline.run(); }).sqlstate() == "23505");
  CHECK(bench.pipeline.failed() == 3);
  CHECK(bench.connection.status() == TransactionStatus::idle);
}

TEST_CASE("a pipeline within a transaction of the connection's leaves it open") {
  Pipelined bench;
  bench.connection.execute("CREATE TABLE t (n int)");
  Transaction transaction{bench.connection};
  bench.pipeline.add({"INSERT INTO t VALUES (1)", {}, Lookup::session});
  CHECK(bench.pipeline.run().front().result.affected() == 1);
  CHECK(bench.connection.status() == TransactionStatus::in_transaction);
  transaction.commit();
  CHECK(bench.database.value("SELECT count(*) FROM t") == "1");
}

TEST_CASE("large statements with large answers do not lock each other up") {
  Pipelined bench;
  const std::string large(300000, 'x');
  for (int n = 0; n < 60; ++n) bench.pipeline.add({"SELECT $1::text || $1 AS t", {large}});
  const auto answers = bench.pipeline.run();
  REQUIRE(answers.size() == 60);
  CHECK(answers.back().result.text(0, "t").size() == 2 * large.size());
}

TEST_CASE("each answer has its own time") {
  Pipelined bench;
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
  Pipelined bench;
  std::vector<std::string> seen;
  bench.connection.on_notice([&](const Notice& notice) { seen.push_back(notice.message); });
  bench.pipeline.add({"DO $$ BEGIN RAISE NOTICE 'a'; END $$", {}});
  bench.pipeline.add({"DO $$ BEGIN RAISE NOTICE 'b'; END $$", {}});
  bench.pipeline.run(
      [&](std::size_t index, const Answer&) { seen.push_back(std::to_string(index)); });
  CHECK(seen == std::vector<std::string>{"a", "0", "b", "1"});
}

TEST_CASE("a listener that throws does not leave the session in pipeline mode") {
  Pipelined bench;
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
  Pipelined bench;
  const long before = bench.connection.round_trips();
  CHECK(bench.pipeline.run().empty());
  CHECK(bench.connection.round_trips() == before);
}

TEST_CASE("a COPY of a client in a pipeline ends the session instead of waiting for ever") {
  Pipelined bench;
  bench.connection.execute("CREATE TABLE t (n int)");
  bench.pipeline.add({"COPY t FROM STDIN", {}, Lookup::session});
  bench.pipeline.add({"SELECT 1", {}});
  const Error error = error_of([&] { bench.pipeline.run(); });
  CHECK(error.code() == Code::connection_lost);
  CHECK_THAT(error.message(), ContainsSubstring("COPY"));
}

TEST_CASE("statements of the engine's own find nothing on the session's search_path") {
  Pipelined bench;
  bench.connection.execute(
      "CREATE FUNCTION caught(text, bigint) RETURNS text LANGUAGE sql AS $$ SELECT 'caught' $$");
  bench.connection.execute(
      "CREATE OPERATOR || (LEFTARG = text, RIGHTARG = bigint, FUNCTION = caught)");
  bench.connection.execute("CREATE TEMP TABLE text (n int)");
  const std::string sql = "SELECT 'a'::text || 7::bigint AS t";
  CHECK(bench.connection.query(sql).text(0, "t") == "a7");

  bench.connection.execute("BEGIN");
  bench.connection.execute("SET LOCAL search_path = public, pg_catalog");
  bench.pipeline.add({sql, {}});
  bench.pipeline.add({"SELECT 'a'::pg_catalog.text || 7::bigint AS t", {}, Lookup::session});
  bench.pipeline.add({sql, {}});
  const std::vector<Answer> answers = bench.pipeline.run();
  CHECK(answers[0].result.text(0, "t") == "a7");
  CHECK(answers[1].result.text(0, "t") == "caught");
  CHECK(answers[2].result.text(0, "t") == "a7");
  CHECK(bench.connection.execute("SHOW search_path").text(0, "search_path") ==
        "public, pg_catalog");
  bench.connection.rollback();
  CHECK(bench.connection.execute("SHOW search_path").text(0, "search_path") == "\"$user\", public");
}

TEST_CASE("the session's search_path stands after an error of the engine's own statement") {
  Pipelined bench;
  CHECK(error_of([&] { bench.connection.query("SELECT 1/0"); }).sqlstate() == "22012");
  CHECK(bench.connection.execute("SHOW search_path").text(0, "search_path") == "\"$user\", public");
  bench.connection.execute("BEGIN");
  bench.connection.execute("SET LOCAL search_path = public");
  bench.connection.execute("SAVEPOINT a");
  CHECK(error_of([&] { bench.connection.query("SELECT 1/0"); }).sqlstate() == "22012");
  bench.connection.execute("ROLLBACK TO SAVEPOINT a");
  CHECK(bench.connection.execute("SHOW search_path").text(0, "search_path") == "public");
}
