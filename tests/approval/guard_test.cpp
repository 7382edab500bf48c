// engine preview -o FILE, then engine run --approved FILE: what refuses the run.
#include "approval/approving.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("what was previewed and approved runs, and is told apart from any other run") {
  const Place place{column_plan};
  const Ended saved = place.save(given);
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  CHECK_THAT(saved.out, ContainsSubstring("--approved saved.json"));
  CHECK(place.saved().find("correct-horse") == std::string::npos);
  const Ended ran = place.run(given);
  INFO(ran.all());
  CHECK(ran.status == 0);
  CHECK(
      place.database.value("SELECT data ->> 'approval' FROM engine.event WHERE event = 'approved'")
          .size() == 64);
  CHECK(place.run(given).status == 0);  // nothing to do
}

TEST_CASE("each thing that is not as it was previewed refuses the run by name") {
  const Place place{column_plan};
  REQUIRE(place.save(given).status == 0);
  const auto refused = [&](const Ended& ended, const std::string& why) {
    INFO(ended.all());
    CHECK(ended.status == 5);
    CHECK_THAT(ended.all(), ContainsSubstring(why));
    CHECK_THAT(ended.all(), ContainsSubstring("engine preview plan.lua"));
    CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  };
  std::vector<std::string> other = given;
  other.insert(other.end(), {"--set", "label=blue"});
  refused(place.run(other), "input label is \"blue\" now, and was \"none\"");
  const Ended secret = place.run({"--set", "token=wrong-horse-battery"});
  refused(secret, "secret token differs from the one in the preview");
  CHECK(secret.all().find("horse") == std::string::npos);

  place.database.sql("ALTER TABLE people ADD COLUMN age int");
  refused(place.run(given), "table public.people was changed");
  place.database.sql(
      "ALTER TABLE people DROP COLUMN age; CREATE VIEW names AS SELECT name FROM people");
  refused(place.run(given), "view public.names is new");
  place.database.sql("DROP VIEW names; DROP TABLE aside");
  refused(place.run(given), "table public.aside is gone");
  place.database.sql("CREATE TABLE aside (id int); GRANT SELECT ON aside TO PUBLIC");
  refused(place.run(given), "table public.aside was changed");
  place.database.sql(
      "REVOKE SELECT ON aside FROM PUBLIC; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT "
      "1'");
  refused(place.run(given), "function public.f() is new");
  place.database.sql("DROP FUNCTION f()");

  std::string edited = column_plan;
  edited.replace(edited.find("ADD COLUMN label text"), 21, "ADD COLUMN label varchar");
  place.folder.write("plan.lua", edited);
  refused(place.run(given), "step \"Add\" was edited");
  edited = column_plan;
  edited.replace(edited.find("only in the rollback"), 20, "it is only a rollback");
  place.folder.write("plan.lua", edited);
  refused(place.run(given), "the plan was edited");
}

TEST_CASE("a file that approves nothing refuses the run and says what it is") {
  const Place place{column_plan};
  REQUIRE(place.save(given).status == 0);
  const std::string whole = place.saved();
  const auto refused = [&](const std::string& text, const std::string& why) {
    place.folder.write("saved.json", text);
    const Ended ended = place.run(given);
    INFO(ended.all());
    CHECK(ended.status == 5);
    CHECK_THAT(ended.all(), ContainsSubstring(why));
    CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  };
  refused(whole.substr(0, whole.size() / 2), "is not a saved preview, or is incomplete");
  refused("", "is not a saved preview, or is incomplete");
  refused("[1, 2]", "is not a saved preview");
  refused("{\"engine_preview\": 4}", "newer engine");
  refused("{\"engine_preview\": 2}", "older engine (format 2, but this one reads 3)");
  refused("{\"engine_preview\": 3}", "is an incomplete saved preview");
  refused(whole.substr(0, whole.size() - 2), "is not a saved preview, or is incomplete");
  std::string changed = whole;
  changed.replace(changed.find("\"verdict\": \"clean\""), 18, "\"verdict\": \"fine!\"");
  refused(changed, "was changed since it was saved");
  const Ended none = place.engine("run", {"--yes", "--approved", "nowhere.json"});
  CHECK(none.status != 0);
  CHECK_THAT(none.all(), ContainsSubstring("nowhere.json"));
}

TEST_CASE("a preview by another version of the engine approves nothing") {
  const Place place{column_plan};
  REQUIRE(place.save(given).status == 0);
  place.edit([](json& approval) { approval.at("engine") = "0.0.1"; });
  const Ended other = place.run(given);
  INFO(other.all());
  CHECK(other.status == 5);
  CHECK_THAT(other.all(),
             ContainsSubstring("engine 0.0.1 previewed the plan, but this is engine "));
  CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  // Nothing else was in the way.
  REQUIRE(place.save(given).status == 0);
  place.edit([](json&) {});
  CHECK(place.run(given).status == 0);
}

TEST_CASE("a preview of another plan, or one that was blocked, approves nothing") {
  const Place place{column_plan};
  REQUIRE(place.save(given).status == 0);
  place.folder.write("plan.lua",
                     "return plan \"Other\" { id = \"other\", step \"Add\" { run = sql [[ SELECT 1 "
                     "]], rollback = nothing } }");
  const Ended other = place.run();
  CHECK(other.status == 5);
  CHECK_THAT(other.all(), ContainsSubstring("saved.json is a preview of plan"));
  place.folder.write("plan.lua",
                     "return plan \"Column\" { step \"Add\" { run = sql [[ SELECT 1 / 0 ]], "
                     "rollback = nothing } }");
  CHECK(place.save().status == 8);
  const Ended blocked = place.run();
  INFO(blocked.all());
  CHECK(blocked.status == 5);
  CHECK_THAT(blocked.all(), ContainsSubstring("is a blocked preview, which approves nothing"));
}

TEST_CASE("a saved preview is written over, and nothing else is") {
  const Place place{column_plan};
  REQUIRE(place.save(given).status == 0);
  CHECK(place.save(given).status == 0);
  place.folder.write("saved.json", "{\"my\": \"data\"}");
  const Ended refused = place.save(given);
  CHECK(refused.status == 5);
  CHECK_THAT(refused.all(), ContainsSubstring("is not a saved preview"));
  CHECK(place.saved() == "{\"my\": \"data\"}");
  const Ended nowhere = place.engine("preview", {"-o", "no/such/folder.json"});
  CHECK(nowhere.status != 0);
  CHECK_THAT(nowhere.all(), ContainsSubstring("cannot be written: folder"));
}

TEST_CASE("the plan made of the guide is previewed from its fixture, approved and run") {
  const std::string examples = SOURCE_FOLDER "/examples/esquisse_multisession/";
  Folder folder;
  const auto engine = [&](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {SOURCE_FOLDER "/plans/esquisse_multisession.lua", "-d",
                                     "embedded", "--answers", examples + "answers.json"});
    return run_engine(words, {folder.path(), {}, std::chrono::seconds{180}});
  };
  const Ended saved = engine({"preview", "--from", examples + "before.sql", "-o", "saved.json"});
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  const Ended ran = engine({"run", "--yes", "--approved", "saved.json"});
  INFO(ran.all());
  CHECK(ran.status == 0);
  CHECK_THAT(engine({"run", "--yes", "--approved", "saved.json"}).all(),
             ContainsSubstring("othing to do"));
  run_engine({"db", "stop"}, {folder.path(), {}, std::chrono::seconds{60}});
}
