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
