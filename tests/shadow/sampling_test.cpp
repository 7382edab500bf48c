// A preview says what it could not see because few rows of the target are on the shadow.
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

const char* const orders =
    "CREATE TABLE orders (id int PRIMARY KEY, note text);"
    "INSERT INTO orders SELECT n, 'x' FROM generate_series(1, 3000) AS n; ANALYZE";

}  // namespace

TEST_CASE("statements that met no row, and steps that a sample decided, want a decision") {
  const Database target;
  target.sql(orders);
  Folder folder;
  folder.write("plan.lua", R"(
return plan "Sample" {
  step "Old ones go" { id = "delete", run = sql [[ DELETE FROM orders WHERE id > 2000 ]], rollback = nothing },
  step "Archive" {
    id = "archive",
    when = function() return db.count "orders" > 500, "small shop" end,
    run = sql [[ DELETE FROM orders ]], rollback = nothing,
  },
  step "Silent" {
    id = "silent",
    when = function() return db.count "orders" > 500 end,
    run = sql [[ DELETE FROM orders ]], rollback = nothing,
  },
})");
  const Previewed previewed = preview(folder, {"-d", target.conninfo(), "--rows", "50"});
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(previewed.verdict() == "attention");
  CHECK(previewed.rules()["delete"].contains("sample.no-row"));
  CHECK(previewed.rules()["archive"].contains("sample.decided"));
  CHECK(previewed.rules()["silent"].contains("sample.decided"));
  CHECK(previewed.proof("rollback").at("sampled") == true);
  CHECK_THAT(previewed.ended.out, ContainsSubstring("only 50 of public.orders"));

  const Previewed whole = preview(folder, {"-d", target.conninfo(), "--rows", "5000"});
  INFO(whole.ended.out << whole.ended.err);
  CHECK(!whole.rules()["delete"].contains("sample.no-row"));
  CHECK(!whole.rules()["archive"].contains("sample.decided"));
  CHECK(whole.proof("rollback").at("ok") == false);
}

