#include "preview/previewed.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string fixture = R"(
CREATE TABLE people (id int PRIMARY KEY, name text DEFAULT 'nobody');
INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 50) n;
CREATE VIEW names AS SELECT name FROM people;
)";

std::string plan_of(const std::string& run, const std::string& rollback,
                    const std::string& more = "") {
  return "return plan \"Proofs\" {\n" + more + "step \"Only\" { run = sql [==[ " + run +
         " ]==], rollback = " + rollback + " },\n}\n";
}

std::string lost(const Previewed& previewed, const std::string& of) {
  return previewed.proof(of).at("lost").dump();
}

}  // namespace

TEST_CASE("a plan that changes nothing twice and undoes itself is clean") {
  const Previewed previewed =
      preview(plan_of("ALTER TABLE people ADD COLUMN age int",
                      "sql [[ ALTER TABLE people DROP COLUMN age ]]",
                      "accept = { [\"drop.column\"] = \"only in the rollback\" },"),
              fixture);
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(previewed.verdict() == "clean");
  CHECK(previewed.proof("second_run").at("ok") == true);
  CHECK(previewed.proof("rollback").at("ok") == true);
  CHECK(previewed.proof("run_after_rollback").at("ok") == true);
  CHECK(previewed.all("difference").size() == 2);
}

TEST_CASE("what a rollback does not bring back is named") {
  const Previewed previewed = preview(
      plan_of("CREATE TABLE copy AS SELECT * FROM people; DROP VIEW names; DROP TABLE people",
              "sql [[ ALTER TABLE copy RENAME TO people ]]"),
      fixture, {"--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 8);
  CHECK(previewed.verdict() == "blocked");
  CHECK(previewed.proof("rollback").at("ok") == false);
  CHECK_THAT(lost(previewed, "rollback"), ContainsSubstring("people_pkey"));
  CHECK_THAT(lost(previewed, "rollback"), ContainsSubstring("default"));
  CHECK_THAT(lost(previewed, "rollback"), ContainsSubstring("view names is missing") ||
                                              ContainsSubstring("view public.names is missing"));
}

TEST_CASE("rows that a rollback does not bring back are told by their number") {
  const Previewed previewed = preview(plan_of("DELETE FROM people WHERE id > 20", "nothing"),
                                      fixture, {"--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 8);
  CHECK_THAT(lost(previewed, "rollback"), ContainsSubstring("50 rows"));
  CHECK_THAT(lost(previewed, "rollback"), ContainsSubstring("20 rows"));
}

TEST_CASE("a plan that fails on the shadow is blocked, and says where") {
  const Previewed previewed =
      preview(plan_of("ALTER TABLE people ADD COLUMN name int", "nothing"), fixture);
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 8);
  CHECK(previewed.verdict() == "blocked");
  CHECK(previewed.events.back().at("error").at("sqlstate") == "42701");
}

TEST_CASE("questions without an answer refuse the preview, and nothing is left of the shadow") {
  const Previewed previewed = preview(
      plan_of("SELECT 1", "nothing", "inputs = { year = { type = \"integer\" } },"), fixture);
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 5);
  CHECK_THAT(previewed.ended.all(), ContainsSubstring("year"));
}

TEST_CASE("a fixture that does not load refuses the preview") {
  const Previewed previewed = preview(plan_of("SELECT 1", "nothing"), "CREATE TABLE t (");
  CHECK(previewed.ended.status != 0);
  CHECK_THAT(previewed.ended.all(), ContainsSubstring("before.sql"));
}
