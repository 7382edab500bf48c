// Columns: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "hazard/target/prober.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> column_scenarios() {
  return {
      {"column.type-rewrite",
       {step("ALTER TABLE customers ALTER COLUMN age TYPE bigint")},
       {step("ALTER TABLE customers ALTER COLUMN name TYPE text")}},
      {"column.default-rewrite",
       {step("ALTER TABLE customers ADD COLUMN token uuid DEFAULT gen_random_uuid()")},
       {step("ALTER TABLE customers ADD COLUMN token uuid; ALTER TABLE customers ALTER COLUMN "
             "token SET DEFAULT gen_random_uuid()"),
        step("ALTER TABLE customers ADD COLUMN made timestamptz DEFAULT now()")}},
      {"table.rewrite",
       {step("ALTER TABLE customers SET UNLOGGED")},
       {step("CREATE UNLOGGED TABLE loading (LIKE customers INCLUDING ALL)")}},
      {"column.required",
       {step("ALTER TABLE events_new ADD COLUMN kind text NOT NULL")},
       {step("ALTER TABLE events_new ADD COLUMN kind text NOT NULL DEFAULT ''")},
       "TRUNCATE events_new"},
      {"column.not-null-dropped",
       {step("ALTER TABLE customers ALTER COLUMN code DROP NOT NULL")},
       {step("ALTER TABLE customers ADD COLUMN other text")}},
      {"column.default-changed",
       {step("ALTER TABLE customers ALTER COLUMN age SET DEFAULT 18")},
       {step("ALTER TABLE customers ADD COLUMN years int DEFAULT 18")}},
      {"column.inline-foreign-key",
       {step("ALTER TABLE customers ADD COLUMN favourite bigint REFERENCES orders")},
       {step("ALTER TABLE customers ADD COLUMN favourite bigint"),
        step("ALTER TABLE customers ADD CONSTRAINT f FOREIGN KEY (favourite) REFERENCES orders "
             "NOT VALID"),
        step("ALTER TABLE customers VALIDATE CONSTRAINT f")}},
      {"view.reads-old",
       {step("ALTER TABLE customers RENAME COLUMN old TO former; ALTER TABLE customers ADD COLUMN "
             "old "
             "text")},
       {step("ALTER TABLE customers RENAME COLUMN old TO former; ALTER TABLE customers ADD COLUMN "
             "old "
             "text; CREATE OR REPLACE VIEW olds AS SELECT id, old FROM customers")},
       "CREATE VIEW olds AS SELECT id, old FROM customers"},
      {"drop.column",
       {step("ALTER TABLE customers DROP COLUMN old")},
       {step("ALTER TABLE customers RENAME COLUMN old TO retired_old")}},
  };
}

}  // namespace test

TEST_CASE("each hazard of columns is found, and not in the safer way") {
  test::try_out(test::column_scenarios());
}

TEST_CASE("a column with another name is no new one, and a rename changes no row") {
  const test::Trial trial =
      test::attempt({test::step("ALTER TABLE customers RENAME COLUMN code TO short_code")});
  INFO(trial.told());
  CHECK(trial.found("rename"));
  CHECK(!trial.found("column.required"));
  CHECK(engine::hazard::questions(trial.before, trial.after, trial.statements).empty());
  for (const auto& difference : engine::database_state::differences(trial.before, trial.after))
    CHECK(difference.kind != "rows");
}

TEST_CASE("a view keeps to the table that it was made of when another gets its name") {
  const test::Trial trial = test::attempt(
      {test::step("CREATE TABLE fresh (LIKE orders INCLUDING ALL); ALTER TABLE orders RENAME TO "
                  "orders_old; ALTER TABLE fresh RENAME TO orders")},
      "CREATE VIEW sums AS SELECT id, total FROM orders");
  INFO(trial.told());
  CHECK(
      trial.told().find("View public.sums still reads public.orders_old, formerly public.orders") !=
      std::string::npos);
}

TEST_CASE("a stored generated column cannot be had by SET DEFAULT") {
  const test::Trial trial = test::attempt({test::step(
      "ALTER TABLE customers ADD COLUMN size int GENERATED ALWAYS AS (length(email)) STORED")});
  INFO(trial.told());
  for (const auto& finding : trial.findings) {
    if (finding.rule == "column.default-rewrite")
      CHECK(finding.safer.find("SET DEFAULT") == std::string::npos);
  }
  CHECK(trial.found("column.default-rewrite"));
}

TEST_CASE("a view by the old name over a renamed table shows what other views show") {
  const test::Trial kept = test::attempt(
      {test::step("ALTER TABLE customers RENAME TO clients; CREATE VIEW customers WITH "
                  "(security_invoker) AS SELECT * FROM clients")},
      "CREATE VIEW olds AS SELECT id, old FROM customers");
  INFO(kept.told());
  CHECK(kept.finished.exit == 0);
  CHECK(!kept.found("view.reads-old"));
}
