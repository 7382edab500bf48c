// What a trace of a statement tells, and tells of what is gone by the time that one looks.
#include <algorithm>
#include <chrono>
#include <thread>

#include "hazard/scenario.h"
#include "preview/trace_events.h"
#include "support/catch.h"
#include "support/database.h"
#include "trace/observer.h"

using namespace test;
using namespace engine;
using namespace engine::database_state;
using namespace engine::hazard;
using namespace engine::preview;
using namespace engine::shadow;
using namespace engine::trace;

namespace {

const Lock* lock_on(const StatementTrace& statement, const std::string& relation,
                    const std::string& mode) {
  for (const Lock& lock : statement.locks) {
    if (lock.relation == relation && lock.mode == mode) return &lock;
  }
  return nullptr;
}

/// The statement of a trial that has that word.
const StatementTrace& with(const Trial& trial, const std::string& word) {
  for (const StatementTrace& statement : trial.statements) {
    if (statement.sql.find(word) != std::string::npos) return statement;
  }
  FAIL("no statement has " << word << ": " << trial.told());
  return trial.statements.front();
}

}  // namespace

TEST_CASE("a lock that a subtransaction gave back is told, and so is one on what was dropped") {
  const Trial trial = attempt(
      {step("DO $$ BEGIN BEGIN ALTER TABLE customers ADD COLUMN z int; RAISE EXCEPTION 'no'; "
            "EXCEPTION WHEN raise_exception THEN NULL; END; END $$"),
       step("DROP TABLE prices")});
  INFO(trial.told());
  const Lock* given_back = lock_on(with(trial, "DO $$"), "public.customers", "AccessExclusiveLock");
  REQUIRE(given_back != nullptr);
  CHECK(given_back->transient);
  const Lock* dropped = lock_on(with(trial, "prices"), "public.prices", "AccessExclusiveLock");
  REQUIRE(dropped != nullptr);
  CHECK(!dropped->transient);
}

TEST_CASE("rows that triggers and cascades change are counted by table") {
  const Trial trial = attempt(
      {step("DELETE FROM owners WHERE id = 1")},
      "CREATE TABLE owners (id int PRIMARY KEY); INSERT INTO owners VALUES (1), (2);"
      "CREATE TABLE pets (id int PRIMARY KEY, owner int REFERENCES owners ON DELETE CASCADE);"
      "INSERT INTO pets VALUES (1, 1), (2, 1), (3, 2);"
      "CREATE TABLE log (n int);"
      "CREATE FUNCTION logs() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN INSERT INTO public.log VALUES (1); RETURN NULL; END $$;"
      "CREATE TRIGGER l AFTER DELETE ON pets FOR EACH ROW EXECUTE FUNCTION logs()");
  const StatementTrace& statement = with(trial, "DELETE");
  CHECK(statement.rows.at("public.owners").deleted == 1);
  CHECK(statement.rows.at("public.pets").deleted == 2);
  CHECK(statement.rows.at("public.log").inserted == 2);
}

