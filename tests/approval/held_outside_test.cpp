// Steps outside a transaction are held to their rows, and to locks that keep writers out.
#include <csignal>

#include "approval/approving.h"
#include "db/connection.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string outside_plan = R"lua(
return plan "Outside" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  step "Work" {
    transaction = "none",
    run = sql [[ INSERT INTO aside VALUES (1); SELECT work(); INSERT INTO aside VALUES (2) ]],
    rollback = sql [[ DELETE FROM aside; UPDATE people SET name = lower(name);
                      ALTER TABLE people DROP COLUMN IF EXISTS age ]],
  },
}
)lua";

void check_stands(const Place& place, const std::string& rows) {
  CHECK(place.database.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM aside") == rows);
  CHECK(place.database.value("SELECT status FROM engine.step WHERE step = 'Work'") == "intent");
}

}  // namespace

TEST_CASE("steps outside a transaction are held to their rows") {
  const Place place{R"lua(
return plan "Outside" {
  step "Look" { run = sql [[ SELECT count(*) FROM people ]], rollback = nothing },
  step "Work" { transaction = "none", run = sql [[ INSERT INTO aside SELECT id FROM people ]],
                rollback = sql [[ DELETE FROM aside ]] },
}
)lua"};
  REQUIRE(place.save().status == 0);
  place.database.sql("INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 300) n");
  const Ended more = place.run();
  INFO(more.all());
  CHECK(more.status != 0);
  CHECK_THAT(more.all(), ContainsSubstring("inserts 500 rows in public.aside, where 200 were "
                                           "approved"));
  CHECK_THAT(more.all(), ContainsSubstring("The running statement was rolled back"));
  CHECK(place.database.value("SELECT count(*) FROM aside") == "0");
}

TEST_CASE("a statement outside a transaction that locks more is cancelled while it has the lock") {
  const Place place{outside_plan, with_helper};
  const Ended saved = place.save();
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  // Longer than the program may take: it ends only because it is cancelled.
  place.database.sql(
      "UPDATE doings SET doing = 'DO $$BEGIN LOCK TABLE people IN SHARE MODE; PERFORM "
      "pg_sleep(600); END$$'");
  const Ended locked = place.run();
  INFO(locked.all());
  CHECK(locked.status == 3);
  CHECK_THAT(locked.all(), ContainsSubstring("step \"Work\" locks public.people in SHARE mode, "
                                             "which was not approved"));
  CHECK_THAT(locked.all(), ContainsSubstring("The running statement was cancelled."));
  check_stands(place, "1");
}

TEST_CASE("a lock that is waited for outside a transaction counts as one that is had") {
  const Place place{outside_plan, with_helper};
  REQUIRE(place.save().status == 0);
  place.database.sql(
      "UPDATE doings SET doing = 'SET lock_timeout = 0; LOCK TABLE people IN ACCESS EXCLUSIVE "
      "MODE'");
  engine::db::Connection reader =
      engine::db::Connection::open(engine::db::Target::parse(place.database.conninfo()));
  reader.script("BEGIN; SELECT count(*) FROM people");
  const Ended waited = place.run();
  INFO(waited.all());
  CHECK(waited.status == 3);
  CHECK_THAT(waited.all(),
             ContainsSubstring("locks public.people in ACCESS EXCLUSIVE mode, which was not"));
  reader.rollback();
  check_stands(place, "1");
}

TEST_CASE("a lock outside a transaction that was approved, and one that blocks nobody, go on") {
  const Place place{outside_plan, with_helper};
  place.database.sql(
      "UPDATE doings SET doing = 'ALTER TABLE people ADD COLUMN age int; SELECT pg_sleep(0.3)'");
  const Ended saved = place.save();
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  const Ended ran = place.run();
  INFO(ran.all());
  CHECK(ran.status == 0);
}

TEST_CASE("what a killed run did outside a transaction is not missed by the one that goes on") {
  const Place place{R"lua(
return plan "Outside" {
  step "Work" {
    transaction = "none",
    done = function() return db.value "SELECT count(*) FROM aside" > 0 end,
    run = sql [[ INSERT INTO aside SELECT id FROM people; SELECT work() ]],
    rollback = sql [[ DELETE FROM aside; UPDATE people SET name = lower(name) ]],
  },
}
)lua",
                    with_helper};
  REQUIRE(place.save().status == 0);
  place.database.sql("UPDATE doings SET doing = 'SELECT pg_sleep(600)'");
  const std::string sleeping =
      " FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
  {
    Program killed{
        {"run", "plan.lua", "-d", place.database.conninfo(), "--yes", "--approved", "saved.json"},
        {place.folder.path(), {}, std::chrono::seconds{120}}};
    while (killed.running() && place.database.value("SELECT count(*)" + sleeping) == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    killed.signal(SIGKILL);
    REQUIRE(killed.wait().status == 137);
  }
  place.database.sql("SELECT pg_terminate_backend(pid, 30000)" + sleeping);
  const Ended resumed = place.run();
  INFO(resumed.all());
  CHECK(resumed.status == 0);
  CHECK(place.database.value("SELECT count(*) FROM aside") == "200");
}
