#include "cli/workplace.h"
#include "support/catch.h"

using test::Workplace;

namespace {

const std::string checked = R"lua(
return plan "Checked" {
  step "Make people" {
    run    = sql [[ CREATE TABLE people (id int) ]],
    verify = { check "Nobody yet" { function()
      expect.query "SELECT * FROM people" :has_no_rows() :named "none #1"
      expect.table "people" :has_column "id"
    end } },
    rollback = sql [[ DROP TABLE people ]],
  },
}
)lua";

}  // namespace

TEST_CASE("verify --tap prints a test point for each check, and keeps the exit status") {
  const Workplace place{checked};
  REQUIRE(place.engine("run", {"--yes"}).status == 0);
  const test::Ended held = place.engine("verify", {"--tap"});
  CHECK(held.status == 0);
  CHECK(held.out ==
        "TAP version 14\n"
        "ok 1 - Make people: Nobody yet: none \\#1\n"
        "ok 2 - Make people: Nobody yet: table people exists\n"
        "ok 3 - Make people: Nobody yet: table people has column id\n"
        "1..3\n");
  place.database.sql("INSERT INTO people VALUES (1)");
  const test::Ended failed = place.engine("verify", {"--tap"});
  CHECK(failed.status == 4);
  CHECK_THAT(failed.out, ContainsSubstring("\nnot ok 1 - Make people: Nobody yet: none \\#1\n"
                                           "  ---\n  expected: \"0 rows\"\n  actual: \"1 row"));
  CHECK_THAT(failed.out, ContainsSubstring("  at: \"plans/plan.lua:6\"\n"));
  CHECK_THAT(failed.out, ContainsSubstring("\n1..3\n"));
}

TEST_CASE("verify --tap bails out where nothing can be checked") {
  const Workplace place{checked};
  const test::Ended undone = place.engine("verify", {"--tap"});
  CHECK(undone.status == 5);
  CHECK_THAT(undone.out, ContainsSubstring("TAP version 14\nBail out! no step of plan "));
  const Workplace broken{"return plan \"X\" { step \"A\" { run = bakup } }"};
  const test::Ended invalid = broken.engine("verify", {"--tap"});
  CHECK(invalid.status == 2);
  CHECK(invalid.out.starts_with("TAP version 14\nBail out! "));
  CHECK(place.engine("verify", {"--tap", "--json"}).status == 2);
}
