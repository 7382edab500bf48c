// Every guide's plan on the database that its fixture makes: there, and back.
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

// The assistant platform needs security_invoker.
std::vector<std::string> plans() {
  std::vector<std::string> all{"esquisse_multisession", "director_sessions", "session_tracking",
                               "conversation_personas"};
  if (server_is_at_least(15)) all.push_back("assistant_platform");
  return all;
}

std::string each_plan() { return GENERATE(from_range(plans())); }

}  // namespace

TEST_CASE("a second run does nothing, and a rollback brings back schema, access and rows") {
  const Example example{each_plan()};
  const Picture before = example.picture();

  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  const Picture migrated = example.picture();
  CHECK_FALSE(changes(before, migrated).empty());

  const Ended again = example.run();
  CHECK(again.status == 0);
  CHECK(has(again.out, "Nothing to do"));
  CHECK(changes(migrated, example.picture()) == Words{});

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, example.picture()) == Words{});

  const Ended rollback_again = example.rollback();
  INFO(rollback_again.all());
  CHECK(rollback_again.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a run after a rollback is a run like the first, and so is its rollback") {
  const Example example{each_plan()};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  const Picture migrated = example.picture();
  REQUIRE(example.rollback().status == 0);

  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK(changes(migrated, example.picture()) == Words{});
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("the checks of a finished run hold, and change nothing") {
  const Example example{each_plan()};
  REQUIRE(example.run().status == 0);
  const Picture migrated = example.picture();
  const Ended verify = example.command("verify", example.target());
  INFO(verify.all());
  CHECK(verify.status == 0);
  CHECK_FALSE(has(verify.out, "Nothing to do"));
  CHECK(changes(migrated, example.picture()) == Words{});
}
