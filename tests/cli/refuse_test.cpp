// refuse: the command ends, its step is not done and not failed, and what it asks for helps.
#include "cli/workplace.h"
#include "support/catch.h"

using test::Workplace;

namespace {

const std::string limited = R"lua(
return plan "Limited" {
  inputs = {
    limit = { type = "integer", default = 10 },
    name  = { type = "text", default = "people" },
    again = { type = "boolean", default = false, at = "rollback" },
  },
  step "Make" {
    run      = function() db.exec("CREATE TABLE " .. sql.name(input.name) .. " ()") end,
    rollback = function()
      if not input.again then refuse("it would be lost", "Give --set again=true.") end
      db.exec "DROP TABLE people"
    end,
  },
  step "Check the size" {
    run = function()
      db.exec "CREATE TABLE taken_back ()"
      if input.limit < 100 then refuse("100 rows are too many", "Give --set limit=100.") end
    end,
    rollback = sql [[ DROP TABLE taken_back ]],
  },
}
)lua";

}  // namespace

TEST_CASE("refuse is told as a refusal, and raising the input that it asks for goes on") {
  const Workplace place{limited};
  const auto refused = place.engine("run", {"--yes"});
  INFO(refused.all());
  CHECK(refused.status == 3);
  CHECK_THAT(refused.out, ContainsSubstring("x Check the size"));
  CHECK_THAT(refused.out, ContainsSubstring("not done: refused"));
  CHECK_THAT(refused.out, ContainsSubstring("Refused in"));
  CHECK_THAT(refused.err, ContainsSubstring("refused: 100 rows are too many"));
  CHECK_THAT(refused.all(), ContainsSubstring("Give --set limit=100."));
  CHECK_THAT(refused.all(), !ContainsSubstring("FAILED"));
  CHECK_FALSE(place.has_table("taken_back"));

  const auto status = place.status();
  CHECK_THAT(status.out, ContainsSubstring("not done: refused"));
  CHECK_THAT(status.out, ContainsSubstring("Give --set limit=100."));

  const auto used = place.engine("run", {"--yes", "--set", "name=pets", "--set", "limit=100"});
  CHECK(used.status == 5);  // a step that stands has read it
  CHECK_THAT(used.err,
             ContainsSubstring("input name is pets now, but this run started with people"));

  const auto raised = place.engine("run", {"--yes", "--set", "limit=100"});
  INFO(raised.all());
  CHECK(raised.status == 0);
  CHECK(place.has_table("taken_back"));
  CHECK(place.database.value("SELECT inputs->>'limit' FROM engine.run") == "100");
  CHECK(place.engine("run", {"--yes", "--set", "limit=200"}).status == 5);
}

TEST_CASE("a rollback that refuses half way goes on once it is given what it asks for") {
  const Workplace place{limited};
  REQUIRE(place.engine("run", {"--yes", "--set", "limit=100"}).status == 0);
  const auto refused = place.engine("rollback", {"--yes"});
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.out, ContainsSubstring("not done: refused"));
  CHECK_FALSE(place.has_table("taken_back"));
  const auto given = place.engine("rollback", {"--yes", "--set", "again=true"});
  INFO(given.all());
  CHECK(given.status == 0);
  CHECK_FALSE(place.has_table("people"));
}

TEST_CASE("a plan that refuses in its first step leaves nothing, and any input may change") {
  const Workplace place{R"lua(
return plan "First" {
  inputs = { agreed = { type = "boolean", default = false } },
  step "Ask" {
    transaction = "none",
    run = function()
      if db.value "SELECT count(*) FROM pg_class" > 0 and not input.agreed then
        refuse("nobody agreed", "Give --set agreed=true.")
      end
      db.exec "CREATE TABLE made ()"
    end,
    rollback = nothing,
  },
}
)lua"};
  const auto refused = place.engine("run", {"--yes"});
  INFO(refused.all());
  CHECK_THAT(refused.out, ContainsSubstring("not done: refused"));
  CHECK(refused.status == 5);
  const auto agreed = place.engine("run", {"--yes", "--set", "agreed=true"});
  INFO(agreed.all());
  CHECK(agreed.status == 0);
  CHECK(place.has_table("made"));
}

TEST_CASE("what a step outside a transaction did before it refused keeps the inputs that it read") {
  const Workplace place{R"lua(
return plan "Half" {
  inputs = { limit = { type = "integer", default = 10 }, other = { type = "integer", default = 1 } },
  step "Work, then look" {
    transaction = "none",
    run = function()
      db.exec "CREATE TABLE IF NOT EXISTS made ()"
      if input.limit < 100 then refuse("100 rows are too many", "Give --set limit=100.") end
    end,
    rollback = sql [[ DROP TABLE made ]],
  },
}
)lua"};
  const auto refused = place.engine("run", {"--yes"});
  INFO(refused.all());
  CHECK(refused.status == 3);
  CHECK(place.has_table("made"));
  const auto raised = place.engine("run", {"--yes", "--set", "limit=100"});
  INFO(raised.all());
  CHECK(raised.status == 5);
  CHECK_THAT(raised.err, ContainsSubstring("limit is 100 now, but this run started with 10"));
  // What the step did not read may still change.
  const auto other = place.engine("run", {"--yes", "--set", "other=2"});
  CHECK_THAT(other.err, !ContainsSubstring("started with"));
  REQUIRE(place.engine("rollback", {"--yes"}).status == 0);
  CHECK_FALSE(place.has_table("made"));
}
