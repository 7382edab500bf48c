// What a trace tells of the engine's own work: primitives, checks, and statements in a loop.
#include "previewed.h"
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
