// Indexes and materialized views: what trips each rule, and the safer way.
#include "preview/target/impact.h"
#include "scenario.h"
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

/// "index build of public.orders", where each table is as large as that.
std::vector<std::string> works(const std::vector<test::Move>& moves,
                               const std::string& setup = "") {
  using namespace engine::preview;
  const test::Trial trial = test::attempt(moves, setup);
  INFO(trial.told());
  REQUIRE(trial.finished.exit == 0);
  Facts facts;
  for (const auto& [table, rows] : trial.before.counts) facts[table] = {1'000'000, 1 << 30, 1000};
  Production production;
  production.version = 150000;
  const std::vector<Probe> probes;
  std::vector<std::string> told;
  for (const auto& impact : impacts(Scene{
           trial.statements, facts, trial.before, trial.after, production, probes, {}, {}, {}}))
    told.push_back(impact.work + " of " + impact.relation);
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
