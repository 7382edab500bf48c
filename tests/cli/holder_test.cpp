#include <csignal>

#include "cli/workplace.h"
#include "support/catch.h"
#include "support/role.h"

using test::Program;
using test::Workplace;

namespace {

/// Runs until the slow statement is under way.
bool sleeps(const Workplace& place) {
  for (int tries = 0; tries < 500; ++tries) {
    if (place.database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                             "current_database() AND wait_event = 'PgSleep'"
                             " AND query LIKE '%pg_sleep(60)%'") == "1") {
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
  CHECK_THAT(place.status().out, ContainsSubstring("An engine works on this run"));
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

TEST_CASE("status ends another run, whose engine then says by whom and stops") {
  const Workplace place{test::slow_step};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  const auto ender = place.status({"--end"});
  INFO(ender.all());
  CHECK(ender.status == 0);
  CHECK_THAT(ender.err, ContainsSubstring("Ended run"));
  CHECK_THAT(ender.err, !ContainsSubstring("warning"));
  const auto ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK_THAT(ended.err, ContainsSubstring("was ended by postgres on"));
  CHECK_THAT(ended.err, ContainsSubstring("engine run plans/plan.lua"));
  CHECK_THAT(ended.err, ContainsSubstring("engine rollback plans/plan.lua"));
  CHECK_THAT(ended.err, !ContainsSubstring("does not know whether"));
  const auto status = place.status();
  CHECK_THAT(status.out, ContainsSubstring("stopped"));
  CHECK_THAT(status.out, ContainsSubstring("`engine run PLAN` resumes it"));
  CHECK(place.database.value("SELECT string_agg(step || ' ' || status, ', ') FROM engine.step") ==
        "Make people done");
}

TEST_CASE("status ends a rollback, which the next one goes on with") {
  const Workplace place{test::slow_rollback};
  REQUIRE(place.engine("run", {"--yes"}).status == 0);
  Program program{place.words("rollback", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  CHECK(place.status({"--end"}).status == 0);
  const auto ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK_THAT(ended.err, ContainsSubstring("was ended by"));
  CHECK_THAT(ended.err, ContainsSubstring("engine rollback plans/plan.lua"));
  CHECK(place.has_table("people"));
  place.database.sql("INSERT INTO hurry VALUES (1)");
  CHECK(place.engine("rollback", {"--yes"}).status == 0);
}

TEST_CASE("status ends the session that a killed engine left behind") {
  const Workplace place{test::slow_orphan};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(sleeps(place));
  program.signal(SIGKILL);
  program.wait();
  const auto ender = place.status({"--end"});
  INFO(ender.all());
  CHECK(ender.status == 0);
  CHECK_THAT(ender.err, ContainsSubstring("Ended run"));
  CHECK_THAT(ender.out, ContainsSubstring("Its engine no longer runs"));
  CHECK_FALSE(place.has_table("people"));
  place.database.sql("CREATE TABLE hurry ()");
  CHECK(place.engine("run", {"--yes"}).status == 0);
}

TEST_CASE("who cannot write the journal ends the session alone, and is told what that means") {
  const Workplace place{test::slow_step};
  const test::Role engineer{place.database, "LOGIN", "engineer"};
  const test::Role watchman{place.database, "LOGIN IN ROLE pg_signal_backend", "watchman"};
  place.database.sql("GRANT CREATE ON DATABASE " + place.database.name() + " TO " +
                     engineer.name() + "; GRANT CREATE ON SCHEMA public TO " + engineer.name());
  Program program{
      {"run", "plans/plan.lua", "--yes", "-d", place.database.conninfo(engineer.name())},
      place.surroundings()};
  REQUIRE(sleeps(place));
  place.database.sql("GRANT USAGE ON SCHEMA engine TO " + watchman.name() +
                     "; GRANT SELECT ON ALL TABLES IN SCHEMA engine TO " + watchman.name());
  const auto ender = test::run_engine(
      {"status", "-d", place.database.conninfo(watchman.name()), "--end"}, place.surroundings());
  INFO(ender.all());
  CHECK(ender.status == 0);
  CHECK_THAT(ender.err, ContainsSubstring("the journal cannot record this"));
  CHECK_THAT(ender.err, ContainsSubstring("Ended run"));
  const auto ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK_THAT(ended.err, ContainsSubstring("pg_terminate_backend"));
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
  CHECK_THAT(place.status().out, ContainsSubstring("Its engine no longer runs"));
}
