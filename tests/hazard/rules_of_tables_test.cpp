// Tables and partitions: what trips each rule, and the safer way.
#include "hazard/scenario.h"
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

TEST_CASE("what is advised of partitions holds beside a default partition, too") {
  using test::step;
  const std::string rest =
      "CREATE TABLE events_rest PARTITION OF events DEFAULT; INSERT INTO events VALUES (9, "
      "'2030-01-01')";
  const std::string attach =
      "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO "
      "('2027-01-01')";
  const auto of = [](const test::Trial& trial, const std::string& rule) {
    for (const auto& finding : trial.findings) {
      if (finding.rule == rule) return finding.relation + ": " + finding.safer;
    }
    return std::string{"none"};
  };
  const test::Move like = step("CREATE TABLE events_2026 (LIKE events INCLUDING ALL)");
  const test::Trial scanned = test::attempt({like, step(attach)}, rest);
  INFO(scanned.told());
  CHECK(of(scanned, "partition.attach-scan").starts_with("public.events_rest: On the default"));
  const test::Trial proved = test::attempt(
      {step("ALTER TABLE events_rest ADD CONSTRAINT c CHECK (NOT (at >= '2026-01-01' AND at < "
            "'2027-01-01')) NOT VALID"),
       step("ALTER TABLE events_rest VALIDATE CONSTRAINT c"), like, step(attach)},
      rest);
  INFO(proved.told());
  CHECK(proved.finished.exit == 0);
  CHECK(of(proved, "partition.attach-scan") == "none");
  const test::Trial others = test::attempt(
      {step("CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO "
            "('2027-01-01')"),
       step("ALTER TABLE events DETACH PARTITION events_old")},
      rest);
  INFO(others.told());
  CHECK(
      of(others, "partition.created-in-place").starts_with("public.events: On public.events_rest"));
  CHECK(of(others, "partition.detach-blocking")
            .starts_with("public.events: PostgreSQL refuses DETACH"));
}

TEST_CASE("TRUNCATE empties tables, and not the sequences that it begins anew") {
  const test::Trial trial =
      test::attempt({test::step("TRUNCATE tickets RESTART IDENTITY CASCADE")});
  INFO(trial.told());
  CHECK(trial.found("rows.truncate"));
  CHECK(trial.told().find("all rows of public.tickets_id_seq") == std::string::npos);
  CHECK(!trial.found("rows.truncate-cascade"));
}
