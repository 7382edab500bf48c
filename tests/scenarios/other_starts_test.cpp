// Databases that are not quite what the guide describes.
#include <regex>

#include "base/file.h"
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

// The SQL of the guide's steps 1 to 4, as somebody would paste it.
std::string guide_by_hand() {
  std::string text = engine::file::read(source("docs/guides/esquisse_multisession.md"));
  text.resize(text.find("### Step 5"));
  std::string sql;
  static const std::regex block{"```sql\n([^`]*)```"};
  for (std::sregex_iterator each{text.begin(), text.end(), block}, end; each != end; ++each) {
    sql += (*each)[1].str();
  }
  return sql;
}

}  // namespace

TEST_CASE("where there is no table yet, a run makes it and a rollback takes it away again") {
  const Esquisse esquisse{Esquisse::Start::without_sessions};
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  const Database& database = esquisse.database;
  CHECK(database.value("SELECT count(*) FROM pg_policies WHERE tablename = 'esquisse_sessions'") ==
        "4");
  // Somebody uses it before it goes.
  database.sql(
      "INSERT INTO esquisse_sessions (user_id, session_name, approach)"
      " SELECT id, 'first', 'forward' FROM auth.users LIMIT 3");

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
  CHECK(database.value("SELECT count(*) FROM engine_trash_esquisse_sessions.esquisse_sessions") ==
        "3");

  const Ended again = esquisse.run();
  INFO(again.all());
  CHECK(again.status == 0);
  const Ended back_again = esquisse.rollback();
  INFO(back_again.all());
  CHECK(back_again.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a database that somebody migrated by hand is left as it is") {
  const Esquisse esquisse;
  esquisse.database.sql("SET ROLE plan_owner; " + guide_by_hand());
  REQUIRE(esquisse.database.value("SELECT count(*) FROM esquisse_sessions"
                                  " WHERE session_name = 'esquisse'") == "5200");
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run();
  INFO(run.all());
  CHECK(run.status == 1);
  CHECK(has(run.all(), "If the guide was followed by hand, there is nothing left to run."));
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("the old constraint goes and comes back under whatever name it has") {
  const Esquisse esquisse;
  esquisse.database.sql(
      "ALTER TABLE esquisse_sessions RENAME CONSTRAINT esquisse_sessions_user_id_key TO"
      " \"One per user; \"\"only\"\"\"");
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(esquisse.database.value(
            "SELECT string_agg(conname, ' ') FROM pg_constraint"
            " WHERE contype = 'u' AND conrelid = 'esquisse_sessions'::regclass") ==
        "esquisse_sessions_user_session_unique");
  CHECK(esquisse.rollback().status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a permissive policy that was left over does not widen access after the run") {
  const Esquisse esquisse;
  esquisse.database.sql(
      "CREATE POLICY \"debug: all\" ON esquisse_sessions TO authenticated USING (true)");
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(esquisse.database.value("SELECT count(*) FROM pg_policies WHERE tablename ="
                                " 'esquisse_sessions'") == "4");
  CHECK(esquisse.rollback().status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("the application of today writes until the step that asks for a name, and not after") {
  const Esquisse esquisse;
  // Under row security, without the columns that it does not know.
  const auto write = [&](int user) {
    const std::string id = "md5('user " + std::to_string(user) + "')::uuid";
    esquisse.database.sql("BEGIN; SELECT set_config('request.jwt.claim.sub', " + id +
                          "::text, true); SET LOCAL ROLE authenticated;"
                          " INSERT INTO esquisse_sessions (user_id, approach) VALUES (" +
                          id +
                          ", 'forward'); UPDATE esquisse_sessions SET current_step = 3; COMMIT");
  };
  Surroundings here;
  here.folder = esquisse.folder.path();
  TerminalProgram run{
      Words{"run", esquisse.plan} + esquisse.target() +
          Words{"--set", "drop_backup=no", "--set", "preserve=yes", "--set", "run=yes", "--set",
                "resume_session=done", "--set", "apply_to_form=done"},
      here};
  const bool asked = run.says("From here on a session must be given a name");
  INFO(run.screen());
  REQUIRE(asked);
  write(5201);
  write(5202);
  run.type("yes\n");
  const int status = run.wait();
  INFO(run.screen());
  CHECK(status == 0);
  CHECK(esquisse.database.value("SELECT string_agg(session_name, ' ') FROM esquisse_sessions"
                                " WHERE user_id IN (md5('user 5201')::uuid, md5('user "
                                "5202')::uuid)") == "esquisse esquisse");
  CHECK_THROWS_WITH(write(5203), ContainsSubstring("session_name"));

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(has(rollback.out, "2 rows written after the backup"));
}
