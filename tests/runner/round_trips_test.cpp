#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {
constexpr long of_a_run = 12;
constexpr long of_a_step = 3;
}  // namespace

TEST_CASE("200 steps of one statement cost at most 3 round trips each, and 12 besides") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  for (int i = 0; i < 200; ++i)
    bench.step("step " + std::to_string(i), "INSERT INTO t VALUES (" + std::to_string(i) + ")");
  CHECK(bench.run().exit == 0);
  INFO(bench.round_trips << " round trips");
  CHECK(bench.round_trips <= 200 * of_a_step + of_a_run);
  CHECK(bench.count("t") == "200");
}

TEST_CASE("a step of 1,000 statements costs 3 round trips") {
  RunnerFixture bench;
  std::string sql = "CREATE TABLE t (n int);";
  for (int i = 1; i < 1000; ++i) sql += "INSERT INTO t VALUES (" + std::to_string(i) + ");\n";
  bench.step("one", sql);
  CHECK(bench.run().exit == 0);
  INFO(bench.round_trips << " round trips");
  CHECK(bench.round_trips <= of_a_step + of_a_run);
  CHECK(bench.count("t") == "999");
}

TEST_CASE("when, verification and a check cost what they ask, and no more than the 3") {
  RunnerFixture bench;
  bench.step("plain", "SELECT 1");
  bench.run();
  const long plain = bench.round_trips;

  RunnerFixture other;
  other.step("plain", "SELECT 1");
  Step& step = other.step("all", "CREATE TABLE t (n int); INSERT INTO t VALUES (1)");
  step.when = [&] { return Condition{other.query("SELECT 1") == "1", ""}; };
  step.verify = {
      test::bare([&] { other.expect("SELECT count(*) FROM t", "1"); }),
      test::titled(CheckKind::check, "again", [&] { other.expect("SELECT n FROM t", "1"); })};
  constexpr long asked_by_step = 3;
  other.check("holds", [&] { other.expect("SELECT n FROM t", "1"); });
  constexpr long asked_by_check = 1;
  constexpr long to_read_only = 1;  // from what may write to a check, which may not
  CHECK(other.run().exit == 0);
  INFO(plain << " and " << other.round_trips);
  CHECK(other.round_trips <=
        plain + of_a_step + asked_by_step + to_read_only + of_a_step + asked_by_check);
}

TEST_CASE("a finished plan says so in few round trips") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  bench.run();
  CHECK(bench.run().status == Ending::nothing_to_do);
  CHECK(bench.round_trips <= of_a_run);
}
