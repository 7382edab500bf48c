#include "preview/previewed.h"
#include "support/catch.h"
#include "support/event_page.h"

using namespace test;

namespace {

using Rules = std::set<std::string>;

// Large enough that a scan of it is worth a word.
const std::string fixture = R"(
CREATE ROLE anon;
CREATE ROLE authenticated;
GRANT USAGE ON SCHEMA public TO anon, authenticated;
CREATE TABLE customers (id int PRIMARY KEY, email text, age int, old text);
INSERT INTO customers SELECT n, 'a' || n, n % 90, 'x' FROM generate_series(1, 12000) n;
CREATE TABLE orders (id int PRIMARY KEY, customer int, total numeric);
INSERT INTO orders SELECT n, n, n FROM generate_series(1, 12000) n;
CREATE INDEX orders_total ON orders (total);
CREATE TABLE gone (id int PRIMARY KEY);
INSERT INTO gone SELECT generate_series(1, 12000);
CREATE TABLE taken (id int REFERENCES gone);
CREATE TABLE guarded (id int PRIMARY KEY);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
CREATE UNIQUE INDEX totals_customer ON totals (customer);
)";

std::string plan_of(const std::string& steps) {
  return "return plan \"Hazards\" {\n" + steps + "}\n";
}

std::string step(const std::string& title, const std::string& sql, const std::string& more = "") {
  return "step \"" + title + "\" { " + more + " run = sql [==[ " + sql +
         " ]==], rollback = nothing },\n";
}

}  // namespace

TEST_CASE("what a plan does to others is found where it happens") {
  const std::string plan = plan_of(
      step("index", "CREATE INDEX ON customers (email)") +
      step("key",
           "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer) REFERENCES customers") +
      step("hidden rewrite",
           "DO $$ BEGIN EXECUTE 'ALTER TABLE customers ALTER COLUMN age TYPE bigint'; END $$") +
      step("cascade", "DROP TABLE gone CASCADE") +
      step("view", "CREATE VIEW shown AS SELECT * FROM guarded; GRANT SELECT ON shown TO anon"));
  const Previewed previewed = preview(plan, fixture, {"--fail-on", "never"});
  INFO(previewed.ended.all());
  auto rules = previewed.rules();
  CHECK(rules["index"] == Rules{"index.create-blocking", "statement.timeout"});
  CHECK(rules["key"] ==
        Rules{"constraint.foreign-key-validated", "foreign-key.no-index", "statement.timeout"});
  CHECK(rules["hidden rewrite"] == Rules{"column.type-rewrite", "statement.timeout"});
  CHECK(rules["cascade"] ==
        Rules{"constraint.dropped", "drop.cascade", "drop.table", "lock.several-tables"});
  CHECK(rules["view"] == Rules{"access.view-as-owner"});
  CHECK(rules[""].empty());
}

TEST_CASE("a finding that the plan accepts is told as such, and does not block") {
  const std::string body = step("index", "CREATE INDEX customers_email ON customers (email)");
  const std::string undo = "rollback = sql [[ DROP INDEX customers_email ]]";
  const std::string with_undo = body.substr(0, body.find("rollback")) + undo + " },\n";
  CHECK(preview(plan_of(with_undo), fixture).ended.status == 8);
  const Previewed accepted =
      preview(plan_of("accept = { [\"index.create-blocking\"] = \"nobody writes at night\" },\n" +
                      with_undo),
              fixture);
  INFO(accepted.ended.all());
  CHECK(accepted.ended.status == 0);
  CHECK(accepted.verdict() == "clean");
  CHECK(accepted.all("finding").at(0).at("reason") == "nobody writes at night");
}

TEST_CASE("what a step accepts is accepted of that step alone") {
  const auto renamed = [](const std::string& title, const std::string& from, const std::string& to,
                          const std::string& accept) {
    return "step \"" + title + "\" { " + accept + " run = sql [[ ALTER TABLE " + from +
           " RENAME TO " + to + " ]], rollback = sql [[ ALTER TABLE " + to + " RENAME TO " + from +
           " ]] },\n";
  };
  const Previewed previewed = preview(
      plan_of(renamed("first", "gone", "went", "accept = { rename = \"deployed together\" },") +
              renamed("second", "taken", "took", "")),
      fixture);
  INFO(previewed.ended.all());
  std::set<std::string> told;
  for (const auto& finding : previewed.all("finding")) {
    if (finding.at("rule") != "rename") continue;
    const bool accepted = finding.at("accepted");
    told.insert(finding.at("step").get<std::string>() + (accepted ? " accepted" : " open"));
  }
  CHECK(told == std::set<std::string>{"first accepted", "second open"});
}

TEST_CASE("every line of a preview is as the page on events has it") {
  const EventPage page{SOURCE_FOLDER "/docs/reference/events.md"};
  const Previewed previewed =
      preview(plan_of(step("index", "CREATE INDEX ON customers (email)")), fixture);
  CHECK(previewed.all("lock").size() >= 1);
  for (const std::string& line : engine::text::lines(previewed.ended.out)) {
    if (!line.empty()) CHECK(page.problem_with(line) == "");
  }
}
