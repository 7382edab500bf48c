// Steps that ran in one of preview and run, and not in the other; and one approval used again.
#include "approval/approving.h"
#include "support/catch.h"

using namespace test;

namespace {

/// "Work" runs where aside has rows; nothing of it would be measured.
const std::string conditional_plan = R"lua(
return plan "Conditional" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  step "Work" {
    when = function() return db.value "SELECT count(*) FROM aside" > 0, "nothing is aside" end,
    run = sql [[ CREATE TABLE work (id int) ]],
    rollback = sql [[ DROP TABLE work ]],
  },
}
)lua";

void check_refused(const Ended& ended, const std::string& why) {
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK_THAT(ended.all(), ContainsSubstring(why));
  CHECK_THAT(ended.all(), ContainsSubstring("engine preview plan.lua"));
}

}  // namespace

TEST_CASE("a step that was skipped when it was previewed does not run") {
  const Place place{conditional_plan};
  REQUIRE(place.save().status == 0);
  place.database.sql("INSERT INTO aside VALUES (1)");
  check_refused(place.run(), "step \"Work\" was skipped in the preview, but would run now");
  CHECK(place.database.value("SELECT to_regclass('work') IS NULL") == "t");
  // Neither does it where the condition is back to what it was not: the same command goes on.
  place.database.sql("DELETE FROM aside");
  CHECK(place.run().status == 0);
}

TEST_CASE("a step that ran when it was previewed is not skipped") {
  const Place place{conditional_plan};
  place.database.sql("INSERT INTO aside VALUES (1)");
  REQUIRE(place.save().status == 0);
  place.database.sql("DELETE FROM aside");
  check_refused(place.run(),
                "step \"Work\" ran in the preview, but would be skipped now: nothing is aside");
  CHECK(place.database.value("SELECT count(*) FROM engine.step WHERE step = 'Work'") == "0");
}

TEST_CASE("steps of an atomic plan are held to whether they ran, too") {
  std::string atomic = conditional_plan;
  atomic.replace(atomic.find("step \"Note\""), 0, "atomic = true,\n  ");
  const Place place{atomic};
  REQUIRE(place.save().status == 0);
  place.database.sql("INSERT INTO aside VALUES (1)");
  const Ended ran = place.run();
  INFO(ran.all());
  CHECK(ran.status == 5);
  CHECK_THAT(ran.all(), ContainsSubstring("was skipped in the preview"));
  CHECK(place.database.value("SELECT to_regclass('note') IS NULL") == "t");
  REQUIRE(place.save().status == 0);
  place.database.sql("DELETE FROM aside");
  const Ended skipped = place.run();
  INFO(skipped.all());
  CHECK(skipped.status == 5);
  CHECK_THAT(skipped.all(), ContainsSubstring("would be skipped now: nothing is aside"));
  CHECK(place.database.value("SELECT to_regclass('note') IS NULL") == "t");
}

TEST_CASE("a step behind one where the preview stopped has no approval") {
  const Place place{R"lua(
return plan "Waits" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  manual "Look" { id = "look" },
  step "Work" { run = sql [[ CREATE TABLE work (id int) ]], rollback = sql [[ DROP TABLE work ]] },
}
)lua"};
  const Ended saved = place.save({"--set", "look=later"});
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  check_refused(place.run({"--set", "look=done"}),
                "step \"Work\" did not run in the preview, but would run now");
  CHECK(place.database.value("SELECT to_regclass('work') IS NULL") == "t");
  // What is left is previewed and approved.
  const Ended left = place.save({"--set", "look=done"});
  INFO(left.all());
  REQUIRE(left.status == 0);
  CHECK(place.run().status == 0);
}

TEST_CASE("a manual step that was done when it was previewed is not skipped") {
  const Place place{R"lua(
return plan "By hand" {
  manual "Look" { id = "look" },
  step "Work" { run = sql [[ CREATE TABLE work (id int) ]], rollback = sql [[ DROP TABLE work ]] },
}
)lua"};
  REQUIRE(place.save({"--set", "look=done"}).status == 0);
  const Ended skipped = place.run({"--set", "look=skip"});
  INFO(skipped.all());
  CHECK(skipped.status == 5);
  CHECK_THAT(skipped.all(), ContainsSubstring("step \"look\" ran in the preview"));
  CHECK(place.run({"--set", "look=done"}).status == 0);
}

TEST_CASE("an approval holds again for a run after a rollback") {
  const Place place{helper_plan, with_helper};
  REQUIRE(place.save().status == 0);
  for (int again = 0; again < 2; ++again) {
    const Ended ran = place.run();
    INFO(ran.all());
    CHECK(ran.status == 0);
    CHECK_THAT(place.run().all(), ContainsSubstring("othing to do"));
    CHECK(place.engine("rollback", {"--yes"}).status == 0);
  }
  place.database.sql("UPDATE doings SET doing = 'DELETE FROM people'");
  check_refused(place.run(), "deletes 200 rows in public.people, where 0 were approved");
}

TEST_CASE("an approval of another database holds where its schema and its rows are the same") {
  const Place place{helper_plan, with_helper};
  REQUIRE(place.save().status == 0);
  const auto run_on = [&](const Database& other) {
    return run_engine(
        {"run", "plan.lua", "-d", other.conninfo(), "--yes", "--approved", "saved.json"},
        {place.folder.path(), {}, std::chrono::seconds{120}});
  };
  const Database copy{place.database.name()}, fuller{place.database.name()}, other;
  fuller.sql("INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 300) n");
  other.sql(before);
  const Ended refused = run_on(other);
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.all(), ContainsSubstring("function public.work() is gone"));
  CHECK(other.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  check_refused(run_on(fuller), "updates 500 rows in public.people, where 200 were approved");
  CHECK(run_on(copy).status == 0);
}

TEST_CASE("who is stopped by rows that were not on the shadow is told to take them along") {
  const Place place{R"lua(
return plan "Merge" {
  step "Merge" {
    run = sql [[ DELETE FROM people a USING people b WHERE a.name = b.name AND a.id > b.id ]],
    rollback = nothing,
  },
}
)lua",
                    before + R"(
CREATE TABLE audit (id int);
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO audit VALUES (OLD.id); RETURN OLD; END $$;
CREATE TRIGGER kept BEFORE DELETE ON people FOR EACH ROW EXECUTE FUNCTION kept();
INSERT INTO people (name) SELECT 'q' || n % 1900 FROM generate_series(1, 2000) n;
ANALYZE people;
)"};
  REQUIRE(place.save().status == 0);
  const Ended stopped = place.run();
  INFO(stopped.all());
  CHECK(stopped.status == 5);
  CHECK_THAT(stopped.all(), ContainsSubstring("locks public.audit in ROW EXCLUSIVE mode"));
  CHECK_THAT(stopped.all(), ContainsSubstring("The shadow had only some rows of public.people"));
  CHECK_THAT(stopped.all(), ContainsSubstring("--rows N"));
}
