// Director's sessions: what the guide warns of, and databases that are not quite the guide's.
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string name = "director_sessions";
const std::string archive = "dr_sessions_archive_pre_nov2025";
const std::string oid_of_sessions = "SELECT to_regclass('sessions')::oid";

constexpr const char* archived_by_hand =
    "ALTER TABLE sessions RENAME TO dr_sessions_archive_pre_nov2025";

// As the new code does, with the anon key.
constexpr const char* new_sessions =
    "BEGIN; SET LOCAL ROLE anon; INSERT INTO dr_sessions (id, user_id)"
    " SELECT 'new-' || n, 'user-' || n % 3 FROM generate_series(1, 7) n; COMMIT";

constexpr const char* trash =
    "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'engine\\_trash%'";

std::string kept(const Example& example) {
  return example.database.value(
      "SELECT count(*) FROM engine_trash_dr_sessions.dr_sessions WHERE id LIKE 'new-%'");
}

}  // namespace

TEST_CASE("the archive is the old table, and dr_sessions waits empty for its first session") {
  const Example example{name};
  const Database& database = example.database;
  const std::string oid = database.value(oid_of_sessions);
  const std::string seen =
      "SELECT md5(string_agg(o::text, '|' ORDER BY id)) FROM session_overview o";
  const std::string overview = database.value(seen);

  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(has(run.out, "Rename sessions (41 rows)?"));
  CHECK(has(run.out, "These stop working: public.state_of_session"));
  CHECK(database.value("SELECT to_regclass('" + archive + "')::oid") == oid);
  CHECK(database.value("SELECT to_regclass('sessions')") == "");
  CHECK(database.value(seen) == overview);
  CHECK(database.value("SELECT count(*) FROM dr_sessions") == "0");
  CHECK(database.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'dr_sessions'::regclass"
                       " AND attnum > 0") == "12");
  CHECK(database.value("SELECT count(*) FROM pg_index WHERE indrelid = 'dr_sessions'::regclass") ==
        "5");
}

TEST_CASE("the anon key reads and writes dr_sessions, and cannot empty it past its policy") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(new_sessions);
  CHECK(example.database.value("SELECT count(*) FROM dr_sessions") == "7");
  CHECK_THROWS_WITH(example.database.sql("SET ROLE anon; TRUNCATE dr_sessions"),
                    ContainsSubstring("permission denied"));
}

TEST_CASE("where the old table was archived by hand it is found done, and gets its name back") {
  const Example example{name, archived_by_hand};
  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(has(run.out, "the archive is there already"));

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(Example{name}.picture(), example.picture()) == Words{});
}

TEST_CASE("a rollback asks for the sessions written since, and keeps them out of the API's reach") {
  const Example example{name};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  example.database.sql(new_sessions);
  const Picture in_use = example.picture();

  const Ended refused = example.rollback(example.target() + Words{"--set", "rollback=yes"});
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(changes(in_use, example.picture()) == Words{});

  const Ended said_no =
      example.rollback(example.unattended() + Words{"--set", "create:rollback=no"});
  INFO(said_no.all());
  CHECK(said_no.status == 5);
  CHECK(has(said_no.all(), "Lose sight of 7 sessions written since?"));
  CHECK(changes(in_use, example.picture()) == Words{});

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(has(rollback.out,
            "7 sessions written since are kept in engine_trash_dr_sessions.dr_sessions"));
  CHECK(changes(before, example.picture()) == Words{});
  CHECK(kept(example) == "7");
  CHECK_THROWS_WITH(
      example.database.sql("SET ROLE anon; SELECT FROM engine_trash_dr_sessions.dr_sessions"),
      ContainsSubstring("permission denied"));

  // What was kept is in nobody's way when the plan runs again.
  const Ended again = example.run();
  INFO(again.all());
  CHECK(again.status == 0);
  CHECK(example.rollback().status == 0);
  CHECK(kept(example) == "7");
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("what others made of dr_sessions since is not dropped with it") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(
      std::string{new_sessions} +
      "; CREATE VIEW busy AS SELECT user_id, count(*) FROM dr_sessions GROUP BY 1");
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(has(rollback.out, "still read by: view public.busy"));
  CHECK(example.database.value("SELECT sum(count) FROM busy") == "7");
}

