// What the application writes between run and rollback is kept, and nothing else is.
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

// 30 new sessions, 7 edited, 3 deleted, and 4 exports: two of new sessions, two of old ones.
constexpr const char* a_day_of_work = R"(
  INSERT INTO esquisse_sessions (id, user_id, session_name, approach)
  SELECT md5('new session ' || n)::uuid, md5('user ' || n * 100)::uuid, 'second', 'forward'
  FROM generate_series(1, 30) n;
  UPDATE esquisse_sessions SET current_step = current_step + 1
  WHERE id IN (SELECT md5('session ' || n)::uuid FROM generate_series(2, 8) n);
  DELETE FROM esquisse_sessions
  WHERE id IN (SELECT md5('session ' || n)::uuid FROM generate_series(9, 11) n);
  INSERT INTO esquisse_exports (session_id, format) VALUES
    (md5('new session 1')::uuid, 'pdf'), (md5('new session 2')::uuid, 'docx'),
    (md5('session 2')::uuid, 'pdf'), (md5('session 100')::uuid, 'form');
)";

std::string kept_of(const Esquisse& esquisse, const std::string& table) {
  return esquisse.database.value(
      "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = "
      "'engine_backup'::regnamespace AND relname LIKE '" +
      table + "_since_%'");
}

}  // namespace

TEST_CASE("a rollback keeps the sessions and exports written since the run, and counts them") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  REQUIRE(esquisse.run().status == 0);
  esquisse.database.sql(a_day_of_work);

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  REQUIRE(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});

  const std::string sessions = kept_of(esquisse, "esquisse_sessions");
  const std::string exports = kept_of(esquisse, "esquisse_exports");
  REQUIRE_FALSE(sessions.empty());
  REQUIRE_FALSE(exports.empty());
  const Database& database = esquisse.database;
  CHECK(database.value("SELECT count(*) FROM " + sessions) == "37");
  CHECK(database.value("SELECT count(*) FROM " + sessions + " WHERE session_name = 'second'") ==
        "30");
  CHECK(database.value("SELECT count(*) FROM " + exports) == "4");
  CHECK(has(rollback.out, "37 rows written after the backup"));
  CHECK(has(rollback.out, "4 rows written after the backup"));
}

TEST_CASE("where nothing was written since, a rollback keeps nothing") {
  const Esquisse esquisse;
  REQUIRE(esquisse.run().status == 0);
  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  REQUIRE(rollback.status == 0);
  CHECK_FALSE(has(rollback.all(), "written after the backup are kept"));
  CHECK(kept_of(esquisse, "esquisse_sessions") == "");
  CHECK(kept_of(esquisse, "esquisse_exports") == "");
}
