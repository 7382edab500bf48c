// Steps outside a transaction: what they touch is known although nobody saw their locks.
#include <functional>

#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

const std::string fixture = R"(
CREATE TABLE lines (id int PRIMARY KEY, price int NOT NULL, sku text);
INSERT INTO lines SELECT n, 100, 'x' || n || 'x' FROM generate_series(1, 3000) n;
CREATE INDEX lines_price ON lines (price);
ANALYZE;
)";

Previewed preview_on_target(const std::string& plan) {
  const Database target;
  target.sql(fixture);
  Folder folder;
  folder.write("plan.lua", plan);
  return preview(folder, {"-d", target.conninfo()});
}

std::string outside(const std::string& run, const std::string& rollback) {
  return "return plan \"Outside\" {\n  step \"Only\" { transaction = \"none\", run = " + run +
         ", done = function() return false end, rollback = " + rollback + " },\n}\n";
}

// What no row of the table came along for cannot have been proved.
void check_rolled_back_on_rows(const Previewed& previewed) {
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 8);
  const json proof = previewed.proof("rollback");
  CHECK(proof.at("ok") == false);
  CHECK(proof.at("sampled") == true);
}

}  // namespace

TEST_CASE(
    "a WITH that writes, in a loop outside a transaction, meets rows, and so does its rollback") {
  check_rolled_back_on_rows(
      preview_on_target(outside(R"lua(function()
      local last = 0
      while last do
        last = db.row([[WITH b AS (SELECT id FROM lines WHERE id > $1 ORDER BY id LIMIT 500),
          u AS (UPDATE lines l SET price = price / 3 FROM b WHERE l.id = b.id RETURNING l.id)
          SELECT max(id) AS m FROM u]], last).m
      end
    end)lua",
                                "sql [[ UPDATE lines SET price = price * 3 ]]")));
}

TEST_CASE("a procedure that commits meets rows, and so does its rollback") {
  check_rolled_back_on_rows(preview_on_target(R"lua(return plan "Outside" {
  step "Make" {
    run = sql [[ CREATE PROCEDURE fold() LANGUAGE plpgsql AS $$ BEGIN
      FOR i IN 1..3 LOOP
        EXECUTE 'UPDATE lines SET sku = upper(sku) WHERE id % 3 = ' || i - 1;
        COMMIT;
      END LOOP; END $$ ]],
    rollback = sql [[ DROP PROCEDURE fold() ]],
  },
  step "Call" { transaction = "none", done = function() return false end, run = sql [[ CALL fold() ]],
                rollback = sql [[ UPDATE lines SET sku = rtrim(sku, 'X') ]] },
})lua"));
}

TEST_CASE("the locks of maintenance outside a transaction are told each time") {
  const std::map<std::string, std::string> modes{
      {"VACUUM FULL lines", "ACCESS EXCLUSIVE"},
      {"VACUUM lines", "SHARE UPDATE EXCLUSIVE"},
      {"CLUSTER lines USING lines_price", "ACCESS EXCLUSIVE"},
      {"REINDEX TABLE lines", "SHARE"},
      {"REINDEX INDEX CONCURRENTLY lines_price", "SHARE UPDATE EXCLUSIVE"},
      {"CREATE INDEX CONCURRENTLY IF NOT EXISTS lines_sku ON lines (sku)",
       "SHARE UPDATE EXCLUSIVE"}};
  std::string steps;
  for (const auto& [statement, mode] : modes) {
    steps += "  step \"" + statement + "\" { id = \"" +
             std::to_string(std::hash<std::string>{}(statement)) +
             "\", transaction = \"none\", run = sql [[ " + statement +
             " ]], rollback = nothing },\n";
  }
  const Previewed previewed = preview_on_target("return plan \"Outside\" {\n" + steps + "}\n");
  INFO(previewed.ended.all());
  for (const auto& [statement, mode] : modes) {
    std::string strongest;
    for (const json& lock : previewed.all("lock")) {
      if (lock.at("relation") != "public.lines" ||
          lock.at("step") != std::to_string(std::hash<std::string>{}(statement)))
        continue;
      strongest += lock.at("mode").get<std::string>() + " ";
    }
    INFO(statement);
    CHECK_THAT(strongest, ContainsSubstring(mode + " "));
    if (mode != "ACCESS EXCLUSIVE") CHECK(strongest.find("ACCESS EXCLUSIVE") == std::string::npos);
  }
}