TEST_CASE("without new sessions a rollback asks nothing about them") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK_FALSE(has(rollback.all(), "Lose sight"));
  CHECK(example.database.value(trash) == "0");
}

TEST_CASE("an empty dr_sessions that others use is moved out of the way, and not dropped") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql("CREATE VIEW busy AS SELECT user_id, count(*) FROM dr_sessions GROUP BY 1");
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(has(rollback.out, "still read by: view public.busy"));
  CHECK(example.database.value("SELECT count(*) FROM busy") == "0");
  CHECK(example.database.value(trash) == "1");
}

TEST_CASE("an old table that is not the guide's is left alone until somebody says what it holds") {
  const auto [change, flag, holds] = GENERATE(table<std::string, std::string, std::string>({
      {"DELETE FROM sessions WHERE id IN (SELECT id FROM sessions LIMIT 2)", "archived_rows=39",
       "sessions holds 39 sessions"},
      {"UPDATE sessions SET created_at = '2025-06-30' WHERE id = (SELECT min(id) FROM sessions)",
       "archived_from=2025-06-01", "of 2025-06-30 to"},
      {"UPDATE sessions SET created_at = '2025-08-01' WHERE id = (SELECT min(id) FROM sessions)",
       "archived_to=2025-08-01", "to 2025-08-01"},
  }));
  const Example example{name};
  example.database.sql(change);
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, holds));
  CHECK(changes(before, example.picture()) == Words{});

  const Ended answered = example.run(example.unattended() + Words{"--set", flag});
  INFO(answered.all());
  CHECK(answered.status == 0);
}

TEST_CASE("an archive that loses a session is found by verify") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql("DELETE FROM " + archive + " WHERE id = (SELECT min(id) FROM " + archive +
                       ")");
  const Ended verify = example.command("verify", example.target());
  INFO(verify.all());
  CHECK(verify.status == 4);
  CHECK(has(verify.all(), "as many sessions as were archived"));
  CHECK(has(verify.all(), "40 rows"));
}

TEST_CASE("with neither the old table nor its archive, or with both, nothing is touched") {
  const auto [change, reason] = GENERATE(table<std::string, std::string>({
      {"DROP TABLE sessions CASCADE", "there is neither sessions nor " + archive},
      {"CREATE TABLE " + archive + " ()", "both sessions and " + archive + " are here"},
  }));
  const Example example{name};
  example.database.sql(change);
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, reason));
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a role that does not own the old table is told whom to connect as") {
  const Example example{name};
  example.database.sql("ALTER TABLE sessions OWNER TO postgres");
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 1);
  CHECK(has(run.err, "Connect as the owner of the tables"));
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a name that was taken again stops the rollback, and says by what") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql("CREATE TABLE sessions ()");
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 6);
  CHECK(has(rollback.err, "look at what it holds before you rename anything"));

  example.database.sql("DROP TABLE sessions");
  const Ended resumed = example.rollback();
  INFO(resumed.all());
  CHECK(resumed.status == 0);
  CHECK(changes(Example{name}.picture(), example.picture()) == Words{});
}

TEST_CASE("a dr_sessions that stands with other columns is found, and found wanting") {
  const Example example{name, std::string{archived_by_hand} +
                                  "; CREATE TABLE dr_sessions (id text PRIMARY KEY);"
                                  " ALTER TABLE dr_sessions OWNER TO plan_owner"};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 3);
  CHECK(has(run.all(), "12 columns"));
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("the task shows Director's sessions, and fails as long as there are none") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const Ended early = example.command("task", Words{"recent"} + example.target());
  INFO(early.all());
  CHECK(early.status == 1);
  CHECK(has(early.all(), "Director makes sessions"));

  example.database.sql(new_sessions);
  const Ended task = example.command("task", Words{"recent"} + example.target());
  INFO(task.all());
  CHECK(task.status == 0);
  CHECK(has(task.out, "new-7"));
}
