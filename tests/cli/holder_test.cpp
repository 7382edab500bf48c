#include <csignal>

#include "cli/workplace.h"
#include "support/catch.h"

using test::Program;
using test::Workplace;

namespace {

/// Runs until the slow statement is under way.
bool sleeps(const Workplace& place) {
  for (int tries = 0; tries < 500; ++tries) {
    if (place.database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                             "current_database() AND wait_event = 'PgSleep'") == "1") {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

}  // namespace

TEST_CASE("a second engine is told who works there, and leaves with 5") {
  const Workplace place{test::slow_step};
  Program first{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  const auto second = place.engine("run", {"--yes"});
  INFO(second.all());
  CHECK(second.status == 5);
  CHECK_THAT(second.err, ContainsSubstring("pid"));
  CHECK_THAT(place.status().out, ContainsSubstring("An engine works on it"));
  first.signal(SIGINT);
  CHECK(first.wait().status == 130);
}

TEST_CASE("an interrupted run says what stands") {
  const Workplace place{test::slow_step};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  program.signal(SIGTERM);
  const auto ended = program.wait();
  CHECK(ended.status == 130);
  CHECK_THAT(ended.err, ContainsSubstring("engine run plans/plan.lua"));
  CHECK(place.has_table("people"));
}

TEST_CASE("status ends the session of another run, which then says so") {
  const Workplace place{test::slow_step};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  const auto ended = place.status({"--end"});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.err, ContainsSubstring("Ended run"));
  program.signal(SIGINT);  // it would connect again and go on
  CHECK(program.wait().status != 0);
}

TEST_CASE("status cancels the statement of another run, which then fails") {
  const Workplace place{test::slow_step};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  CHECK_THAT(place.status({"--cancel"}).err, ContainsSubstring("Cancelled the statement"));
  const auto ended = program.wait();
  CHECK(ended.status == 3);
  CHECK_THAT(ended.err, ContainsSubstring("57014"));
}

TEST_CASE("status waits until a killed engine has left nothing behind") {
  const Workplace place{test::slow_step};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  program.signal(SIGKILL);
  const auto waited = place.status({"--wait"});
  INFO(waited.all());
  CHECK(waited.status == 0);
  CHECK(place.database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
                             "AND datname = current_database()") == "0");
  CHECK_THAT(place.status().out, ContainsSubstring("Its engine has gone"));
}
