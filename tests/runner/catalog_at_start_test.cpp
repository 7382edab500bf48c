// Of a plan with a check that compares with the run's start, the engine keeps what the catalog was.
#include <algorithm>

#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

/// What the session says the catalog was, asked in the second step, which fails until `mend`
/// exists.
struct Comparing : RunnerFixture {
  Comparing() {
    plan.compares_with_start = true;
    step("one", "CREATE TABLE made (n int)", "DROP TABLE made");
    step(
        "two", [this] { look(); }, "SELECT 1");
    plan.steps[1].verify = {test::titled(CheckKind::check, "look", [this] { look(); })};
    plan.steps[1].run.push_back(test::block("INSERT INTO mend VALUES (1)"));
  }

  void look() {
    const verify::CatalogHashes* start = session->catalog_at_start();
    seen.push_back(start == nullptr ? verify::CatalogHashes{} : *start);
  }

  std::vector<verify::CatalogHashes> seen;
};

std::string kept(const RunnerFixture& bench) {
  return bench.database.value("SELECT count(*) FROM engine.event WHERE event = 'catalog at start'");
}

}  // namespace

TEST_CASE("resumed, verified or rolled back, a run remembers the catalog of its first start") {
  Comparing bench;
  bench.database.sql("CREATE TABLE before (n int)");
  CHECK(bench.run().exit == 3);
  REQUIRE(bench.seen.size() == 1);
  const verify::CatalogHashes first = bench.seen.front();
  CHECK(first.contains("table public.before"));
  CHECK_FALSE(first.contains("table public.made"));
  CHECK(std::none_of(first.begin(), first.end(), [](const auto& object) {
    return object.first.find(" engine") != std::string::npos;
  }));

  bench.database.sql("CREATE TABLE mend (n int)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.verify().exit == 0);
  auto& undo = std::get<Undo>(bench.plan.steps[1].rollback);
  undo.verify = {test::bare([&] { bench.look(); })};
  CHECK(bench.rollback().exit == 0);
  CHECK(bench.seen.size() == 5);
  CHECK(std::all_of(bench.seen.begin(), bench.seen.end(),
                    [&](const verify::CatalogHashes& seen) { return seen == first; }));
  CHECK(kept(bench) == "1");
}

TEST_CASE("another run after a rollback begins with a catalog of its own") {
  Comparing bench;
  bench.database.sql("CREATE TABLE mend (n int)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.rollback().exit == 0);
  bench.database.sql("CREATE TABLE later (n int)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.seen.back().contains("table public.later"));
  CHECK(kept(bench) == "2");
}

TEST_CASE("a plan that does not compare pays nothing, and one that does three round trips") {
  RunnerFixture plain;
  plain.step("one", "SELECT 1");
  CHECK(plain.run().exit == 0);
  CHECK(kept(plain) == "0");
  CHECK(plain.session == nullptr);

  RunnerFixture comparing;
  comparing.step("one", "SELECT 1");
  comparing.plan.compares_with_start = true;
  CHECK(comparing.run().exit == 0);
  CHECK(comparing.round_trips == plain.round_trips + 3);
  CHECK(kept(comparing) == "1");
}

TEST_CASE("a run begun before the plan compared has nothing to compare with") {
  Comparing bench;
  bench.plan.compares_with_start = false;
  CHECK(bench.run().exit == 3);
  bench.plan.compares_with_start = true;
  bench.database.sql("CREATE TABLE mend (n int)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.seen.back().empty());
}

TEST_CASE("a run that a preview copied to its shadow compares with what is there") {
  Comparing bench;
  CHECK(bench.run().exit == 3);
  bench.database.sql(
      "CREATE TABLE mend (n int); INSERT INTO engine.event (run, step, event, data)"
      " SELECT run, '', event, '{}' FROM engine.event WHERE event = 'catalog at start'");
  CHECK(bench.run().exit == 0);
  CHECK(bench.seen.back().contains("table public.mend"));
  CHECK(bench.verify().exit == 0);
  CHECK(bench.seen.back().contains("table public.mend"));
}
