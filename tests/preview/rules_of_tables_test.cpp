// Tables and partitions: what trips each rule, and the safer way.
#include "scenario.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> table_scenarios() {
  const std::string year = "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')";
  return {
      {"drop.cascade",
       {step("DROP TABLE orders CASCADE")},
       {step("ALTER TABLE lines DROP CONSTRAINT lines_order_fkey; DROP MATERIALIZED VIEW totals; "
             "DROP TABLE orders"),
        step("DROP TABLE notes"), step("DROP TABLE memos CASCADE"),
        step("DO $$ BEGIN DROP TABLE slips; END $$")},
       "CREATE TABLE notes (id serial PRIMARY KEY); CREATE TABLE memos (id serial PRIMARY KEY); "
       "CREATE TABLE slips (id serial PRIMARY KEY)"},
      {"drop.table",
       {step("DROP TABLE prices")},
       {step("CREATE SCHEMA attic; ALTER TABLE prices SET SCHEMA attic")}},
      {"drop.schema",
       {step("DROP SCHEMA shop CASCADE")},
       {step("DROP TABLE shop.a")},
       "CREATE SCHEMA shop; CREATE TABLE shop.a (id int)"},
      {"rows.truncate", {step("TRUNCATE prices")}, {step("DELETE FROM prices WHERE id = 1")}},
      {"rows.truncate-cascade",
       {step("TRUNCATE orders CASCADE")},
       {step("TRUNCATE orders, lines")}},
      {"table.rewrite-on-purpose",
       {outside("VACUUM FULL customers")},
       {outside("VACUUM customers")}},
      {"table.unlogged",
       {step("ALTER TABLE customers SET UNLOGGED")},
       {step("CREATE UNLOGGED TABLE loading (id bigint PRIMARY KEY)")}},
      {"partition.attach-scan",
       {step("ALTER TABLE events ATTACH PARTITION events_new " + year)},
       {step("ALTER TABLE events_new ADD CONSTRAINT c CHECK (at >= '2026-01-01' AND at < "
             "'2027-01-01') NOT VALID"),
        step("ALTER TABLE events_new VALIDATE CONSTRAINT c"),
        step("ALTER TABLE events ATTACH PARTITION events_new " + year)}},
      {"partition.detach-blocking",
       {step("ALTER TABLE events DETACH PARTITION events_old")},
       {outside("ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY")}},
      {"partition.created-in-place",
       {step("CREATE TABLE events_2026 PARTITION OF events " + year)},
       {step("CREATE TABLE events_2026 (LIKE events INCLUDING ALL)"),
        step("ALTER TABLE events ATTACH PARTITION events_2026 " + year)}},
      {"partition.dropped",
       {step("DROP TABLE events_old")},
       {outside("ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY"),
        step("DROP TABLE events_old")}},
      {"table.no-primary-key",
       {step("CREATE TABLE tags (name text)")},
       {step("CREATE TABLE tags (name text PRIMARY KEY)")}},
  };
}

}  // namespace test

TEST_CASE("each hazard of tables is found, and not in the safer way") {
  test::try_out(test::table_scenarios());
}
