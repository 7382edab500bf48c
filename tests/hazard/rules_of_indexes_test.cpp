// Indexes and materialized views: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "hazard/target/impact.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> index_scenarios() {
  const auto version = [](int number) {
    return [number](auto& production, auto&) { production.version = number; };
  };
  const auto used = [](auto& production, auto&) {
    production.index_scans["public.orders_total"] = 12;
  };
  return {
      {"index.create-blocking",
       {step("CREATE INDEX ON customers (email)")},
       {outside("CREATE INDEX CONCURRENTLY customers_email ON customers (email)"),
        step("CREATE TABLE visits (id int PRIMARY KEY, customer int REFERENCES customers)"),
        step("CREATE SCHEMA other; CREATE TABLE other.customers (id int PRIMARY KEY)"),
        step("ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (id bigint PRIMARY KEY, "
             "customer bigint REFERENCES customers); CREATE INDEX ON orders (customer)")}},
      {"index.create-partitioned",
       {step("CREATE INDEX ON events (id)")},
       {step("CREATE INDEX events_id ON ONLY events (id)"),
        outside("CREATE INDEX CONCURRENTLY events_old_id ON events_old (id)"),
        step("ALTER INDEX events_id ATTACH PARTITION events_old_id")}},
      {"index.drop-blocking",
       {step("DROP INDEX orders_total")},
       {outside("DROP INDEX CONCURRENTLY orders_total")}},
      {"index.reindex-blocking",
       {step("REINDEX TABLE orders")},
       {outside("REINDEX TABLE CONCURRENTLY orders")}},
      // As a build that was ended half way leaves it.
      {"index.left-invalid",
       {step("CREATE INDEX broken ON orders (at); UPDATE pg_index SET indisvalid = false WHERE "
             "indexrelid = 'broken'::regclass")},
       {outside("CREATE INDEX CONCURRENTLY broken ON orders (at)")}},
      {"index.concurrently-corrupt",
       {outside("CREATE INDEX CONCURRENTLY customers_email ON customers (email)")},
       {outside("CREATE INDEX CONCURRENTLY customers_email ON customers (email)")},
       "",
       version(140002)},
      {"index.duplicate",
       {outside("CREATE INDEX CONCURRENTLY again ON orders (total)")},
       {outside("CREATE INDEX CONCURRENTLY other ON orders (total, at)")}},
      {"index.many-columns",
       {outside("CREATE INDEX CONCURRENTLY wide ON customers (email, age, old, name)")},
       {outside("CREATE INDEX CONCURRENTLY wide ON customers (email, age) INCLUDE (old, name)")}},
      {"index.drop-used",
       {outside("DROP INDEX CONCURRENTLY orders_total")},
       {outside("CREATE INDEX CONCURRENTLY orders_sum ON orders (total)"),
        outside("DROP INDEX CONCURRENTLY orders_total")},
       "",
       used},
      {"index.replaced-late",
       {outside("DROP INDEX CONCURRENTLY orders_total"),
        outside("CREATE INDEX CONCURRENTLY orders_sum ON orders (total, at)")},
       {outside("CREATE INDEX CONCURRENTLY orders_sum ON orders (total, at)"),
        outside("DROP INDEX CONCURRENTLY orders_total")}},
      {"matview.refresh-blocking",
       {step("REFRESH MATERIALIZED VIEW totals")},
       {step("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")}},
      {"matview.refresh-concurrently",
       {step("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")},
       {step("SELECT 1")}},
  };
}

}  // namespace test

