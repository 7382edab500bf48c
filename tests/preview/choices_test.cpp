// Rollbacks that ask, and steps that cannot be undone.
#include "preview/previewed.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string fixture = R"(
CREATE TABLE people (id int PRIMARY KEY, name text);
INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 20) n;
)";

std::map<std::string, bool> rollbacks(const Previewed& previewed) {
  std::map<std::string, bool> found;
  for (const json& proof : previewed.all("proof")) {
    if (proof.at("of") == "rollback") found[proof.at("choice")] = proof.at("ok");
  }
  return found;
}

}  // namespace

TEST_CASE("every answer of every question that a rollback asks is tried") {
  const Previewed previewed = preview(R"lua(
return plan "Choices" {
  accept = { ["drop.column"] = "only in the rollback" },
  inputs = { keep = { type = "boolean", default = false, at = "rollback", ask = "Keep the column?" } },
  step "Add" {
    run      = sql [[ ALTER TABLE people ADD COLUMN note text ]],
    rollback = function()
      local how = ask.choice { "How?", choices = { "all", "some" } }
      ask.confirm "Sure?"
      if input.keep then return end
      if how == "some" then db.exec "ALTER TABLE people ADD COLUMN left_over int" end
      db.exec "ALTER TABLE people DROP COLUMN note"
    end,
  },
}
)lua",
                                      fixture, {"--fail-on", "never"});
  INFO(previewed.ended.all());
  const auto tried = rollbacks(previewed);
  CHECK(tried.size() == 3);
  for (const auto& [choice, ok] : tried) {
    INFO(choice);
    const bool keeps = choice == "keep = yes", some = choice.ends_with("= some");
    CHECK(ok == !(keeps || some));
  }
  CHECK(previewed.ended.status == 8);
  for (const json& proof : previewed.all("proof")) {
    if (proof.at("choice") != "keep = yes") continue;
    CHECK_THAT(proof.at("lost").dump(), ContainsSubstring("column note was added"));
  }
}

TEST_CASE(
    "an answer that leaves something on purpose can be accepted, and one that breaks off not") {
  const auto rolled_back = [](const std::string& accepted, const std::string& when_kept,
                              const std::string& answer = "remove") {
    return preview(R"lua(
return plan "Choices" {
  accept = { ["drop.column"] = "only in the rollback", ["how=)lua" +
                       accepted + R"lua("] = "Option 2 leaves it" },
  inputs = { how = { type = "choice", choices = { "remove", "keep" }, at = "rollback", ask = "How?" } },
  step "Add" {
    run      = sql [[ ALTER TABLE people ADD COLUMN IF NOT EXISTS note text ]],
    rollback = function()
      if input.how == "keep" then )lua" +
                       when_kept + R"lua( end
      db.exec "ALTER TABLE people DROP COLUMN note"
    end,
  },
}
)lua",
                   fixture, {"--set", "how=" + answer});
  };
  // Asked first or last.
  for (const std::string first : {"keep", "remove"}) {
    const Previewed previewed = rolled_back("keep", "return", first);
    INFO(previewed.ended.all());
    CHECK(previewed.ended.status == 0);
    CHECK(previewed.verdict() == "clean");
    CHECK(rollbacks(previewed) ==
          std::map<std::string, bool>{{"how = remove", true}, {"how = keep", false}});
    for (const json& proof : previewed.all("proof")) {
      CHECK(proof.at("accepted") == (proof.at("choice") == "how = keep"));
      if (!proof.at("accepted")) continue;
      CHECK(proof.at("reason") == "Option 2 leaves it");
      CHECK_THAT(proof.at("lost").dump(), ContainsSubstring("column note was added"));
    }
  }
  const Previewed broken = rolled_back("keep", "db.exec 'SELECT 1/0'");
  CHECK(broken.ended.status == 8);
  const Previewed other = rolled_back("remove", "return");
  CHECK(other.ended.status == 8);
  CHECK(other.all("verdict").at(0).at("why") ==
        json{"the rollback does not restore the state before the run (how = keep)"});
}

TEST_CASE("a rollback that restores whatever is answered is not blocked by its questions") {
  const Previewed previewed = preview(R"lua(
return plan "Choices" {
  accept = { ["drop.column"] = "only in the rollback" },
  inputs = { note = { type = "boolean", at = "rollback", ask = "Say something?" } },
  step "Add" {
    run      = sql [[ ALTER TABLE people ADD COLUMN note text ]],
    rollback = function()
      if input.note then note "something" end
      db.exec "ALTER TABLE people DROP COLUMN note"
    end,
  },
}
)lua",
                                      fixture);
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(rollbacks(previewed) ==
        std::map<std::string, bool>{{"note = yes", true}, {"note = no", true}});
}

TEST_CASE(
    "behind a step that cannot be undone the rest is rolled back and proved, and the step named") {
  const std::string plan = R"lua(
return plan "One way" {
  accept = { ["drop.column"] = "meant" },
  step "Add" { run = sql [[ ALTER TABLE people ADD COLUMN a int ]], rollback = sql [[ ALTER TABLE people DROP COLUMN a ]] },
  step "Burn" { run = sql [[ UPDATE people SET a = id ]], rollback = impossible "the old values are gone" },
  step "More" { run = sql [[ ALTER TABLE people ADD COLUMN b int ]], rollback = sql [[ ALTER TABLE people DROP COLUMN b ]] },
}
)lua";
  const Previewed previewed = preview(plan, fixture, {"--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(previewed.verdict() == "attention");
  const json proof = previewed.proof("rollback");
  CHECK(proof.at("ok") == true);
  CHECK(proof.at("kept") == "step \"Burn\" cannot be undone: the old values are gone");
  CHECK(previewed.proof("run_after_rollback").at("ok") == true);

  std::string worse = plan;
  worse.replace(worse.find("DROP COLUMN b"), 13, "ADD COLUMN c int");
  const Previewed lost = preview(worse, fixture, {"--fail-on", "never"});
  INFO(lost.ended.all());
  CHECK(lost.ended.status == 8);
  CHECK(lost.proof("rollback").at("ok") == false);
  CHECK_THAT(lost.proof("rollback").at("lost").dump(), ContainsSubstring("column b was added"));
}
