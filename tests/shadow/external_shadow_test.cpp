// A preview on a database that the user supplies.
#include <signal.h>

#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/server.h"

using namespace test;

namespace {

std::string plan_of(const std::string& run, const std::string& rollback) {
  return "return plan \"Lent\" { step \"Only\" { run = sql [==[ " + run +
         " ]==], rollback = sql [==[ " + rollback + " ]==] } }\n";
}

const std::string plan =
    plan_of("ALTER TABLE things ADD COLUMN note text; CREATE ROLE made_by_lent_plan",
            "ALTER TABLE things DROP COLUMN note; DROP ROLE made_by_lent_plan");

void fill(const Database& database) {
  database.sql(
      "CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things SELECT generate_series(1, 9)");
}

/// What a preview may leave: nothing in the database, no other databases, no roles.
std::string left(const Database& lent) {
  return lent.value(
      "SELECT concat_ws(' ', (SELECT count(*) FROM pg_database WHERE datname LIKE "
      "'engine\\_shadow\\_%'), "
      "(SELECT count(*) FROM pg_class WHERE oid >= 16384), (SELECT count(*) FROM pg_proc WHERE oid "
      ">= 16384), "
      "(SELECT count(*) FROM pg_event_trigger), (SELECT count(*) FROM pg_roles WHERE rolname = "
      "'made_by_lent_plan'))");
}
const std::string nothing = "0 0 0 0 0";

Previewed preview_on(const Database& target, const std::string& shadow,
                     const std::string& text = plan) {
  Folder folder;
  folder.write("plan.lua", text);
  return preview(folder, {"-d", target.conninfo(), "--shadow", shadow, "--fail-on", "never"});
}

}  // namespace

TEST_CASE("a lent database is used and left empty, whether the plan succeeds or fails") {
  const Server server;
  const Database target, lent{"template0", server.socket()};
  fill(target);
  const Previewed good = preview_on(target, lent.conninfo());
  INFO(good.ended.all());
  CHECK(good.ended.status == 0);
  CHECK(good.proof("rollback").at("ok") == true);
  CHECK(left(lent) == nothing);
  const Previewed bad = preview_on(
      target, lent.conninfo(), plan_of("CREATE ROLE made_by_lent_plan; SELECT 1 / 0", "SELECT 1"));
  INFO(bad.ended.all());
  CHECK(bad.ended.status == 8);
  CHECK_THAT(bad.events.back().at("next").get<std::string>(),
             ContainsSubstring(" --shadow '" + lent.conninfo() + "'"));
  CHECK(left(lent) == nothing);
}

TEST_CASE("the target itself, and a database that holds anything, are refused as shadows") {
  const Database target, full, lent;
  fill(target);
  full.sql("CREATE TABLE precious (id int)");
  const Previewed itself = preview_on(target, target.conninfo());
  CHECK(itself.ended.status == 5);
  CHECK_THAT(itself.ended.all(), ContainsSubstring("the target itself"));
  const Previewed used = preview_on(target, full.conninfo());
  CHECK(used.ended.status == 5);
  CHECK_THAT(used.ended.all(), ContainsSubstring("table public.precious"));
  CHECK(full.value("SELECT count(*) FROM precious") == "0");
  const Previewed nowhere = preview_on(target, "host=/nowhere dbname=x");
  CHECK(nowhere.ended.status == 7);
}

TEST_CASE(
    "a lent role that is no superuser is weaker evidence, and one that makes no databases is "
    "refused") {
  const Server server;
  const Database target, lent{"template0", server.socket()};
  fill(target);
  lent.sql("CREATE ROLE maker LOGIN CREATEDB; CREATE ROLE small LOGIN");
  const Previewed small = preview_on(target, lent.conninfo("small"));
  CHECK(small.ended.status == 5);
  CHECK_THAT(small.ended.all(), ContainsSubstring("may not create databases"));
  const Previewed maker = preview_on(target, lent.conninfo("maker"),
                                     plan_of("CREATE TABLE more (id int)", "DROP TABLE more"));
  INFO(maker.ended.all());
  CHECK_THAT(maker.ended.all(), ContainsSubstring("is not a superuser"));
  CHECK(left(lent) == nothing);
}

