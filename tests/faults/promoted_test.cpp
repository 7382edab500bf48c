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

const std::string await = R"lua(
local function await(table)
  return "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_class WHERE relname = '" .. table .. "') LOOP PERFORM pg_sleep(0.02); END LOOP; END $$"
end
)lua";

// Its second and third step wait for a table.
const std::string waits = await + R"lua(
return plan "Waits" {
  step "One"   { run = sql [[ INSERT INTO t VALUES (1) ]], rollback = nothing },
  step "Two"   { run = function() db.exec "INSERT INTO t VALUES (2)" db.exec(await "go_two") end, rollback = nothing },
  step "Three" { run = function() db.exec "INSERT INTO t VALUES (3)" db.exec(await "go_three") end, rollback = nothing },
}
)lua";

// The same for the rollbacks of the second and of the first step.
const std::string undone_slowly = await + R"lua(
return plan "Undone slowly" {
  step "One" {
    run      = sql [[ INSERT INTO t VALUES (1) ]],
    rollback = function() db.exec "DELETE FROM t WHERE n = 1" db.exec(await "go_one") end,
  },
  step "Two" {
    run      = sql [[ INSERT INTO t VALUES (2) ]],
    rollback = function() db.exec "DELETE FROM t WHERE n = 2" db.exec(await "go_two") end,
  },
}
)lua";

// Its first piece has ended when it waits.
const std::string outside = R"lua(
return plan "Outside" {
  step "Pieces" {
    transaction = "none",
    rollback = nothing,
    run = sql [[
      INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM t);
      DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_class WHERE relname = 'go_two') LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;
    ]],
  },
}
)lua";

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
  /// The standby answers in the server's place, and is promoted.
  void fail_over() const {
    server.stand_by();
    server.promote();
  }
  void await_statement(const std::string& part) const {
    const std::string active =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() "
        "AND query LIKE '%" +
        part + "%'";
    for (int i = 0; database.value(active) == "0"; ++i) {
      if (i == 1500) throw std::runtime_error("no statement with " + part);
      std::this_thread::sleep_for(20ms);
    }
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
  CHECK(has(resumed.all(), "the server is on timeline 2, and was on timeline 1"));
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
  place.fail_over();
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

TEST_CASE("a step that was committed before a failover is missed by the engine that lives on") {
  const Place place;
  place.folder.write("plan.lua", waits);
  Program program{place.words("run"), {place.folder.path(), {}, 90s}};
  place.await_statement("go_two");
  place.server.keep();
  place.database.sql("CREATE TABLE go_two ()");
  place.await_statement("go_three");
  REQUIRE(place.journal() == "done done");
  place.fail_over();
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK(has(ended.all(), R"(lacks step "Two", which run)"));
  CHECK(has(ended.all(), "timeline 2"));
  CHECK(place.rows() == "1");

  place.database.sql("CREATE TABLE go_two (); CREATE TABLE go_three ()");
  const Ended resumed = place.command("run");
  INFO(resumed.all());
  CHECK(resumed.status == 0);
  CHECK(place.rows() == "1 2 3");
}

TEST_CASE("a rollback that was committed before a failover is missed too") {
  const Place place;
  place.database.sql("CREATE TABLE go ()");
  place.folder.write("plan.lua", undone_slowly);
  REQUIRE(place.command("run").status == 0);
  Program program{place.words("rollback"), {place.folder.path(), {}, 90s}};
  place.await_statement("go_two");
  place.server.keep();
  place.database.sql("CREATE TABLE go_two ()");
  place.await_statement("go_one");
  place.fail_over();
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 6);
  CHECK(has(ended.all(), R"(lacks the rollback of step "Two", which run)"));
  CHECK(place.rows() == "1 2");
  place.database.sql("CREATE TABLE go_two (); CREATE TABLE go_one ()");
  CHECK(place.command("rollback").status == 0);
  CHECK(place.rows().empty());
}

TEST_CASE("a failover that lost nothing of the run is named, and the run goes on") {
  const Place place;
  place.folder.write("plan.lua", waits);
  Program program{place.words("run"), {place.folder.path(), {}, 90s}};
  place.await_statement("go_two");
  place.server.keep();
  place.fail_over();
  place.database.sql("CREATE TABLE go_two (); CREATE TABLE go_three ()");
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(has(ended.all(), "timeline 2"));
  CHECK(place.rows() == "1 2 3");
}

TEST_CASE("a run of which a promoted standby has nothing ends, and is begun anew") {
  const Place place;
  place.folder.write("plan.lua", waits);
  place.server.keep();
  Program program{place.words("run"), {place.folder.path(), {}, 90s}};
  place.await_statement("go_two");
  place.fail_over();
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK(has(ended.all(), "lacks what run"));
  place.database.sql("CREATE TABLE go_two (); CREATE TABLE go_three ()");
  CHECK(place.command("run").status == 0);
  CHECK(place.rows() == "1 2 3");
}

TEST_CASE("work outside a transaction is not gone on with after a failover") {
  const Place place;
  place.folder.write("plan.lua", outside);
  Program program{place.words("run"), {place.folder.path(), {}, 90s}};
  place.await_statement("go_two");
  place.server.keep();
  place.fail_over();
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status != 0);
  CHECK(has(ended.all(), "outside a transaction"));
  place.database.sql("CREATE TABLE go_two ()");
  CHECK(place.command("run").status == 0);
  CHECK(place.rows() == "1");
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
