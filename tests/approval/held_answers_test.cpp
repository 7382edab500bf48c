// Answers that steps got when they were previewed are inputs as any other.
#include "approval/approving.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string asking_plan = R"lua(
return plan "Answers" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  step "Work" {
    run = function()
      local label = ask.text { "Which label?", name = "label" }
      local token = ask.secret { "Which token?", name = "token" }
      ask.confirm { "Really?", name = "really" }
      db.exec("UPDATE people SET name = $1 || length($2) WHERE id = 1", label, token)
    end,
    rollback = sql [[ UPDATE people SET name = 'p1' WHERE id = 1 ]],
  },
}
)lua";

const std::vector<std::string> answers{"--set", "label=red", "--set", "token=correct-horse",
                                       "--set", "really=yes"};

/// `answers`, and one of them another.
std::vector<std::string> with(const std::string& name, const std::string& value) {
  std::vector<std::string> changed = answers;
  for (std::string& word : changed) {
    if (word.starts_with(name + "=")) word = name + "=" + value;
  }
  return changed;
}

}  // namespace

TEST_CASE("an answer given beforehand that is not the previewed one refuses before anything") {
  const Place place{asking_plan};
  const Ended saved = place.save(answers);
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  CHECK(place.saved().find("correct-horse") == std::string::npos);
  const auto refused = [&](const std::vector<std::string>& given, const std::string& why) {
    const Ended ended = place.run(given);
    INFO(ended.all());
    CHECK(ended.status == 5);
    CHECK_THAT(ended.all(), ContainsSubstring(why));
    CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
    return ended.all();
  };
  refused(with("label", "blue"),
          "\"Which label?\" (label) is answered \"blue\" now, and was answered \"red\"");
  const std::string told =
      refused(with("token", "wrong-horse"),
              "the secret answer to \"Which token?\" (token) differs from the one in the preview");
  CHECK(told.find("horse") == std::string::npos);
  const Ended ran = place.run(answers);
  INFO(ran.all());
  CHECK(ran.status == 0);
  CHECK(place.database.value("SELECT name FROM people WHERE id = 1") == "red13");
}

TEST_CASE("another answer of a person at the terminal ends the run before that step begins") {
  const Place place{asking_plan};
  REQUIRE(place.save(answers).status == 0);
  const auto type = [&](const std::string& label, const std::string& then) {
    TerminalProgram program{{"run", "plan.lua", "-d", place.database.conninfo(), "--yes",
                             "--approved", "saved.json", "--set", "token=correct-horse"},
                            {place.folder.path(), {}, std::chrono::seconds{120}}};
    REQUIRE(program.says("Which label?"));
    program.type(label + "\n");
    const bool said = program.says(then);
    INFO(program.screen());
    CHECK(said);
    return program.wait();
  };
  CHECK(type("blue", "is answered \"blue\" now") == 3);
  CHECK(place.database.value("SELECT name FROM people WHERE id = 1") == "p1");
  CHECK(place.database.value("SELECT count(*) FROM engine.step WHERE step = 'Work'") == "0");
  CHECK(type("red", "done") == 0);
  CHECK(place.database.value("SELECT name FROM people WHERE id = 1") == "red13");
}

TEST_CASE("a question that was not asked when it was previewed has no approved answer") {
  const Place place{R"lua(
return plan "Late question" {
  step "Look" {
    run = function() state.asks = db.value "SELECT count(*) FROM aside" > 0 end,
    rollback = nothing,
  },
  step "Work" {
    run = function()
      if state.asks then ask.text { "Which label?", name = "label" } end
      db.exec "UPDATE people SET name = 'x' WHERE id = 1"
    end,
    rollback = sql [[ UPDATE people SET name = 'p1' WHERE id = 1 ]],
  },
}
)lua"};
  const Ended saved = place.save();
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  place.database.sql("INSERT INTO aside VALUES (1)");
  const Ended ended = place.run({"--set", "label=red"});
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK_THAT(ended.all(), ContainsSubstring("asks \"Which label?\" (label), which it did not"));
  CHECK(place.database.value("SELECT name FROM people WHERE id = 1") == "p1");
}