TEST_CASE("a lent database is empty after Ctrl-C, and after a kill -9 once it is lent again") {
  const Server server;
  const Database target, lent{"template0", server.socket()};
  fill(target);
  Folder folder;
  folder.write("plan.lua",
               plan_of("CREATE TABLE more (id int); SELECT pg_sleep(600)", "DROP TABLE more"));
  for (const int number : {SIGINT, SIGKILL}) {
    Program program{{"preview", "plan.lua", "-d", target.conninfo(), "--shadow", lent.conninfo()},
                    {folder.path(), {}, std::chrono::seconds{120}}};
    const std::string sleeps =
        "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep\\(600\\)' AND state "
        "= 'active'";
    while (program.running() && lent.value(sleeps) == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    REQUIRE(program.running());
    program.signal(number);
    const Ended ended = program.wait();
    INFO(ended.all());
    CHECK(ended.status == (number == SIGKILL ? 128 + SIGKILL : 130));
    if (number == SIGINT) CHECK(left(lent) == nothing);
  }
  const Previewed next = preview_on(target, lent.conninfo());
  INFO(next.ended.all());
  CHECK(next.ended.status == 0);
  CHECK(left(lent) == nothing);
}

namespace {

/// Returns when autovacuum works in this database, which takes it long.
const std::string kept_busy = R"(
  CREATE TABLE busy WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
                          autovacuum_analyze_threshold = 1, autovacuum_vacuum_insert_threshold = 1)
  AS SELECT i AS id, repeat('x', 500) AS text FROM generate_series(1, 20000) AS i
)";
const std::string await_autovacuum = R"(
  DO $$ BEGIN FOR i IN 1..300 LOOP
    EXIT WHEN EXISTS (SELECT FROM pg_stat_get_activity(NULL) WHERE datid = (SELECT oid FROM pg_database
                      WHERE datname = current_database()) AND usesysid IS NULL);
    PERFORM pg_sleep(0.1), pg_stat_clear_snapshot();
  END LOOP; END $$
)";

std::string busy_plan(const std::string& last) {
  return "return plan \"Lent\" {\n"
         "  step \"Fill\" { run = sql [==[ " +
         kept_busy +
         " ]==], rollback = sql [==[ DROP TABLE busy ]==] },\n"
         "  step \"Wait\" { run = sql [==[ " +
         await_autovacuum + "; " + last + " ]==], rollback = nothing },\n}\n";
}

}  // namespace

TEST_CASE("a role that is no superuser leaves nothing, though autovacuum works in its databases") {
  const Server server;
  const Database target, lent{"template0", server.socket()};
  fill(target);
  lent.sql("CREATE ROLE maker LOGIN CREATEDB");
  lent.sql("ALTER SYSTEM SET autovacuum_naptime = '1s'");
  lent.sql("SELECT pg_reload_conf()");
  for (const std::string last : {"SELECT 1", "SELECT 1 / 0"}) {
    const Previewed ended = preview_on(target, lent.conninfo("maker"), busy_plan(last));
    INFO(ended.ended.all());
    CHECK(ended.ended.status == (last == "SELECT 1" ? 0 : 8));
    CHECK(left(lent) == nothing);
  }
  Folder folder;
  folder.write("plan.lua", busy_plan("SELECT pg_sleep(600)"));
  for (const int number : {SIGINT, SIGKILL}) {
    Program program{
        {"preview", "plan.lua", "-d", target.conninfo(), "--shadow", lent.conninfo("maker")},
        {folder.path(), {}, std::chrono::seconds{120}}};
    const std::string sleeps =
        "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_sleep\\(600\\)' AND state = "
        "'active' AND pid <> "
        "pg_backend_pid()";
    while (program.running() && lent.value(sleeps) == "0")
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    REQUIRE(program.running());
    program.signal(number);
    const Ended ended = program.wait();
    INFO(ended.all());
    if (number == SIGINT) CHECK(left(lent) == nothing);
  }
  const Previewed next =
      preview_on(target, lent.conninfo("maker"), plan_of("SELECT 1", "SELECT 1"));
  INFO(next.ended.all());
  CHECK(next.ended.status == 0);
  CHECK(left(lent) == nothing);
}

TEST_CASE("more Ctrl-C while the databases go, and one that is a template, leave nothing either") {
  const Server server;
  const Database target, lent{"template0", server.socket()};
  fill(target);
  lent.sql("CREATE ROLE maker LOGIN CREATEDB");
  // As a preview that was killed leaves it, in the hands of a plan.
  const std::string oid =
      lent.value("SELECT oid FROM pg_database WHERE datname = current_database()");
  lent.sql("CREATE DATABASE engine_shadow_" + oid +
           "_old OWNER maker TEMPLATE template0 IS_TEMPLATE true");
  Folder folder;
  folder.write("plan.lua", plan_of("CREATE TABLE more (id int)", "DROP TABLE more"));
  for (const auto pause : {300, 700, 1100, 1500, 1900}) {
    Program program{
        {"preview", "plan.lua", "-d", target.conninfo(), "--shadow", lent.conninfo("maker")},
        {folder.path(), {}, std::chrono::seconds{120}}};
    std::this_thread::sleep_for(std::chrono::milliseconds{pause});
    program.signal(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds{60});
    program.signal(SIGINT);
    const Ended ended = program.wait();
    INFO(pause << " ms: " << ended.all());
    CHECK(left(lent) == nothing);
  }
}
