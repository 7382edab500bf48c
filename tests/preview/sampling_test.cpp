// A preview says what it could not see because few rows of the target are on the shadow.
#include "previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

TEST_CASE("statements that met no row, and steps that a sample decided, want a decision") {
  const Database target;
  target.sql(
      "CREATE TABLE orders (id int PRIMARY KEY, note text);"
      "INSERT INTO orders SELECT n, 'x' FROM generate_series(1, 3000) AS n; ANALYZE");
  Folder folder;
  folder.write("plan.lua", R"(
return plan "Sample" {
  step "Old ones go" { id = "delete", run = sql [[ DELETE FROM orders WHERE id > 2000 ]], rollback = nothing },
  step "Archive" {
    id = "archive",
    when = function() return db.count "orders" > 500, "small shop" end,
    run = sql [[ DELETE FROM orders ]], rollback = nothing,
  },
})");
  const Previewed previewed = preview(folder, {"-d", target.conninfo(), "--rows", "50"});
  INFO(previewed.ended.out << previewed.ended.err);
  CHECK(previewed.verdict() == "attention");
  CHECK(previewed.rules()["delete"].contains("sample.no-row"));
  CHECK(previewed.rules()["archive"].contains("sample.decided"));
  CHECK(previewed.proof("rollback").at("sampled") == true);
  CHECK_THAT(previewed.ended.out, ContainsSubstring("only 50 of public.orders"));

  const Previewed whole = preview(folder, {"-d", target.conninfo(), "--rows", "5000"});
  INFO(whole.ended.out << whole.ended.err);
  CHECK(!whole.rules()["delete"].contains("sample.no-row"));
  CHECK(!whole.rules()["archive"].contains("sample.decided"));
  CHECK(whole.proof("rollback").at("ok") == false);
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