TEST_CASE("a new column that the plan fills before it is NOT NULL is no decision, but known") {
  const Database target;
  target.sql(orders);
  Folder folder;
  folder.write("plan.lua", R"(
return plan "Fill" {
  accept = { ["drop.column"] = "only in the rollback" },
  step "Add" { run = sql [[ ALTER TABLE orders ADD COLUMN shop int ]], rollback = sql [[ ALTER TABLE orders DROP COLUMN shop ]] },
  step "Fill" { run = sql [[ UPDATE orders SET shop = 1 WHERE shop IS NULL AND id > 0 ]], rollback = nothing },
  step "Check" { run = sql [[ ALTER TABLE orders ADD CONSTRAINT known CHECK (shop IS NOT NULL) NOT VALID ]],
                 rollback = sql [[ ALTER TABLE orders DROP CONSTRAINT known ]] },
  step "Validate" { run = sql [[ ALTER TABLE orders VALIDATE CONSTRAINT known ]], rollback = nothing },
  step "Demand" { run = sql [[ ALTER TABLE orders ALTER shop SET NOT NULL ]], rollback = sql [[ ALTER TABLE orders ALTER shop DROP NOT NULL ]] },
})");
  const Previewed previewed = preview(folder, {"-d", target.conninfo(), "--rows", "50"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  for (const json& finding : previewed.all("finding")) {
    if (finding.at("rule") == "data.not-probed") CHECK(finding.at("severity") == "info");
  }
}

TEST_CASE("the preview of a finished plan has the rows that its rollback and its next run want") {
  const Database target;
  target.sql("CREATE TABLE flags (x int); INSERT INTO flags VALUES (1); ANALYZE");
  Folder folder;
  folder.write("plan.lua", R"(
return plan "Finished" {
  step "Two" {
    run = sql [[ CREATE TABLE two AS SELECT 1 / (SELECT count(*) FROM flags) AS n ]],
    rollback = sql [[ DROP TABLE two ]],
  },
})");
  const Ended run = run_engine({"run", "plan.lua", "-d", target.conninfo(), "--yes"},
                               {folder.path(), {}, std::chrono::seconds{120}});
  INFO(run.all());
  REQUIRE(run.status == 0);
  const Previewed previewed = preview(folder, {"-d", target.conninfo()});
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(previewed.proof("run_after_rollback").at("ok") == true);
  CHECK(previewed.ended.status == 0);
}

namespace {

Previewed preview_on(const Database& target, const std::string& steps,
                     std::vector<std::string> more = {}) {
  Folder folder;
  folder.write("plan.lua", "return plan \"Rows\" {\n" + steps + "}\n");
  more.insert(more.begin(), {"-d", target.conninfo()});
  return preview(folder, more);
}

/// A step of one statement that its rollback does not undo.
std::string lost(const std::string& id, const std::string& sql) {
  return "step \"" + id + "\" { run = sql [==[ " + sql + " ]==], rollback = nothing },\n";
}

constexpr const char* partitioned =
    "CREATE TABLE n (id int, m text) PARTITION BY LIST (m);"
    "CREATE TABLE na PARTITION OF n FOR VALUES IN ('a'); "
    "CREATE TABLE nb PARTITION OF n FOR VALUES IN ('b');"
    "INSERT INTO n SELECT n, 'a' FROM generate_series(1, 3000) AS n;";

}  // namespace

TEST_CASE("partitions of which not all rows came are told, by the table that they are of") {
  const Database target;
  target.sql(partitioned);
  const Previewed some =
      preview_on(target, lost("pruned", "DELETE FROM n WHERE m = 'a' AND id > 2000") +
                             lost("all", "DELETE FROM n WHERE id > 2500") +
                             lost("block", "DO $$ BEGIN DELETE FROM na WHERE id > 2000; END $$") +
                             lost("met", "DELETE FROM n WHERE id = 7"));
  INFO(some.ended.all());
  CHECK(some.verdict() == "blocked");  // by the last step
  for (const char* step : {"pruned", "all", "block"}) {
    INFO(step);
    CHECK(some.rules()[step].contains("sample.no-row"));
  }
  CHECK(!some.rules()["met"].contains("sample.no-row"));
  CHECK(some.proof("rollback").at("sampled") == true);
  CHECK_THAT(some.ended.out, ContainsSubstring("only 1,000 of public.n. --rows N takes more"));
}

TEST_CASE("as many rows as the table has are all of them, however they lie in partitions") {
  const Database target;
  target.sql(partitioned);
  const Previewed whole =
      preview_on(target, lost("old", "DELETE FROM n WHERE id > 2000"), {"--rows", "3000"});
  INFO(whole.ended.all());
  CHECK(whole.proof("rollback").at("sampled") == false);
  CHECK(whole.proof("rollback").at("ok") == false);
  CHECK(whole.ended.out.find("did not copy all rows") == std::string::npos);
}

TEST_CASE("a loop that met rows before its last round is not told to have met none") {
  const Database target;
  target.sql(
      "CREATE TABLE big (id int PRIMARY KEY, done bool); "
      "INSERT INTO big SELECT n, false FROM generate_series(1, 3000) AS n;"
      "CREATE TABLE other (id int PRIMARY KEY); INSERT INTO other SELECT generate_series(1, 3000);"
      "CREATE TABLE log (id int PRIMARY KEY);"
      "CREATE TABLE kept (id int PRIMARY KEY); "
      "ANALYZE");
  const std::string loop = R"lua(
step "Loop" {
  id = "loop",
  run = function()
    repeat
      local changed = db.exec [[ UPDATE big SET done = true WHERE id IN
        (SELECT big.id FROM big JOIN other USING (id) WHERE NOT done LIMIT 40) ]]
    until changed == 0
  end,
  rollback = sql [[ UPDATE big SET done = false ]],
},
)lua";
  const Previewed previewed = preview_on(
      target,
      loop +
          lost("far",
               "UPDATE big SET done = NULL FROM other WHERE other.id = big.id AND big.id > 2000") +
          lost("copy", "INSERT INTO log SELECT id FROM other WHERE id > 2000") +
          lost("move",
               "WITH gone AS (DELETE FROM other WHERE id > 2000 RETURNING id) INSERT INTO "
               "kept SELECT id FROM gone"),
      {"--rows", "100"});
  INFO(previewed.ended.all());
  CHECK(!previewed.rules()["loop"].contains("sample.no-row"));
  std::map<std::string, std::set<std::string>> unmet;
  for (const json& finding : previewed.all("finding")) {
    if (finding.at("rule") == "sample.no-row")
      unmet[finding.at("step")].insert(finding.at("relation").get<std::string>());
  }
  CHECK(unmet["far"] == std::set<std::string>{"public.big"});
  CHECK(unmet["copy"] == std::set<std::string>{"public.other"});
  CHECK(unmet["move"] == std::set<std::string>{"public.other"});
}
