// Locks and transactions: what trips each rule, and the safer way.
#include "scenario.h"
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
