#include "runner/step/grammar.h"

#include "sql/statement.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::plan;
using namespace engine::runner;

namespace {

SqlBlock block(const std::string& text, int line) {
  return {text, {"plans/p.lua", line}, sql::split(text)};
}

Plan plan_with_slips() {
  Plan plan;
  Step step;
  step.run = {block("CREATE TABLE t (n int);\nALTR TABLE t ADD m int", 10)};
  step.rollback = Undo{{}, {block("DROP TALBE t", 20)}, {}, {}, {}};
  plan.steps.push_back(std::move(step));
  return plan;
}

}  // namespace

TEST_CASE("SQL that the target's version cannot read is refused, rollbacks included") {
  try {
    refuse_unknown_sql(plan_with_slips(), 150000);
    FAIL("nothing was refused");
  } catch (const Error& error) {
    CHECK(error.code() == Code::refused);
    CHECK(error.message() == "PostgreSQL 15 cannot read 2 statements of the plan");
    CHECK_THAT(error.detail(), ContainsSubstring("plans/p.lua:11: "));
    CHECK_THAT(error.detail(), ContainsSubstring("plans/p.lua:20: "));
  }
}

TEST_CASE("a server newer than the grammar may know more") {
  CHECK_NOTHROW(refuse_unknown_sql(plan_with_slips(), 180000));
}

TEST_CASE("a plan that can be read is not refused") {
  Plan plan;
  plan.steps.emplace_back();
  plan.steps.back().run = {block("CREATE TABLE t (n int)", 1)};
  CHECK_NOTHROW(refuse_unknown_sql(plan, 140000));
}

TEST_CASE("a variable of psql is told from other slips") {
  for (const char* sql : {"SELECT :id", "SELECT :'id'", "SELECT * FROM :\"id\""}) {
    Plan plan;
    Step step;
    step.run = {block(sql, 1)};
    plan.steps.push_back(step);
    try {
      refuse_unknown_sql(plan, 150000);
      FAIL("nothing was refused");
    } catch (const Error& error) {
      CHECK_THAT(error.hint(), ContainsSubstring("does not replace psql variables"));
      CHECK_THAT(error.hint(), ContainsSubstring("input.name"));
    }
  }
  CHECK(instead_of_psql_variable("syntax error at or near \"TALBE\"").empty());
}