TEST_CASE("what was proved, scanned, built, sorted in files and written ahead is told") {
  const Trial trial = attempt(
      {step("ALTER TABLE customers ADD CONSTRAINT c CHECK (email IS NOT NULL)"),
       step("ALTER TABLE customers ALTER COLUMN email SET NOT NULL"),
       step("CREATE INDEX made ON orders (at)"),
       step("SET LOCAL work_mem = '64kB'; CREATE TABLE sorted AS SELECT n FROM generate_series(1, "
            "20000) AS n ORDER BY md5(n::text)")});
  INFO(trial.told());
  CHECK(with(trial, "CHECK").verified == std::vector<std::string>{"customers"});
  CHECK(with(trial, "CHECK").rows.at("public.customers").scanned == 20);
  CHECK(with(trial, "SET NOT NULL").verified.empty());
  CHECK(with(trial, "SET NOT NULL").proved.size() == 1);
  CHECK(with(trial, "CREATE INDEX").built == std::vector<std::string>{"made"});
  CHECK(with(trial, "sorted").temp_bytes > 0);
  CHECK(with(trial, "sorted").wal_bytes > 100'000);
  CHECK(with(trial, "sorted").grown_bytes > 100'000);
}

TEST_CASE("a transaction's locks are told as spans, and rewrites with their reason") {
  const Trial trial =
      attempt({step("ALTER TABLE customers ALTER COLUMN age TYPE bigint; SELECT "
                    "pg_sleep(0.2); DROP TABLE orders CASCADE")});
  INFO(trial.told());
  std::vector<event::Timeline> timelines;
  std::vector<event::StatementTraced> traces;
  for (const event::EventBody& event : trace_events(trial.statements, trial.before)) {
    if (const auto* timeline = std::get_if<event::Timeline>(&event)) timelines.push_back(*timeline);
    if (const auto* trace = std::get_if<event::StatementTraced>(&event)) traces.push_back(*trace);
  }
  REQUIRE(timelines.size() == 1);
  const auto held =
      std::find_if(timelines[0].locks.begin(), timelines[0].locks.end(), [](const auto& lock) {
        return lock.relation == "public.customers" && lock.mode == "ACCESS EXCLUSIVE";
      });
  REQUIRE(held != timelines[0].locks.end());
  CHECK(held->until_ms - held->from_ms >= 200);
  CHECK(held->blocks == std::vector<std::string>{"reads", "writes", "DDL"});
  REQUIRE(traces.size() >= 3);
  CHECK(traces[0].rewrites.at(0).relation == "public.customers");
  CHECK(traces[0].rewrites.at(0).reason == "another type");
  CHECK(traces[0].scans.at(0).why == "to write it anew");
  CHECK(traces[2].transaction == traces[0].transaction);
  CHECK(traces[2].from_ms >= 200);
  const bool taken =
      std::any_of(traces[2].dropped.begin(), traces[2].dropped.end(), [](const auto& dropped) {
        return dropped.cascade && dropped.object == "materialized view public.totals";
      });
  CHECK(taken);
}

TEST_CASE("CONCURRENTLY tells its phases, and that it waited") {
  const Database database;
  database.sql("CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 100)");
  const db::Target target = db::Target::parse(database.conninfo());
  db::Connection holder = db::Connection::open(target);
  db::Connection works = db::Connection::open(target);
  Observer observer{target, works.backend_pid(), "engine"};
  holder.execute("BEGIN");
  holder.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE");
  std::thread thread{[&] { works.execute("CREATE INDEX CONCURRENTLY i ON t (a)"); }};
  // It cannot go on before the holder ends, however slow the machine.
  Observer::Sample waiting;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (waiting.waited.empty() && std::chrono::steady_clock::now() < patience)
    waiting = observer.take();
  holder.execute("ROLLBACK");
  thread.join();
  const Observer::Sample after = observer.take();
  CHECK(waiting.waited.contains(0));  // for a transaction, not for a lock on a relation
  const bool seen = std::any_of(after.phases.begin(), after.phases.end(), [](const Phase& phase) {
    return phase.name == "waiting for writers before build";
  });
  CHECK(seen);
}

TEST_CASE("what was done is told of its own statement, under the name that the table has then") {
  const Trial trial = attempt(
      {step("UPDATE customers SET age = 1"), step("CREATE TABLE fresh (id int PRIMARY KEY)"),
       step("UPDATE customers SET age = 2; ALTER TABLE customers RENAME TO clients")});
  INFO(trial.told());
  CHECK(with(trial, "age = 1").rows.at("public.customers").updated == 20);
  CHECK(!with(trial, "fresh").rows.contains("public.customers"));
  CHECK(with(trial, "age = 2").rows.at("public.customers").updated == 20);
  CHECK(with(trial, "RENAME").rows.empty());
}

// The server adds a session's counts to its own when a statement ends a second after the last time.
TEST_CASE("what a statement outside a transaction did is told however long it took") {
  const Trial trial =
      attempt({outside("SELECT pg_sleep(1.1)"), outside("UPDATE customers SET age = 1"),
               outside("SELECT pg_sleep(1.2), count(*) AS slow FROM orders")});
  INFO(trial.told());
  const Database database;
  if (db::Connection::open(db::Target::parse(database.conninfo())).server_version() < 150000)
    return;
  CHECK(with(trial, "age = 1").rows.at("public.customers").updated == 20);
  CHECK(with(trial, "slow").rows.at("public.orders").scans == 1);
}
