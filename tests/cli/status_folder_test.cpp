// engine status FOLDER: what of it is applied, pending, edited, unknown on the target.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"

using nlohmann::json;
using test::Workplace;

namespace {

std::string plan(const std::string& title, const std::string& sql = "SELECT 1") {
  return "return plan \"" + title + "\" {\n  step \"First\" { run = sql [[ " + sql +
         " ]], rollback = nothing },\n  step \"Second\" { run = sql [[ SELECT '" + title +
         "' ]], rollback = nothing },\n}\n";
}

test::Ended run(const Workplace& place, const std::string& path) {
  return test::run_engine({"run", path, "-d", place.database.conninfo(), "--yes"},
                          place.surroundings());
}

std::map<std::string, json> states(const Workplace& place) {
  std::map<std::string, json> found;
  for (const std::string& line : engine::text::lines(place.status({"plans/", "--json"}).out)) {
    json object = json::parse(line);
    const std::string key = object[object["path"] == "" ? "plan" : "path"];
    found[key] = std::move(object);
  }
  return found;
}

}  // namespace

TEST_CASE("a folder's plans are told with what the target's journal knows of them") {
  const Workplace place{plan("Plan")};
  place.folder.write("plans/10_last.lua", plan("Last"));
  place.folder.write("plans/9_first.lua", plan("First"));
  place.folder.write("plans/helper.lua", "return { name = \"x\" }");
  place.folder.write("plans/gone.lua", plan("Gone"));
  place.folder.write("plans/partly.lua", plan("Partly", "CREATE TABLE p ()"));

  auto found = states(place);
  CHECK(found.size() == 5);
  CHECK(found["plans/plan.lua"]["state"] == "pending");
  CHECK(place.status({"plans/"}).status == 9);  // no journal yet

  CHECK(run(place, "plans/plan.lua").status == 0);
  CHECK(run(place, "plans/9_first.lua").status == 0);
  CHECK(run(place, "plans/gone.lua").status == 0);
  std::filesystem::remove(place.folder.file("plans/gone.lua"));
  CHECK(place.status({"plans/"}).status == 9);

  found = states(place);
  CHECK(found["plans/plan.lua"]["state"] == "applied");
  CHECK(found["plans/plan.lua"]["pending"] == 0);
  CHECK(found["plans/10_last.lua"]["state"] == "pending");
  CHECK(found["plans/10_last.lua"]["pending"] == 2);
  CHECK(found["gone"]["state"] == "unknown");

  const auto plain = place.status({"plans/"});
  INFO(plain.all());
  CHECK(plain.out.find("9_first") < plain.out.find("10_last"));
  CHECK_THAT(plain.out, ContainsSubstring("not in the folder"));
  CHECK_THAT(plain.out, ContainsSubstring("2 of 2"));
  CHECK_THAT(plain.out, ContainsSubstring("Next: engine run plans/10_last.lua -d"));
  CHECK_THAT(plain.out, !ContainsSubstring("helper"));

  place.folder.write("plans/partly.lua",
                     "return plan \"Partly\" {\n  step \"First\" { run = sql [[ CREATE TABLE p () "
                     "]], rollback = nothing },\n  step \"Bad\" { run = sql [[ SELECT 1/0 ]], "
                     "rollback = nothing } }\n");
  CHECK(run(place, "plans/partly.lua").status == 3);
  found = states(place);
  CHECK(found["plans/partly.lua"]["state"] == "partly");
  CHECK(found["plans/partly.lua"]["pending"] == 1);
  CHECK(place.status({"plans/"}).status == 3);

  place.folder.write("plans/plan.lua", plan("Plan", "SELECT 3"));
  found = states(place);
  CHECK(found["plans/plan.lua"]["state"] == "edited");
  CHECK(found["plans/plan.lua"]["edited"] == json::array({"First: edited"}));

  place.folder.write("plans/broken.lua", "return plan \"Broken\" { step }");
  found = states(place);
  CHECK(found["plans/broken.lua"]["state"] == "broken");
  CHECK(found["plans/broken.lua"]["error"]["code"] == "plan_invalid");
  CHECK(found["plans/9_first.lua"]["state"] == "applied");
  CHECK(place.status({"plans/"}).status == 2);
  CHECK_THAT(place.status({"plans/"}).out, ContainsSubstring("plans/broken.lua does not load"));
}

TEST_CASE("status of a folder ends with 0 when all is applied, and knows a rollback") {
  const Workplace place{plan("Plan")};
  CHECK(run(place, "plans/plan.lua").status == 0);
  CHECK(place.status({"plans"}).status == 0);
  CHECK(place.engine("rollback", {"--yes"}).status == 0);
  CHECK(states(place)["plans/plan.lua"]["state"] == "rolled_back");
  CHECK(place.status({"plans"}).status == 9);
}

TEST_CASE("a renamed file is known by its steps, whether the plan says its id or not") {
  const Workplace place{plan("Plan")};
  CHECK(run(place, "plans/plan.lua").status == 0);
  std::filesystem::rename(place.folder.file("plans/plan.lua"),
                          place.folder.file("plans/renamed.lua"));
  auto found = states(place);
  CHECK(found.size() == 1);
  CHECK(found["plans/renamed.lua"]["state"] == "renamed");
  CHECK(found["plans/renamed.lua"]["renamed_from"] == "plan");
  const auto plain = place.status({"plans"});
  CHECK(plain.status == 5);
  CHECK_THAT(plain.out, ContainsSubstring("renamed from plan"));
  CHECK_THAT(plain.out, ContainsSubstring("Write id = \"plan\" into it"));

  std::string text = plan("Plan");
  text.insert(text.find('{') + 1, "\n  id = \"plan\",");
  place.folder.write("plans/renamed.lua", text);
  found = states(place);
  CHECK(found["plans/renamed.lua"]["state"] == "applied");
  CHECK(place.status({"plans"}).status == 0);
}

TEST_CASE("two plans of one id are told, and a folder without plans is a slip") {
  const Workplace place{plan("Plan")};
  std::string text = plan("Other");
  text.insert(text.find('{') + 1, "\n  id = \"plan\",");
  place.folder.write("plans/same.lua", text);
  const auto same = place.status({"plans"});
  CHECK(same.status == 2);
  CHECK_THAT(same.out, ContainsSubstring("its id plan is also the id of plans/plan.lua"));
  place.folder.write("empty/notes.txt", "nothing");
  const auto empty = place.status({"empty"});
  CHECK(empty.status == 2);
  CHECK_THAT(empty.err, ContainsSubstring("there is no plan in empty"));
}
