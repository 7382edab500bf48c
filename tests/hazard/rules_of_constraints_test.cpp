// Constraints: what trips each rule, and the safer way.
#include <algorithm>

#include "hazard/scenario.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> constraint_scenarios() {
  const std::string key =
      "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer) REFERENCES customers";
  return {
      {"constraint.scan",
       {step("ALTER TABLE customers ADD CONSTRAINT c CHECK (age >= 0)")},
       {step("ALTER TABLE customers ADD CONSTRAINT c CHECK (age >= 0) NOT VALID"),
        step("ALTER TABLE customers VALIDATE CONSTRAINT c")}},
      {"constraint.not-null-scan",
       {step("ALTER TABLE customers ALTER COLUMN email SET NOT NULL")},
       {step("ALTER TABLE customers ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID"),
        step("ALTER TABLE customers VALIDATE CONSTRAINT c"),
        step("ALTER TABLE customers ALTER COLUMN email SET NOT NULL"),
        step("ALTER TABLE customers DROP CONSTRAINT c")}},
      {"constraint.primary-key-nullable",
       {outside("CREATE UNIQUE INDEX CONCURRENTLY pk ON events_new (id)"),
        step("ALTER TABLE events_new ADD PRIMARY KEY USING INDEX pk")},
       {step("ALTER TABLE events_new ADD CONSTRAINT c CHECK (id IS NOT NULL) NOT VALID"),
        step("ALTER TABLE events_new VALIDATE CONSTRAINT c"),
        step("ALTER TABLE events_new ALTER COLUMN id SET NOT NULL"),
        outside("CREATE UNIQUE INDEX CONCURRENTLY pk ON events_new (id)"),
        step("ALTER TABLE events_new ADD PRIMARY KEY USING INDEX pk")}},
      {"constraint.foreign-key-validated",
       {step(key)},
       {step(key + " NOT VALID"), step("ALTER TABLE orders VALIDATE CONSTRAINT k")}},
      {"constraint.foreign-keys-together",
       {step(key + " NOT VALID; ALTER TABLE orders ADD CONSTRAINT l FOREIGN KEY (customer) "
                   "REFERENCES prices NOT VALID")},
       {step(key + " NOT VALID"),
        step("ALTER TABLE orders ADD CONSTRAINT l FOREIGN KEY (customer) REFERENCES prices "
             "NOT VALID")}},
      {"constraint.unique-builds-index",
       {step("ALTER TABLE customers ADD UNIQUE (email)")},
       {outside("CREATE UNIQUE INDEX CONCURRENTLY u ON customers (email)"),
        step("ALTER TABLE customers ADD CONSTRAINT u UNIQUE USING INDEX u"),
        step("ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (number bigint "
             "UNIQUE)")}},
      // There is no safer way for a table that is used; a new one is nobody's yet.
      {"constraint.exclusion-builds-index",
       {step("ALTER TABLE lines ADD CONSTRAINT x EXCLUDE USING btree (room WITH =)")},
       {step("CREATE TABLE bookings (id bigint PRIMARY KEY, room int, EXCLUDE USING btree (room "
             "WITH =))")}},
      {"constraint.validated-at-once",
       {step("ALTER TABLE customers ADD CONSTRAINT c CHECK (age >= 0) NOT VALID; ALTER TABLE "
             "customers VALIDATE CONSTRAINT c")},
       {step("ALTER TABLE customers ADD CONSTRAINT c CHECK (age >= 0) NOT VALID"),
        step("ALTER TABLE customers VALIDATE CONSTRAINT c")}},
      {"constraint.key-types-differ",
       {step("CREATE TABLE tags (id bigint PRIMARY KEY, customer int REFERENCES customers)")},
       {step("CREATE TABLE tags (id bigint PRIMARY KEY, customer bigint REFERENCES customers)")}},
      {"constraint.dropped",
       {step("ALTER TABLE orders DROP CONSTRAINT positive")},
       {step("ALTER TABLE orders ADD CONSTRAINT more CHECK (total >= 0) NOT VALID"),
        step("ALTER TABLE orders VALIDATE CONSTRAINT more"),
        step("ALTER TABLE orders DROP CONSTRAINT positive")}},
      {"constraint.left-not-valid",
       {step(key + " NOT VALID")},
       {step(key + " NOT VALID"), step("ALTER TABLE orders VALIDATE CONSTRAINT k")}},
      {"foreign-key.no-index",
       {step(key + " NOT VALID")},
       {outside("CREATE INDEX CONCURRENTLY orders_customer ON orders (customer)"),
        step(key + " NOT VALID")}},
  };
}

}  // namespace test

TEST_CASE("a foreign key is told of the table that is read for it, not of the one referred to") {
  const test::Trial trial =
      test::attempt({test::step("ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer) "
                                "REFERENCES customers")});
  INFO(trial.told());
  const auto found = std::find_if(
      trial.findings.begin(), trial.findings.end(),
      [](const auto& finding) { return finding.rule == "constraint.foreign-key-validated"; });
  REQUIRE(found != trial.findings.end());
  CHECK(found->relation == "public.orders");
  CHECK(found->message.find("Writes to public.orders") != std::string::npos);
}

TEST_CASE("each hazard of constraints is found, and not in the safer way") {
  test::try_out(test::constraint_scenarios());
}

TEST_CASE("a foreign key is validated under the lock of its ADD, in a step as in a block") {
  const std::string add =
      "ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer) REFERENCES customers NOT VALID; ";
  const std::string validate = "ALTER TABLE orders VALIDATE CONSTRAINT k;";
  for (const test::Move& move :
       {test::step(add + validate), test::step("DO $$ BEGIN " + add + validate + " END $$"),
        test::outside("DO $$ BEGIN " + add + validate + " END $$"),
        test::step("ALTER TABLE orders ADD CONSTRAINT k FOREIGN KEY (customer) REFERENCES "
                   "customers NOT VALID, VALIDATE CONSTRAINT k")}) {
    const test::Trial trial = test::attempt({move});
    INFO(move.sql << "\n" << trial.told());
    CHECK(trial.finished.exit == 0);
    CHECK(trial.found("constraint.validated-at-once"));
    CHECK(trial.told().find("SHARE ROW EXCLUSIVE on public.customers and public.orders") !=
          std::string::npos);
  }
  const test::Trial apart = test::attempt({test::step(add), test::outside(validate),
                                           test::step("DO $$ BEGIN " + validate + " END $$")});
  INFO(apart.told());
  CHECK(!apart.found("constraint.validated-at-once"));
}
