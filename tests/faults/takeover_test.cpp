// Two engines on one database: the first is frozen in the middle of a step and loses its session,
// the second goes on with its run, and the first wakes.
#include <chrono>
#include <csignal>
#include <thread>

#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

// The second step holds until somebody opens the gate.
const std::string three_steps = R"lua(
return plan "Three rows" {
  step "One" { run = sql [[ INSERT INTO t VALUES (1) ]], rollback = sql [[ DELETE FROM t WHERE n = 1 ]] },
  step "Two" {
    TRANSACTION
    run = {
      sql [[ INSERT INTO t VALUES (2) ]],
      function() while db.count "gate" == 0 do db.query "SELECT pg_sleep(0.05)" end end,
    },
    rollback = sql [[ DELETE FROM t WHERE n = 2 ]],
  },
  step "Three" { run = sql [[ INSERT INTO t VALUES (3) ]], rollback = sql [[ DELETE FROM t WHERE n = 3 ]] },
}
)lua";

struct Place {
  explicit Place(const std::string& transaction = "") {
    std::string plan = three_steps;
    plan.replace(plan.find("TRANSACTION"), std::string{"TRANSACTION"}.size(), transaction);
    folder.write("plan.lua", plan);
    database.sql("CREATE TABLE t (n int); CREATE TABLE gate ()");
  }

  Words words(const std::string& command) const {
    return {command, "plan.lua", "-d", database.conninfo(), "--yes"};
  }
  Ended command(const std::string& name) const { return run_engine(words(name), around()); }
  Surroundings around() const {
    Surroundings surroundings;
    surroundings.folder = folder.path();
    return surroundings;
  }
  void end_session() const {
    const Ended ended = run_engine({"status", "-d", database.conninfo(), "--end"}, around());
    INFO(ended.all());
    REQUIRE(ended.status == 0);
  }
  bool waits_at_gate() const {
    for (const auto give_up = Clock::now() + 10s; Clock::now() < give_up;
         std::this_thread::sleep_for(5ms)) {
      if (database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                         " AND datname = current_database()") == "1") {
        return true;
      }
    }
    return false;
  }
  void open_gate() const { database.sql("INSERT INTO gate DEFAULT VALUES"); }
  std::string rows() const {
    return database.value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM t");
  }
  std::string journal() const {
    return database.value(
        "SELECT string_agg(s.status, ' ' ORDER BY s.position) || ', ' || r.status"
        " FROM engine.run r JOIN engine.step s ON s.run = r.id GROUP BY r.id");
  }

  Folder folder;
  Database database;
};

// Frozen while it works on the second step.
struct Frozen : Program {
  explicit Frozen(const Place& place) : Program(place.words("run"), place.around()) {
    REQUIRE(place.waits_at_gate());
    signal(SIGSTOP);
  }
  Ended wakes() {
    signal(SIGCONT);
    return wait();
  }
};

}  // namespace

TEST_CASE("an engine that wakes after another has finished its run writes nothing") {
  const auto transaction = GENERATE(as<std::string>{}, "", "transaction = \"none\",");
  const Place place{transaction};
  Frozen first{place};
  place.end_session();
  place.open_gate();
  // Outside a transaction the row stands: a second one is what the plan does.
  if (!transaction.empty()) place.database.sql("DELETE FROM t WHERE n = 2");
  const Ended second = place.command("run");
  INFO(second.all());
  REQUIRE(second.status == 0);
  const Ended woken = first.wakes();
  INFO(woken.all());
  CHECK(woken.status == 3);
  CHECK(has(woken.err, "another engine has taken over run"));
  CHECK(place.rows() == "1 2 3");
  CHECK(place.journal() == "done done done, done");
}

TEST_CASE("an engine that wakes after another has rolled its run back writes nothing") {
  const Place place;
  Frozen first{place};
  place.end_session();
  place.open_gate();
  const Ended second = place.command("rollback");
  INFO(second.all());
  REQUIRE(second.status == 0);
  const Ended woken = first.wakes();
  INFO(woken.all());
  CHECK(woken.status == 3);
  CHECK(has(woken.err, "another engine has taken over run"));
  CHECK(place.rows().empty());
  CHECK(place.journal() == "rolled_back, rolled_back");
}

TEST_CASE("an engine that wakes while another works on its run leaves it alone") {
  const Place place;
  Frozen first{place};
  place.end_session();
  Program second{place.words("run"), place.around()};
  REQUIRE(place.waits_at_gate());
  first.signal(SIGCONT);
  std::this_thread::sleep_for(300ms);
  place.open_gate();
  const Ended ended = second.wait();
  INFO(ended.all());
  CHECK(ended.status == 0);
  const Ended woken = first.wait();
  INFO(woken.all());
  CHECK(woken.status == 3);
  CHECK(has(woken.err, "another engine has taken over run"));
  CHECK(place.rows() == "1 2 3");
  CHECK(place.journal() == "done done done, done");
}
