// Locks and transactions: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> lock_scenarios() {
  const auto busy = [](auto& production, auto&) {
    production.oldest_transaction_s = 4000;
    production.oldest = "psql of app, idle in transaction";
  };
  return {
      {"lock.held-through-work",
       {step("ALTER TABLE orders ADD COLUMN note text; SELECT pg_sleep(0.3)")},
       {step("ALTER TABLE orders ADD COLUMN note text"), step("SELECT pg_sleep(0.3)")}},
      {"lock.explicit",
       {step("LOCK TABLE orders IN EXCLUSIVE MODE")},
       {step("LOCK TABLE orders IN ROW EXCLUSIVE MODE")}},
      {"lock.several-tables",
       {step("ALTER TABLE orders ADD COLUMN a int; ALTER TABLE customers ADD COLUMN a int")},
       {step("ALTER TABLE orders ADD COLUMN a int"),
        step("ALTER TABLE customers ADD COLUMN a int")}},
      {"lock.passed-over-twice",
       {step("ALTER TABLE customers ALTER COLUMN age TYPE bigint; ALTER TABLE customers ALTER "
             "COLUMN code TYPE varchar(9)")},
       {step("ALTER TABLE customers ALTER COLUMN age TYPE bigint, ALTER COLUMN code TYPE "
             "varchar(9)")}},
      {"lock.timeout",
       {step("SET LOCAL lock_timeout = 0; ALTER TABLE orders ADD COLUMN a int")},
       {step("ALTER TABLE orders ADD COLUMN a int")}},
      {"statement.timeout",
       {step("ALTER TABLE customers ALTER COLUMN age TYPE bigint")},
       {step("SET LOCAL statement_timeout = '5min'; ALTER TABLE customers ALTER COLUMN age TYPE "
             "bigint")}},
      {"lock.long-transaction",
       {step("ALTER TABLE orders ADD COLUMN a int")},
       {step("ALTER TABLE orders ADD COLUMN a int")},
       "",
       busy},
  };
}

}  // namespace test

TEST_CASE("each hazard of locks is found, and not in the safer way") {
  test::try_out(test::lock_scenarios());
}

TEST_CASE("one statement that locks several tables is not told to be split") {
  const auto advice = [](const std::string& sql) {
    const test::Trial trial = test::attempt({test::step(sql)});
    for (const auto& finding : trial.findings) {
      if (finding.rule == "lock.several-tables") return finding.safer;
    }
    return "none in " + trial.told();
  };
  CHECK(advice("ALTER TABLE lines DROP CONSTRAINT lines_order_fkey").starts_with("One statement"));
  CHECK(advice("DROP TABLE prices, guarded CASCADE") == "Use a step for each table.");
}

TEST_CASE("what works on a new table under an old name ends on its own") {
  const test::Trial trial = test::attempt(
      {test::step("ALTER TABLE customers RENAME TO former; CREATE TABLE customers (id bigint, age "
                  "int); INSERT INTO customers SELECT id, age FROM former; ALTER TABLE customers "
                  "ALTER COLUMN age TYPE bigint; CREATE INDEX ON customers (age)")});
  INFO(trial.told());
  CHECK(trial.finished.exit == 0);
  CHECK(!trial.found("statement.timeout"));
}
