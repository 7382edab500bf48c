#include "cli/workplace.h"
#include "support/pgbouncer.h"

using test::Workplace;

namespace {

test::Ended run_behind(const test::PgBouncer& pooler, const Workplace& place) {
  return test::run_engine(
      {"run", "plans/plan.lua", "--yes", "-d",
       "host=" + pooler.folder() + " user=postgres dbname=" + place.database.name()},
      place.surroundings());
}

}  // namespace

TEST_CASE("a pooler that shares sessions is refused before anything is touched") {
  for (const char* mode : {"transaction", "statement"}) {
    const Workplace place{test::two_steps};
    const test::PgBouncer pooler{mode};
    const auto ended = run_behind(pooler, place);
    INFO(mode << ended.all());
    CHECK(ended.status == 5);
    CHECK_THAT(ended.err, ContainsSubstring("pooler"));
    CHECK_THAT(ended.err, ContainsSubstring("5432"));
    CHECK_FALSE(place.has_table("people"));
    CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  }
}

TEST_CASE("a pooler that keeps sessions is accepted with a warning") {
  const Workplace place{test::two_steps};
  const test::PgBouncer pooler{"session"};
  const auto ended = run_behind(pooler, place);
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.err, ContainsSubstring("warning"));
  CHECK(place.has_table("pets"));
}

// Whoever waits for a place is told to leave after three seconds.
TEST_CASE("a pooler of sessions with few places is accepted") {
  for (const char* places : {"1", "3"}) {
    const Workplace place{test::two_steps};
    const test::PgBouncer pooler{
        "session", std::string{"query_wait_timeout = 3\ndefault_pool_size = "} + places + "\n"};
    const auto ended = run_behind(pooler, place);
    INFO(places << " places: " << ended.all());
    CHECK(ended.status == 0);
    CHECK_THAT(ended.err, ContainsSubstring("it keeps the session"));
    CHECK(place.has_table("pets"));
  }
}

TEST_CASE("a pooler of transactions with few places is refused") {
  for (const char* places : {"1", "3"}) {
    const Workplace place{test::two_steps};
    const test::PgBouncer pooler{
        "transaction", std::string{"query_wait_timeout = 3\ndefault_pool_size = "} + places + "\n"};
    const auto ended = run_behind(pooler, place);
    INFO(places << " places: " << ended.all());
    CHECK(ended.status == 5);
    CHECK_THAT(ended.err, ContainsSubstring("or a pool in"));
    CHECK_FALSE(place.has_table("people"));
  }
}

TEST_CASE("a pooler that lets nobody else in is refused with its words") {
  const Workplace place{test::two_steps};
  const test::PgBouncer pooler{"session", "max_client_conn = 1\n"};
  const auto ended = run_behind(pooler, place);
  INFO(ended.all());
  CHECK(ended.status == 5);
  CHECK_THAT(ended.err, ContainsSubstring("find out whether it keeps one server session"));
  CHECK_THAT(ended.err, ContainsSubstring("no more connections allowed"));
  CHECK_FALSE(place.has_table("people"));
}
