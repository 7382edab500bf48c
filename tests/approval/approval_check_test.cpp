// What an approved run is held to while it goes on, and how it is resumed.
#include "approval/approving.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("a step that locks more than was approved is rolled back before it commits") {
  const Place place{helper_plan, with_helper};
  const Ended saved = place.save();
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  const auto stopped = [&](const std::string& doing, const std::string& why) {
    place.database.sql("UPDATE doings SET doing = $$" + doing + "$$");
    const Ended ended = place.run();
    INFO(ended.all());
    CHECK(ended.status == 3);  // the step before it stands
    CHECK_THAT(ended.all(), ContainsSubstring(why));
    CHECK_THAT(ended.all(), ContainsSubstring("Nothing of the step is in the database"));
    CHECK(place.database.value("SELECT count(*) FROM people WHERE name LIKE 'p%'") == "200");
    CHECK(place.database.value("SELECT status FROM engine.step WHERE step = 'Work'") == "");
  };
  stopped("LOCK TABLE people IN SHARE MODE",
          "step \"Work\" locks public.people in SHARE mode, where ROW EXCLUSIVE was approved");
  // The lock on a table that is gone by then is seen as well.
  stopped("DROP TABLE aside",
          "step \"Work\" locks public.aside in ACCESS EXCLUSIVE mode, which was not approved");
  stopped("ALTER TABLE aside RENAME TO beside",
          "step \"Work\" locks public.aside in ACCESS EXCLUSIVE");
  // A lock that was approved, and a weaker one, go on: the same command resumes the run.
  place.database.sql("UPDATE doings SET doing = 'UPDATE people SET name = upper(name)'");
  const Ended ended = place.run();
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(place.database.value("SELECT count(*) FROM people WHERE name LIKE 'P%'") == "200");
}

TEST_CASE("rows within the tolerance pass, and rows beyond it are rolled back") {
  const Place place{helper_plan, with_helper};
  REQUIRE(place.save().status == 0);
  place.database.sql("INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 300) n");
  const Ended more = place.run();
  INFO(more.all());
  CHECK(more.status == 3);
  CHECK_THAT(more.all(),
             ContainsSubstring(
                 "step \"Work\" updates 500 rows in public.people, where 200 were approved"));
  CHECK(place.database.value("SELECT count(*) FROM people WHERE name LIKE 'P%'") == "0");
  place.database.sql("UPDATE doings SET doing = 'DELETE FROM people'");
  CHECK_THAT(
      place.run().all(),
      ContainsSubstring("step \"Work\" deletes 500 rows in public.people, where 0 were approved"));
  place.database.sql(
      "UPDATE doings SET doing = 'UPDATE people SET name = upper(name)'; DELETE FROM people WHERE "
      "id > 215");
  CHECK(place.run().status == 0);
}

TEST_CASE("of a table that came along in part, what was not done at all is still held to") {
  const Place place{helper_plan, with_helper};
  REQUIRE(place.save({"--rows", "50"}).status == 0);
  place.database.sql("UPDATE doings SET doing = 'DELETE FROM people'");
  const Ended deleted = place.run();
  INFO(deleted.all());
  CHECK(deleted.status == 3);
  place.database.sql("UPDATE doings SET doing = 'UPDATE people SET name = upper(name)'");
  CHECK(place.run().status == 0);
}

TEST_CASE("a run that stopped half way is resumed under its approval, unless others changed more") {
  const Place place{helper_plan, with_helper};
  REQUIRE(place.save().status == 0);
  place.database.sql("UPDATE doings SET doing = 'SELECT 1 / 0'");
  const Ended failed = place.run();
  INFO(failed.all());
  REQUIRE(failed.status == 3);
  CHECK_THAT(failed.all(), ContainsSubstring("engine run plan.lua"));
  CHECK_THAT(failed.all(), ContainsSubstring("--approved saved.json"));
  place.database.sql(
      "UPDATE doings SET doing = 'UPDATE people SET name = upper(name)'; ALTER TABLE aside ADD "
      "COLUMN x int");
  const Ended changed = place.run();
  CHECK(changed.status == 5);
  CHECK_THAT(changed.all(), ContainsSubstring("table public.aside was changed"));
  place.database.sql("ALTER TABLE aside DROP COLUMN x");
  const Ended resumed = place.run();
  INFO(resumed.all());
  CHECK(resumed.status == 0);
}

TEST_CASE("a run that began without an approval is not resumed under one of the time before") {
  const Place place{helper_plan, with_helper};
  REQUIRE(place.save().status == 0);
  place.database.sql("UPDATE doings SET doing = 'SELECT 1 / 0'");
  REQUIRE(place.engine("run", {"--yes"}).status == 3);
  place.database.sql("UPDATE doings SET doing = 'UPDATE people SET name = upper(name)'");
  const Ended refused = place.run();
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.all(), ContainsSubstring("table public.note is new"));
  // What is left is previewed and approved.
  REQUIRE(place.save().status == 0);
  CHECK(place.run().status == 0);
}
