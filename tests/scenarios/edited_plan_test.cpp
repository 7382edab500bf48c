// A plan that changes between its commands, and checks that do not hold.
#include <filesystem>

#include "base/file.h"
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

// The plan in a folder of its own, to be edited there.
void take_copy(Esquisse& esquisse) {
  const std::filesystem::path home = esquisse.folder.path();
  for (const char* file :
       {"plans/esquisse_multisession.lua", "docs/guides/esquisse_multisession.md",
        "examples/esquisse_multisession/before.sql"}) {
    std::filesystem::create_directories((home / file).parent_path());
    std::filesystem::copy_file(source(file), home / file);
  }
  esquisse.plan = home / "plans/esquisse_multisession.lua";
}

void edit(const Esquisse& esquisse, const std::string& from, const std::string& to) {
  std::string text = engine::file::read(esquisse.plan);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  engine::file::write(esquisse.plan, text);
}

constexpr const char* policies_step =
    "Create New Table Schema: constraint, policies, trigger, grants";
constexpr const char* expectation =
    R"lua({ command = "SELECT", using = "(auth.uid() = user_id)" })lua";
constexpr const char* wrong = R"lua({ command = "SELECT", using = "true" })lua";

}  // namespace

TEST_CASE("a step whose check does not hold commits nothing, and the run goes on once it does") {
  Esquisse esquisse;
  take_copy(esquisse);
  const Picture before = esquisse.picture();
  REQUIRE(esquisse.run().status == 0);
  const Picture migrated = esquisse.picture();
  REQUIRE(esquisse.rollback().status == 0);

  edit(esquisse, expectation, wrong);
  const Ended run = esquisse.run();
  INFO(run.all());
  CHECK(run.status == 3);
  CHECK(has(run.out, "Users reach their own sessions only"));
  CHECK(has(run.all(), "(auth.uid() = user_id)"));
  CHECK(has(run.err, "engine run "));
  CHECK(has(run.err, "engine rollback "));
  const Database& database = esquisse.database;
  CHECK(database.value(
            "SELECT string_agg(policyname, '; ' ORDER BY policyname) FROM pg_policies"
            " WHERE tablename = 'esquisse_sessions' AND policyname LIKE '%their own%'") == "");
  CHECK(database.value("SELECT count(*) FROM pg_constraint WHERE conname = "
                       "'esquisse_sessions_user_id_key'") == "1");

  edit(esquisse, wrong, expectation);
  const Ended resumed = esquisse.run();
  INFO(resumed.all());
  CHECK(resumed.status == 0);
  CHECK(changes(migrated, esquisse.picture()) == Words{});
  CHECK(esquisse.rollback().status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a run that failed half-way is rolled back to where it began") {
  Esquisse esquisse;
  take_copy(esquisse);
  const Picture before = esquisse.picture();
  edit(esquisse, expectation, wrong);
  REQUIRE(esquisse.run().status == 3);
  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("a finished step that was edited is named, and nothing happens without being told to") {
  Esquisse esquisse;
  take_copy(esquisse);
  const Picture before = esquisse.picture();
  REQUIRE(esquisse.run().status == 0);
  const Picture migrated = esquisse.picture();
  edit(esquisse, "GRANT ALL ON esquisse_sessions TO authenticated;",
       "GRANT SELECT ON esquisse_sessions TO authenticated;");

  const Ended again = esquisse.run();
  INFO(again.all());
  CHECK(again.status == 5);
  CHECK(has(again.err, policies_step));
  CHECK(has(again.err, "--accept-edits"));

  const Ended accepted = esquisse.run(esquisse.unattended() + Words{"--accept-edits"});
  INFO(accepted.all());
  CHECK(accepted.status == 0);

  const Ended rollback = esquisse.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 5);
  CHECK(has(rollback.err, policies_step));
  CHECK(has(rollback.err, "--as-run"));
  CHECK(changes(migrated, esquisse.picture()) == Words{});

  const Ended as_run = esquisse.rollback(esquisse.unattended() + Words{"--as-run"});
  INFO(as_run.all());
  CHECK(as_run.status == 0);
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("comments and blank lines are no edit") {
  Esquisse esquisse;
  take_copy(esquisse);
  REQUIRE(esquisse.run().status == 0);
  edit(esquisse, "    step \"Backup Existing Data\" {",
       "    -- first of all\n\n    step \"Backup Existing Data\" {");
  CHECK(esquisse.run().status == 0);
  CHECK(esquisse.rollback().status == 0);
}

TEST_CASE("a check that somebody breaks after the run is found by verify, which changes nothing") {
  const Esquisse esquisse;
  REQUIRE(esquisse.run().status == 0);
  const Ended sound = esquisse.command("verify", esquisse.target());
  INFO(sound.all());
  CHECK(sound.status == 0);

  esquisse.database.sql(
      "CREATE POLICY \"For everybody\" ON esquisse_sessions FOR SELECT USING (true)");
  const Picture broken = esquisse.picture();
  const Ended verify = esquisse.command("verify", esquisse.target());
  INFO(verify.all());
  CHECK(verify.status == 4);
  CHECK(has(verify.all(), "For everybody"));
  CHECK(changes(broken, esquisse.picture()) == Words{});
}
