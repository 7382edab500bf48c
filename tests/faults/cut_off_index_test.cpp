// The engine is killed while a statement outside a transaction waits for another session. However
// the statement is written, and whoever sends it: the run that goes on ends well only when every
// index is valid, and nothing is left half done.
#include <chrono>
#include <csignal>
#include <thread>

#include "db/connection.h"
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;
using namespace std::chrono_literals;
using engine::db::Connection;
using engine::db::Target;

namespace {

constexpr const char* writes = "INSERT INTO t VALUES (0, 0, 0)";  // a build waits for its end
constexpr const char* reads = "SELECT FROM t";                    // so does what drops an index

class Place {
 public:
  /// A plan of one step whose run is `run`, in Lua.
  explicit Place(const std::string& run, const std::string& setup = "",
                 const std::string& undo = "nothing") {
    folder_.write("plan.lua",
                  "return plan \"Indexes\" { step \"One\" { transaction = \"none\", run = " + run +
                      ", rollback = " + undo + " } }");
    database.sql("CREATE TABLE t (a int, b int, c int); " + setup);
  }

  Ended command(const std::string& verb) const { return run_engine(words(verb), around()); }

  /// Killed when its session waits for another one that has done `what` in a transaction.
  void kill_while_it_waits(const std::string& what, const std::string& verb = "run") const {
    Connection other = Connection::open(Target::parse(database.conninfo()));
    other.execute("BEGIN");
    other.execute(what);
    Program engine{words(verb), around()};
    const bool waits = becomes(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()");
    engine.signal(SIGKILL);
    const Ended killed = engine.wait();
    INFO(killed.all());
    REQUIRE(waits);
    // The server ends the statement of a client that is gone, while it still waits.
    REQUIRE(
        becomes("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name LIKE 'engine/%'"
                " AND datname = current_database()"));
    other.execute("ROLLBACK");
  }

  std::string invalid() const {
    return database.value(
        "SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index WHERE NOT indisvalid");
  }
  std::string indexes() const {
    return database.value(
        "SELECT string_agg(pg_get_indexdef(indexrelid), '; ' ORDER BY indexrelid::regclass::text) "
        "FROM pg_index"
        " WHERE indrelid = 't'::regclass");
  }
  void ends_well(const std::string& verb = "run") const {
    const Ended ended = command(verb);
    INFO(ended.all());
    CHECK(ended.status == 0);
    CHECK(invalid().empty());
  }

  Database database;

 private:
  Words words(const std::string& verb) const {
    return {verb, "plan.lua", "-d", database.conninfo(), "--yes"};
  }
  Surroundings around() const { return {folder_.path(), {}, 60s}; }
  bool becomes(const std::string& condition) const {
    for (const auto give_up = std::chrono::steady_clock::now() + 20s;
         std::chrono::steady_clock::now() < give_up; std::this_thread::sleep_for(5ms)) {
      if (database.value(condition) == "t") return true;
    }
    return false;
  }

  Folder folder_;
};

const std::string long_name(70, 'n');

}  // namespace

TEST_CASE("CREATE INDEX CONCURRENTLY that was cut off is built, in every spelling") {
  const std::string statement = GENERATE(
      as<std::string>{}, "CREATE INDEX CONCURRENTLY i ON t (a)",
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", "CREATE INDEX CONCURRENTLY ON t (a)",
      "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY public . t (a)",
      "CREATE INDEX /* ON u */ CONCURRENTLY IF NOT EXISTS -- x\n \"I \"\"x\" ON t (a) WHERE b > 1",
      "CREATE INDEX CONCURRENTLY U&\"\\0069\" ON U&\"!0074\" UESCAPE '!' (lower(a::text))",
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS " + long_name + " ON t (a)");
  const bool by_function = GENERATE(false, true);
  const Place place{by_function ? "function() db.exec [==[ " + statement + " ]==] end"
                                : "sql [==[ " + statement + " ]==]"};
  INFO(statement);
  place.kill_while_it_waits(writes);
  CHECK_FALSE(place.invalid().empty());
  place.ends_well();
  CHECK(place.database.value("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass") ==
        "1");
}

TEST_CASE("REINDEX CONCURRENTLY that was cut off leaves no second index, in every spelling") {
  const std::string statement = GENERATE(
      as<std::string>{}, "REINDEX INDEX CONCURRENTLY i", "REINDEX (CONCURRENTLY, VERBOSE) TABLE t",
      "REINDEX SCHEMA CONCURRENTLY public", "REINDEX (CONCURRENTLY true) DATABASE DATABASENAME");
  // Behind `reads` it waits with both indexes built, and only the old one to drop.
  const std::string what = GENERATE(as<std::string>{}, writes, reads);
  const Place place{
      "function() local name = db.value \"SELECT quote_ident(current_database())\""
      " db.exec((([==[ " +
          statement + " ]==]):gsub(\"DATABASENAME\", name))) end",
      "CREATE INDEX i ON t (a); CREATE INDEX j ON t (b)"};
  INFO(statement << " behind " << what);
  const std::string before = place.indexes();
  place.kill_while_it_waits(what);
  CHECK_FALSE(place.invalid().empty());
  place.ends_well();
  CHECK(place.indexes() == before);
}

TEST_CASE("DROP INDEX CONCURRENTLY that was cut off is done again") {
  const bool by_function = GENERATE(false, true);
  const std::string statement = "DROP INDEX CONCURRENTLY i";
  const Place place{
      by_function ? "function() db.exec \"" + statement + "\" end" : "sql [[ " + statement + " ]]",
      "CREATE INDEX i ON t (a)"};
  place.kill_while_it_waits(reads);
  CHECK(place.invalid() == "i");
  place.ends_well();
  CHECK(place.indexes().empty());
}

TEST_CASE("DETACH PARTITION CONCURRENTLY that was cut off half-way is finalized") {
  const Place place{"sql [[ ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY ]]",
                    "CREATE TABLE p (a int) PARTITION BY LIST (a);"
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)"};
  place.kill_while_it_waits("SELECT FROM p");
  CHECK(place.database.value("SELECT inhdetachpending FROM pg_inherits") == "t");
  place.ends_well();
  CHECK(place.database.value("SELECT count(*) FROM pg_inherits") == "0");
}

TEST_CASE("a rollback that was cut off builds the index that it brings back") {
  const Place place{"sql [[ DROP INDEX CONCURRENTLY i ]]", "CREATE INDEX i ON t (a)",
                    "sql [[ CREATE INDEX CONCURRENTLY i ON t (a) ]]"};
  const std::string before = place.indexes();
  place.ends_well();
  place.kill_while_it_waits(writes, "rollback");
  CHECK(place.invalid() == "i");
  place.ends_well("rollback");
  CHECK(place.indexes() == before);
}

TEST_CASE("a build that was cut off is rolled back") {
  const Place place{"function() db.exec \"CREATE INDEX CONCURRENTLY i ON t (a)\" end", "",
                    "sql [[ DROP INDEX CONCURRENTLY i ]]"};
  place.kill_while_it_waits(writes);
  place.ends_well("rollback");
  CHECK(place.indexes().empty());
}

TEST_CASE("somebody else's index of the name is not the plan's, run after run") {
  const Place place{"sql [[ CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a) ]]",
                    "CREATE INDEX t_a ON t (b)", "sql [[ DROP INDEX CONCURRENTLY t_a ]]"};
  const std::string before = place.indexes();
  for (const char* verb : {"run", "run"}) {
    const Ended failed = place.command(verb);
    INFO(failed.all());
    CHECK(failed.status != 0);
    CHECK(has(failed.err, "42P07"));
  }
  place.ends_well("rollback");
  CHECK(place.indexes() == before);
}

TEST_CASE("the spellings of one plan, each cut off once, end with valid indexes") {
  const Place place{
      "{ function() db.exec \"CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a)\" end,"
      "  sql [[ CREATE INDEX CONCURRENTLY ON t (b) ]], sql [[ REINDEX INDEX CONCURRENTLY t_a ]] }",
      "",
      "sql [[ DROP INDEX CONCURRENTLY IF EXISTS t_a; DROP INDEX CONCURRENTLY IF EXISTS t_b_idx ]]"};
  place.kill_while_it_waits(writes);
  place.kill_while_it_waits(reads);
  place.ends_well();
  CHECK(place.database.value(
            "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid::regclass::text)"
            " FROM pg_index WHERE indrelid = 't'::regclass") == "t_a t_b_idx");
  place.ends_well("rollback");
  CHECK(place.indexes().empty());
}
