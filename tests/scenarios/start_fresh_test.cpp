// preserve=false: the old sessions go, and what hangs on them; a rollback brings all of it back.
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

Words start_fresh(const Esquisse& esquisse) {
  return esquisse.unattended() + Words{"--set", "preserve=false"};
}

// A table whose rows forbid that their sessions go.
void share_two_sessions(const Esquisse& esquisse, const std::string& on_delete) {
  esquisse.database.sql(
      "CREATE TABLE esquisse_shares (session_id uuid REFERENCES esquisse_sessions (id)" +
      on_delete + "); ALTER TABLE esquisse_shares OWNER TO plan_owner;" +
      " INSERT INTO esquisse_shares SELECT id FROM esquisse_sessions ORDER BY id LIMIT 2");
}

}  // namespace

TEST_CASE("sessions that are not preserved go with their exports, and come back with them") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run(start_fresh(esquisse));
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(has(run.out, "5200 sessions deleted"));
  CHECK(esquisse.database.value("SELECT count(*) FROM esquisse_sessions") == "0");
  CHECK(esquisse.database.value("SELECT count(*) FROM esquisse_exports") == "0");

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("what a new start has gathered is kept when the old sessions come back") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  REQUIRE(esquisse.run(start_fresh(esquisse)).status == 0);
  // The first is a user whose old session must come back beside it, under the old UNIQUE (user_id).
  esquisse.database.sql(R"(
    INSERT INTO esquisse_sessions (user_id, session_name, approach)
    SELECT md5('user ' || n)::uuid, name, 'forward'
    FROM unnest(ARRAY[1, 5999]) n, unnest(ARRAY['esquisse', 'esquisse2']) name)");

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(has(rollback.out, "4 rows written after the backup"));
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a key that forbids sessions to go stops the run before its first change") {
  const std::string on_delete = GENERATE(as<std::string>{}, "", " ON DELETE RESTRICT");
  const Esquisse esquisse;
  share_two_sessions(esquisse, on_delete);
  const Picture before = esquisse.picture();

  const Ended run = esquisse.run(start_fresh(esquisse));
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, "esquisse_shares (2 rows)"));
  CHECK_FALSE(has(run.err, "lacks"));
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a key that lets go of its session is tied again by the rollback") {
  const Esquisse esquisse;
  share_two_sessions(esquisse, " ON DELETE SET NULL");
  const Picture before = esquisse.picture();

  const Ended run = esquisse.run(start_fresh(esquisse));
  INFO(run.all());
  REQUIRE(run.status == 0);
  const std::string tied = "SELECT count(session_id) FROM esquisse_shares";
  CHECK(esquisse.database.value(tied) == "0");

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(esquisse.database.value(tied) == "2");
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a key that forbids nothing since its table is empty is not in the way") {
  const Esquisse esquisse;
  share_two_sessions(esquisse, "");
  esquisse.database.sql("TRUNCATE esquisse_shares");
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run(start_fresh(esquisse));
  INFO(run.all());
  CHECK(run.status == 0);
  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("sessions that are preserved may be referred to by any key") {
  const Esquisse esquisse;
  share_two_sessions(esquisse, "");
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}
