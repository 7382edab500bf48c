// What ends with 8, and `run --dry-run`, which is the same command by another name.
#include "preview/previewed.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string fixture = R"(
CREATE TABLE people (id int PRIMARY KEY, name text);
INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 20000) n;
)";

std::string plan_of(const std::string& run, const std::string& rollback) {
  return "return plan \"Exit\" {\n  step \"Only\" { run = sql [[ " + run +
         " ]], rollback = " + rollback + " },\n}\n";
}

const std::string blocking_index =
    plan_of("CREATE INDEX people_name ON people (name)", "sql [[ DROP INDEX people_name ]]");

}  // namespace

TEST_CASE("a finding ends with 8 from the severity of --fail-on on") {
  // As long as the index blocks writes it is a danger or a warning; never less.
  const Previewed never = preview(blocking_index, fixture, {"--fail-on", "never"});
  INFO(never.ended.all());
  REQUIRE(never.rules()["Only"].contains("index.create-blocking"));
  CHECK(never.ended.status == 0);
  CHECK(never.verdict() == "attention");
  const Previewed warning = preview(blocking_index, fixture, {"--fail-on", "warning"});
  CHECK(warning.ended.status == 8);
  CHECK(warning.verdict() == "blocked");
  CHECK(warning.events.back().at("status") == "blocked");
  CHECK(warning.events.back().at("exit") == 8);
}

TEST_CASE(
    "a plan that fails, and a rollback that does not restore, end with 8 whatever --fail-on") {
  const Previewed fails = preview(plan_of("ALTER TABLE nobody ADD COLUMN x int", "nothing"),
                                  fixture, {"--fail-on", "never"});
  INFO(fails.ended.all());
  CHECK(fails.ended.status == 8);
  CHECK(fails.events.back().at("error").at("sqlstate") == "42P01");
  const Previewed lost = preview(plan_of("ALTER TABLE people ADD COLUMN x int", "nothing"), fixture,
                                 {"--fail-on", "never"});
  CHECK(lost.ended.status == 8);
  CHECK(lost.proof("rollback").at("ok") == false);
}

TEST_CASE("the command to type next has the flags and answers that were typed, but no secret") {
  const std::string plan = R"lua(return plan "Next" {
  inputs = { tables = { type = "text", ask = "Which table?" }, key = { type = "secret", ask = "The key?" } },
  step "Only" {
    run = function() db.exec("ALTER TABLE " .. input.tables .. " ADD COLUMN x int") end,
    rollback = function() db.exec("ALTER TABLE " .. input.tables .. " DROP COLUMN x") end,
  },
})lua";
  const auto next = [&](const std::string& table) {
    const Previewed previewed =
        preview(plan, fixture,
                {"--rows", "5", "--no-data", "--fail-on", "danger", "--set", "tables=" + table,
                 "--set", "key=opensesame", "--report", "a b.html"});
    INFO(previewed.ended.all());
    CHECK(previewed.ended.all().find("opensesame") == std::string::npos);
    return previewed.events.back().at("next").get<std::string>();
  };
  CHECK(next("people") == "engine run plan.lua --set tables=people");
  CHECK(next("nobody") ==
        "engine preview plan.lua --set tables=nobody --from before.sql --rows 5 --no-data --report "
        "'a b.html' --fail-on danger");
}

TEST_CASE("run --dry-run is the preview: the same events and the same exit status") {
  Folder folder;
  folder.write("plan.lua", blocking_index);
  folder.write("before.sql", fixture);
  for (const std::string severity : {"never", "warning"}) {
    const Previewed previewed = preview(folder, {"--from", "before.sql", "--fail-on", severity});
    const Ended dry = run_engine(
        {"run", "plan.lua", "--dry-run", "--json", "--from", "before.sql", "--fail-on", severity},
        {folder.path(), {}, std::chrono::seconds{120}});
    INFO(dry.all());
    CHECK(dry.status == previewed.ended.status);
    std::vector<std::string> names;
    for (const std::string& line : engine::text::lines(dry.out)) {
      if (!line.empty()) names.push_back(json::parse(line).at("event"));
    }
    std::vector<std::string> expected;
    for (const json& event : previewed.events) expected.push_back(event.at("event"));
    CHECK(names == expected);
  }
}

TEST_CASE("options of a preview without --dry-run are refused, before anything is touched") {
  for (const std::vector<std::string>& option : std::vector<std::vector<std::string>>{
           {"--from", "x.sql"}, {"--rows", "5"}, {"--fail-on", "info"}}) {
    std::vector<std::string> words{"run", "plan.lua"};
    words.insert(words.end(), option.begin(), option.end());
    const Ended ended = run_engine(words);
    CHECK(ended.status == 2);
    CHECK_THAT(ended.err, ContainsSubstring(option.front() + " requires --dry-run"));
  }
}
