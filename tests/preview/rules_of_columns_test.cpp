// Columns: what trips each rule, and the safer way.
#include "scenario.h"
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
      {"drop.column",
       {step("ALTER TABLE customers DROP COLUMN old")},
       {step("ALTER TABLE customers RENAME COLUMN old TO retired_old")}},
  };
}

}  // namespace test

TEST_CASE("each hazard of columns is found, and not in the safer way") {
  test::try_out(test::column_scenarios());
}
