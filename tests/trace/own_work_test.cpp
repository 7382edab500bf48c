// What a trace tells of the engine's own work: primitives, checks, and statements in a loop.
#include "preview/previewed.h"
#include "support/catch.h"

using namespace test;

namespace {

constexpr const char* fixture = R"(
CREATE TABLE people (id int PRIMARY KEY, name text, folded text);
INSERT INTO people SELECT n, 'N' || n FROM generate_series(1, 200) AS n;
)";

/// The traces of a step, as "relation inserted/updated/deleted" of each, "own" where no statement
/// of the plan did it, and "tried" where it was taken back.
std::vector<std::string> written(const Previewed& previewed, const std::string& step) {
  std::vector<std::string> found;
  for (const json& trace : previewed.all("trace")) {
    if (trace.at("step") != step) continue;
    for (const json& rows : trace.at("rows")) {
      found.push_back((trace.at("sql") == "" ? "own " : "") +
                      std::string{trace.at("taken_back") == true ? "tried " : ""} +
                      rows.at("relation").get<std::string>() + " " + rows.at("inserted").dump() +
                      "/" + rows.at("updated").dump() + "/" + rows.at("deleted").dump());
    }
  }
  return found;
}

}  // namespace

TEST_CASE("what a check writes is told as the engine's own, not of the statement after it") {
  const Previewed previewed = preview(R"(
return plan "Own" {
  test "Writes in a check" {
    function() expect.query [[ INSERT INTO people VALUES (900, 'x', 'x') RETURNING id ]]:is { { 900 } } end,
  },
  step "Next" { id = "next", run = sql [[ DELETE FROM people WHERE id = 1 ]], rollback = impossible "gone" },
})",
                                      fixture);
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(written(previewed, "Writes in a check") ==
        std::vector<std::string>{"own tried public.people 1/0/0"});
  CHECK(written(previewed, "next") == std::vector<std::string>{"public.people 0/0/1"});
}

TEST_CASE("a loop of small transactions is told statement by statement, and is no hazard") {
  const Previewed previewed = preview(R"(
return plan "Batches" {
  step "Fold" {
    id          = "fold",
    transaction = "none",
    run         = function()
      repeat
        local rows = db.exec [[
          UPDATE people SET folded = lower(name)
           WHERE id IN (SELECT id FROM people WHERE folded IS NULL LIMIT 150) ]]
      until rows == 0
    end,
    rollback    = sql [[ UPDATE people SET folded = NULL ]],
  },
})",
                                      fixture);
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(previewed.ended.status == 0);
  CHECK(written(previewed, "fold") ==
        std::vector<std::string>{"public.people 0/150/0", "public.people 0/50/0"});
  CHECK(!previewed.rules()["fold"].contains("rows.every-row"));
  CHECK(previewed.proof("rollback").at("ok") == true);
}

TEST_CASE("a statement that failed is told with its line, and what was not reached by name") {
  Folder folder;
  folder.write("before.sql", fixture);
  folder.write("plan.lua", R"(
return plan "Fails" {
  step "Narrow" {
    id = "narrow", run = sql [[ ALTER TABLE people ALTER COLUMN name TYPE varchar(2) ]], rollback = sql [[ SELECT 1 ]],
  },
  step "Never" { run = sql [[ SELECT 1 ]], rollback = sql [[ SELECT 1 ]] },
})");
  const Previewed previewed = preview(folder, {"--from", "before.sql"});
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(previewed.ended.status == 8);
  const auto traces = previewed.all("trace");
  REQUIRE(traces.size() == 1);
  CHECK(traces[0].at("line") == 4);
  CHECK(traces[0].at("sql") == "ALTER TABLE people ALTER COLUMN name TYPE varchar(2)");
  CHECK(traces[0].at("rewrites").size() == 1);
  CHECK(!previewed.rules()["narrow"].contains("lock.timeout"));
  const Ended page = run_engine({"preview", "plan.lua", "--from", "before.sql"},
                                {folder.path(), {}, std::chrono::seconds{120}});
  CHECK_THAT(page.out, ContainsSubstring("Not reached: Never"));
}
