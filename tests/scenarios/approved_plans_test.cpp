// Every guide's plan, previewed on its target, approved, and run under that.
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("a preview of the target approves the run that follows, and the one after a rollback") {
  std::vector<std::string> plans{"esquisse_multisession", "director_sessions", "session_tracking",
                                 "conversation_personas"};
  if (server_is_at_least(15)) plans.push_back("assistant_platform");
  const Example example{GENERATE_REF(from_range(plans))};
  const auto engine = [&](const std::string& command, const Words& more = {}) {
    return run_engine(Words{command, example.plan} + example.unattended() + more,
                      {example.folder.path(), {}, std::chrono::seconds{300}});
  };
  const Picture before = example.picture();

  const Ended saved = engine("preview", {"-o", "saved.json", "--fail-on", "never"});
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  const Ended run = engine("run", {"--approved", "saved.json"});
  INFO(run.all());
  CHECK(run.status == 0);
  const Ended rollback = engine("rollback");
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
  const Ended again = engine("run", {"--approved", "saved.json"});
  INFO(again.all());
  CHECK(again.status == 0);
}
