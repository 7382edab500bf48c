#include <utility>

#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("a traced run shows the session after each statement, told of just before") {
  RunnerFixture bench;
  std::vector<std::string> seen;
  std::size_t told = 0;
  bench.traced = [&](db::Connection& connection, const Traced& whose) {
    const auto statements = bench.told<StatementDone>();
    if (statements.size() == std::exchange(told, statements.size())) return;
    seen.push_back(whose.step + ": " + statements.back().sql + ": " +
                   connection.execute("SELECT count(*) FROM t").text(0, "count"));
  };
  bench.step("two", "CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)", "DROP TABLE t");
  Step& outside = bench.step("outside", "CREATE INDEX CONCURRENTLY ON t (n)", "SELECT 1");
  outside.transaction = TransactionMode::none;
  CHECK(bench.run().exit == 0);
  CHECK(seen == std::vector<std::string>{"two: CREATE TABLE t (n int): 0",
                                         "two: INSERT INTO t VALUES (1), (2): 2",
                                         "outside: CREATE INDEX CONCURRENTLY ON t (n): 2"});
}

TEST_CASE("an error of a traced statement keeps its line and its statement") {
  RunnerFixture bench;
  std::size_t seen = 0;
  bench.traced = [&](db::Connection&, const Traced&) { seen = bench.told<StatementDone>().size(); };
  bench.step("fails", "CREATE TABLE t (n int);\nINSERT INTO t VALUES (1 / 0);\nSELECT 1");
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  REQUIRE(finished.error);
  CHECK(finished.error->statement() == "INSERT INTO t VALUES (1 / 0)");
  CHECK(seen == 1);
}