namespace {

/// On a target where each table has a million rows in 1 GB, and what it is told of columns.
std::vector<engine::event::Impact> costs(const test::Trial& trial) {
  using namespace engine::database_state;
  using namespace engine::hazard;
  using namespace engine::shadow;
  using namespace engine::trace;
  Facts facts;
  for (const auto& [table, rows] : trial.before.counts) facts[table] = {1'000'000, 1 << 30, 1000};
  Production production;
  production.version = 150000;
  production.widths["public.orders"] = {{"customer", {8, 1000}}, {"total", {6, -1}}};
  const std::vector<Probe> probes;
  return impacts(RuleContext{
      trial.statements, facts, trial.before, trial.after, production, probes, {}, {}, {}});
}

/// "index build of public.orders", where each table is as large as that.
std::vector<std::string> works(const std::vector<test::Move>& moves,
                               const std::string& setup = "") {
  using namespace engine::database_state;
  using namespace engine::hazard;
  using namespace engine::shadow;
  using namespace engine::trace;
  const test::Trial trial = test::attempt(moves, setup);
  INFO(trial.told());
  REQUIRE(trial.finished.exit == 0);
  const std::vector<engine::event::Impact> found = costs(trial);
  std::vector<std::string> told;
  for (const auto& impact : found) told.push_back(impact.work + " of " + impact.relation);
  return told;
}

}  // namespace

TEST_CASE("what the target has to do is told of the table that it has to do it with") {
  using test::step;
  using Told = std::vector<std::string>;
  CHECK(
      works({step("CREATE TABLE visits (id int PRIMARY KEY, customer bigint REFERENCES customers); "
                  "CREATE INDEX ON visits (customer)")}) == Told{});
  CHECK(works({step("CREATE TABLE again (LIKE customers INCLUDING ALL)")}) == Told{});
  CHECK(
      works({step("ALTER TABLE orders RENAME TO old_orders; CREATE TABLE orders (id bigint PRIMARY "
                  "KEY, customer bigint REFERENCES customers)")}) == Told{});
  CHECK(works({step("ALTER TABLE orders RENAME TO old_orders; CREATE INDEX ON old_orders (at)")}) ==
        Told{"index build of public.orders"});
  CHECK(works({step("CREATE INDEX i ON orders (at)"), step("DROP INDEX i")}) ==
        Told{"index build of public.orders"});
  CHECK(works({step("ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES prices")},
              "INSERT INTO prices SELECT n, n FROM generate_series(2, 20) n") ==
        Told{"foreign key of public.orders"});
}

TEST_CASE("each hazard of indexes is found, and not in the safer way") {
  test::try_out(test::index_scenarios());
}

TEST_CASE(
    "a loop costs once what it does at its line, and a copy and CLUSTER cost a second table") {
  using test::step;
  using Told = std::vector<std::string>;
  CHECK(works({test::outside("VACUUM FULL orders")}) == Told{"rewrite of public.orders"});
  CHECK(works({test::outside("CLUSTER orders USING orders_total")}) ==
        Told{"rewrite of public.orders"});
  CHECK(
      works({step("CREATE TABLE again (LIKE orders INCLUDING ALL); INSERT INTO again SELECT * FROM "
                  "orders WHERE id <= 10")}) == Told{"copy of public.orders"});
  test::Trial trial = test::attempt({step("UPDATE orders SET total = 1 WHERE id <= 2")});
  auto again = std::find_if(trial.statements.begin(), trial.statements.end(),
                            [](const auto& each) { return each.tag.starts_with("UPDATE"); });
  REQUIRE(again != trial.statements.end());
  again->line = 3;
  const engine::trace::StatementTrace copy = *again;
  for (int i = 0; i < 19; ++i) trial.statements.push_back(copy);
  const auto found = costs(trial);
  REQUIRE(found.size() == 1);
  CHECK(found[0].basis.find("40 of the shadow's 20 rows") != std::string::npos);
}

TEST_CASE("an index is as large as its columns are wide, and smaller where values come again") {
  const test::Trial trial = test::attempt({test::step("CREATE INDEX ON orders (total)"),
                                           test::step("CREATE INDEX ON orders (customer)"),
                                           test::step("CREATE INDEX ON orders (at)")});
  INFO(trial.told());
  const auto found = costs(trial);
  REQUIRE(found.size() == 3);
  // A million entries of 20 bytes, nine tenths of a page.
  CHECK(found[0].disk_bytes > 20'000'000);
  CHECK(found[0].disk_bytes < 35'000'000);
  CHECK(found[1].wal_low < 10'000'000);
  CHECK(found[1].basis.find("by the widths of its columns") != std::string::npos);
  CHECK(found[2].basis.find("by the widths") == std::string::npos);
}
