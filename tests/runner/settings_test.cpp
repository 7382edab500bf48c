// What a plan sets in its session must not reach the engine's own statements.
#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

// Each breaks some statement of the journal's, or changes what it means, while it stands.
const std::vector<std::string> settings{
    "SET default_transaction_read_only = on",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET default_transaction_isolation = 'serializable'; SET default_transaction_deferrable = on; "
    "SET default_transaction_read_only = on",
    "SET session_replication_role = replica",
    "SET row_security = off",
    "SET search_path = pg_temp",
    "SET ROLE pg_monitor",
    "SET SESSION AUTHORIZATION pg_monitor",
    "SET standard_conforming_strings = off",
    "SET client_encoding = 'SQL_ASCII'",
    "SET transform_null_equals = on; SET quote_all_identifiers = on",
};

Step& outside(RunnerFixture& bench, const std::string& title, const std::string& sql) {
  Step& step = bench.step(title, sql);
  step.transaction = TransactionMode::none;
  return step;
}

}  // namespace

TEST_CASE("what a step outside a transaction sets does not reach the journal, nor the next step") {
  for (const std::string& setting : settings) {
    RunnerFixture bench;
    outside(bench, "one", setting + "; SELECT 1");
    bench.step("two", "CREATE TABLE t (n int)");
    const RunFinished finished = bench.run();
    INFO(setting << ": " << test::message_of(finished));
    CHECK(finished.exit == 0);
    CHECK(bench.journaled("one") == "done");
    CHECK(bench.journaled("two") == "done");
  }
}

TEST_CASE("a failure is journaled whatever its step outside a transaction had set") {
  for (const std::string& setting : settings) {
    RunnerFixture bench;
    bench.step("before", "SELECT 1");
    outside(bench, "one", setting + "; SELECT 1/0");
    const RunFinished finished = bench.run();
    INFO(setting << ": " << test::message_of(finished));
    CHECK(finished.exit == 3);
    CHECK(finished.error->sqlstate() == "22012");
    CHECK(finished.error->source().line == 20);
    CHECK(bench.journaled("one") == "intent");
    CHECK(bench.database.value("SELECT sqlstate FROM engine.attempt") == "22012");
    CHECK(bench.run_status() == "failed");
  }
}

TEST_CASE("a function's settings outside a transaction do not reach the journal either") {
  RunnerFixture bench;
  Step& step = bench.step("one", [&] {
    bench.exec("SET default_transaction_read_only = on");
    bench.exec("SELECT 1");
  });
  step.transaction = TransactionMode::none;
  bench.step("two", "CREATE TABLE t (n int)");
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
}

TEST_CASE("what a step in a transaction sets for later ones does not reach them") {
  for (const std::string& setting : settings) {
    RunnerFixture bench;
    bench.step("one", setting);
    bench.step("two", "CREATE TABLE t (n int)");
    const RunFinished finished = bench.run();
    INFO(setting << ": " << test::message_of(finished));
    CHECK(finished.exit == 0);
  }
}

TEST_CASE("defaults of the server that a step changes do not make the engine's transactions") {
  RunnerFixture bench;
  std::string seen;
  // RESET goes back to what the role has; a new session would begin with what the step has set.
  bench.database.sql("ALTER DATABASE " + bench.database.name() +
                     " SET default_transaction_isolation = 'serializable'");
  bench.step("one", [&] { seen = bench.query("SHOW transaction_isolation"); });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(seen == "read committed");
}
