// Two engines on one database, in every order: the second never changes anything while the first
// works, and what stands in the end is what one alone would have left.
#include <chrono>
#include <thread>

#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;
using namespace std::chrono_literals;

namespace {

// The second step asks, and then holds until there is a row in `gate`.
const std::string three_steps = R"lua(
return plan "Three rows" {
  step "One" {
    run = sql [[ INSERT INTO t VALUES (1) ]], rollback = sql [[ DELETE FROM t WHERE n = 1 ]],
    verify = check "It is there" { function() expect.query "SELECT FROM t WHERE n = 1" :has_rows(1) end },
  },
  step "Two" {
    confirm  = function() return "Go on?" end,
    run      = { sql [[ INSERT INTO t VALUES (2) ]], function() while db.count "gate" == 0 do db.query "SELECT pg_sleep(0.05)" end end },
    rollback = { sql [[ DELETE FROM t WHERE n = 2 ]], function() while db.count "gate" == 0 do db.query "SELECT pg_sleep(0.05)" end end },
  },
  step "Three" { run = sql [[ INSERT INTO t VALUES (3) ]], rollback = sql [[ DELETE FROM t WHERE n = 3 ]] },
  task "Count" { id = "count", run = sql [[ INSERT INTO counted SELECT count(*) FROM t ]] },
}
)lua";

struct Place {
  Place() {
    folder.write("plan.lua", three_steps);
    database.sql("CREATE TABLE t (n int); CREATE TABLE gate (n int); CREATE TABLE counted (n int)");
  }
  Words words(const std::string& command) const {
    if (command == "status") return {"status", "-d", database.conninfo()};
    if (command == "task") return {"task", "plan.lua", "count", "-d", database.conninfo(), "--yes"};
    return {command, "plan.lua", "-d", database.conninfo(), "--yes"};
  }
  Surroundings around() const { return {folder.path(), {}, 90s}; }
  Ended command(const std::string& name) const { return run_engine(words(name), around()); }
  void open_gate() const { database.sql("INSERT INTO gate VALUES (1)"); }
  bool works() const {
    for (int i = 0; i < 4000; ++i, std::this_thread::sleep_for(5ms)) {
      if (database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                         " AND datname = current_database()") == "1")
        return true;
    }
    return false;
  }
  std::string rows() const {
    return database.value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM t");
  }
  std::string journal() const {
    return database.value(
        "SELECT string_agg(s.status, ' ' ORDER BY s.position) || ', ' || r.status"
        " FROM engine.run r JOIN engine.step s ON s.run = r.id WHERE r.plan = 'plan'"
        " GROUP BY r.id, r.sequence ORDER BY r.sequence DESC LIMIT 1");
  }

  Folder folder;
  Database database;
};

// What only reads may look on; what would change something is told who works there.
void stays_away(const Place& place, const std::string& second) {
  const Ended ended = place.command(second);
  INFO("second: " << second << "\n" << ended.all());
  const bool reads = second == "status" || second == "verify";
  CHECK((ended.status == 5 || (reads && ended.status == 0)));
  if (ended.status == 5) CHECK(has(ended.err, "another engine works on this database"));
  CHECK(place.database.value("SELECT count(*) FROM counted") == "0");
}

}  // namespace

TEST_CASE("while one engine runs, another command stays away") {
  const Place place;
  Program first{place.words("run"), place.around()};
  REQUIRE(place.works());
  for (const char* second : {"run", "rollback", "verify", "task", "status"})
    stays_away(place, second);
  place.open_gate();
  const Ended ended = first.wait();
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(place.rows() == "1 2 3");
  CHECK(place.journal() == "done done done, done");
}

TEST_CASE("while one engine waits for an answer, another command stays away") {
  const Place place;
  place.open_gate();
  TerminalProgram first{{"run", "plan.lua", "-d", place.database.conninfo()}, place.around()};
  REQUIRE(first.says("Run 3 steps"));
  first.type("y\n");
  REQUIRE(first.says("Go on?"));
  for (const char* second : {"run", "rollback", "verify", "task", "status"})
    stays_away(place, second);
  CHECK(place.rows() == "1");
  first.type("y\n");
  CHECK(first.wait() == 0);
  INFO(first.screen());
  CHECK(place.rows() == "1 2 3");
  CHECK(place.journal() == "done done done, done");
}

TEST_CASE("while one engine rolls back, another command stays away") {
  const Place place;
  place.open_gate();
  REQUIRE(place.command("run").status == 0);
  place.database.sql("DELETE FROM gate");
  Program first{place.words("rollback"), place.around()};
  REQUIRE(place.works());
  for (const char* second : {"run", "rollback", "verify", "task", "status"})
    stays_away(place, second);
  place.open_gate();
  const Ended ended = first.wait();
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(place.rows().empty());
  CHECK(place.journal() == "rolled_back rolled_back rolled_back, rolled_back");
}

TEST_CASE("of two engines that start at once, one works") {
  for (int round = 0; round < 3; ++round) {
    const Place place;
    place.open_gate();
    Program one{place.words("run"), place.around()};
    Program other{place.words("run"), place.around()};
    const Ended ends[] = {one.wait(), other.wait()};
    INFO(ends[0].all() << ends[1].all());
    for (const Ended& ended : ends) CHECK((ended.status == 0 || ended.status == 5));
    CHECK((ends[0].status == 0 || ends[1].status == 0));
    CHECK(place.rows() == "1 2 3");
    CHECK(place.journal() == "done done done, done");
  }
}

TEST_CASE("a run and a rollback that start at once leave all of it, or nothing") {
  for (int round = 0; round < 3; ++round) {
    const Place place;
    place.open_gate();
    REQUIRE(place.command("run").status == 0);
    Program one{place.words("rollback"), place.around()};
    Program other{place.words("run"), place.around()};
    const Ended ends[] = {one.wait(), other.wait()};
    INFO(ends[0].all() << ends[1].all());
    for (const Ended& ended : ends) CHECK((ended.status == 0 || ended.status == 5));
    const std::string rows = place.rows();
    CHECK((rows.empty() || rows == "1 2 3"));
    CHECK(place.journal() == (rows.empty() ? "rolled_back rolled_back rolled_back, rolled_back"
                                           : "done done done, done"));
  }
}
