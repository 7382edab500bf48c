// What a person reads when a check of a plan fails.
#include <nlohmann/json.hpp>

#include "cli/workplace.h"
#include "support/catch.h"

using test::Workplace;

namespace {

std::string plan_of(const std::string& verify) {
  return "return plan \"P\" {\n  step \"Make t\" {\n    run = sql [[ CREATE TABLE t (id int) ]],\n"
         "    rollback = nothing,\n    verify = {\n" +
         verify + "\n    },\n  },\n}\n";
}

std::string failure_of(const std::string& verify) {
  const Workplace workplace{plan_of(verify)};
  const test::Ended ended = workplace.engine("run", {"--yes"});
  CHECK(ended.status == 1);
  return ended.err;
}

}  // namespace

TEST_CASE("an error of Lua inside a check names check, plan and line") {
  const std::string said = failure_of(R"lua(
      check "The table has rows" { function()
        local row
        local id = row.id
      end },)lua");
  CHECK_THAT(said, ContainsSubstring("error: attempt to index local 'row' (a nil value)\n"
                                     "  step       Make t\n"
                                     "  check      The table has rows\n"
                                     "  where      plans/plan.lua:9\n"));
}

TEST_CASE("the server's words reach the person from inside a check") {
  const std::string said = failure_of(R"lua(
      check "It can be read" { function()
        db.value [[
          SELECT idd FROM t ]]
      end },)lua");
  CHECK_THAT(said, ContainsSubstring("error: column \"idd\" does not exist\n"
                                     "  step       Make t\n"
                                     "  check      It can be read\n"
                                     "  where      plans/plan.lua:9\n"
                                     "  statement  SELECT idd FROM t\n"));
  CHECK_THAT(said, ContainsSubstring("  sqlstate   42703\n"
                                     "  hint       Perhaps you meant to reference the column "
                                     "\"t.id\".\n"));
}

TEST_CASE("an expectation that is not met names its line in the plan") {
  const std::string said = failure_of(R"lua(
      check "It is as it should be" { function()
        expect.table "t"
          :has_column "id"
          :has_column "name"
      end },)lua");
  CHECK_THAT(said, ContainsSubstring("  check      It is as it should be\n"
                                     "  where      plans/plan.lua:10\n"));
}

TEST_CASE("of several failed checks each has its line and what the server said") {
  const Workplace workplace{plan_of(R"lua(
      check "Seen" { function()
        expect.query "SELECT 1" :equals(2) :named "Seen"
      end },
      check "It can be read" { function()
        expect.query "SELECT idd FROM t" :has_rows(1)
      end },
      function() error { message = "not so" } end,)lua")};
  const test::Ended ended = workplace.engine("run", {"--yes"});
  CHECK(ended.status == 1);
  CHECK_THAT(ended.out,
             ContainsSubstring("      FAILED     Seen\n"
                               "        expected   2\n"
                               "        actual     1\n"
                               "        where      plans/plan.lua:8\n"
                               "      FAILED     It can be read: query \"SELECT idd FROM "
                               "t\" gives 1 row\n"));
  CHECK_THAT(ended.out, ContainsSubstring("        where      plans/plan.lua:11\n"
                                          "        statement  SELECT idd FROM t\n"));
  CHECK_THAT(ended.out, ContainsSubstring("        sqlstate   42703\n"
                                          "        hint       Perhaps you meant"));
  CHECK_THAT(ended.out, ContainsSubstring("      FAILED     not so\n"
                                          "        where      plans/plan.lua:13\n"));
  CHECK_THAT(ended.err,
             ContainsSubstring("  detail     plans/plan.lua:8: Seen: expected 2, got 1\n"));
}

TEST_CASE("with --json a check tells its place, and the error that it raised") {
  const Workplace workplace{plan_of(R"lua(
      check "It can be read" { function()
        expect.table "t"
        db.value "SELECT idd FROM t"
      end },)lua")};
  const test::Ended ended = workplace.engine("run", {"--yes", "--json"});
  std::vector<nlohmann::json> checks;
  std::istringstream lines{ended.out};
  for (std::string line; std::getline(lines, line);) {
    auto event = nlohmann::json::parse(line);
    if (event.at("event") == "check") checks.push_back(std::move(event));
  }
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].at("line") == 8);
  CHECK(checks[0].at("error").is_null());
  CHECK(checks[1].at("file") == "plans/plan.lua");
  CHECK(checks[1].at("line") == 9);
  CHECK(checks[1].at("name") == "ends without an error");
  CHECK(checks[1].at("error").at("sqlstate") == "42703");
  CHECK(checks[1].at("error").at("statement") == "SELECT idd FROM t");
  CHECK(checks[1].at("error").at("line") == 9);
}
