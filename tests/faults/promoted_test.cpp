// A standby, its promotion, and a COMMIT that waits for a standby which never answers.
#include <chrono>
#include <thread>

#include "scenarios/example.h"
#include "support/catch.h"
#include "support/server.h"

using namespace test;
using namespace std::chrono_literals;

namespace {

// It stops at its third step until there is a table `go`.
const std::string stops = R"lua(
return plan "Stops" {
  step "One"   { run = sql [[ INSERT INTO t VALUES (1) ]], rollback = sql [[ DELETE FROM t WHERE n = 1 ]] },
  step "Two"   { run = sql [[ INSERT INTO t VALUES (2) ]], rollback = sql [[ DELETE FROM t WHERE n = 2 ]] },
  step "Three" {
    run      = function() if not catalog.has_table "go" then error "not yet" end db.exec "INSERT INTO t VALUES (3)" end,
    rollback = sql [[ DELETE FROM t WHERE n = 3 ]],
  },
}
)lua";

const std::string first_alone = stops.substr(0, stops.find("  step \"Two\"")) + "}\n";

struct Place {
  Place() : database("template0", server.socket()) {
    database.sql("CREATE TABLE t (n int)");
    folder.write("plan.lua", stops);
  }
  Words words(const std::string& command) const {
    return {command, "plan.lua", "-d", database.conninfo(), "--yes"};
  }
  Ended command(const std::string& name) const {
    return run_engine(words(name), {folder.path(), {}, 90s});
  }
  Ended status(const Words& flags = {}) const {
    return run_engine(Words{"status", "-d", database.conninfo()} + flags, {folder.path(), {}, 60s});
  }
  std::string rows() const {
    return database.value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM t");
  }
  std::string journal() const {
    return database.value("SELECT string_agg(status, ' ' ORDER BY position) FROM engine.step");
  }

  Server server;
  Database database;
  Folder folder;
};

// Nothing that drops a database must wait for a standby.
struct Replication {
  explicit Replication(const Database& its_database) : database(its_database) {
    database.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    database.sql("SELECT pg_reload_conf()");
  }
  Replication(const Replication&) = delete;
  Replication& operator=(const Replication&) = delete;
  ~Replication() {
    database.sql("ALTER SYSTEM RESET synchronous_standby_names");
    database.sql("SELECT pg_reload_conf()");
  }
  const Database& database;
};

}  // namespace

TEST_CASE("a standby is read and not written, and its promotion is named when the run goes on") {
  const Place place;
  REQUIRE(place.command("run").status == 3);
  place.server.keep();
  place.server.stand_by();

  const Ended refused = place.command("run");
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(has(refused.err, "the server is a standby: it accepts no changes"));
  CHECK(place.status().status == 0);

  place.server.promote();
  place.database.sql("CREATE TABLE go ()");
  const Ended resumed = place.command("run");
  INFO(resumed.all());
  CHECK(resumed.status == 0);
  CHECK(has(resumed.all(), "the server is on timeline 2 and was on timeline 1"));
  CHECK(place.rows() == "1 2 3");
  const Ended undone = place.command("rollback");
  CHECK(undone.status == 0);
  CHECK_FALSE(has(undone.all(), "timeline"));
  CHECK(place.rows().empty());
}

TEST_CASE("a step that the promoted standby had not received is done again") {
  const Place place;
  // One step, then the standby falls behind.
  place.folder.write("plan.lua", first_alone);
  REQUIRE(place.command("run").status == 0);
  place.server.keep();
  place.folder.write("plan.lua", stops);
  REQUIRE(place.command("run").status == 3);
  REQUIRE(place.rows() == "1 2");
  place.server.stand_by();
  place.server.promote();
  CHECK(place.rows() == "1");
  CHECK(place.journal() == "done");
  place.database.sql("CREATE TABLE go ()");
  const Ended resumed = place.command("run");
  INFO(resumed.all());
  CHECK(resumed.status == 0);
  CHECK(has(resumed.all(), "timeline 2"));
  CHECK(place.rows() == "1 2 3");
  CHECK(place.journal() == "done done done");
}

TEST_CASE("a COMMIT that waits for a standby is told as committed, and not replicated") {
  const Place place;
  place.database.sql("CREATE TABLE go ()");
  REQUIRE(place.status().status == 0);
  const std::string waiting =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = "
      "current_database()";
  const Replication waits{place.database};
  Program program{place.words("run"), {place.folder.path(), {}, 90s}};
  // Each COMMIT waits, and the first one is not that of a step.
  int cancelled = 0;
  for (const auto give_up = std::chrono::steady_clock::now() + 60s;
       program.running() && std::chrono::steady_clock::now() < give_up;
       std::this_thread::sleep_for(20ms)) {
    if (place.database.value(waiting) == "0") continue;
    place.database.value(
        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    ++cancelled;
  }
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(cancelled > 0);
  CHECK(ended.status == 0);
  CHECK(has(ended.all(), "committed locally, but might not have been replicated"));
  CHECK(place.rows() == "1 2 3");
  CHECK(place.journal() == "done done done");
}
