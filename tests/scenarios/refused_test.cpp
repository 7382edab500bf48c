// Refused before the first change: what the target lacks, what it does not allow, who is working.
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

void check_untouched(const Esquisse& esquisse, const Picture& before) {
  CHECK(changes(before, esquisse.picture()) == Words{});
  CHECK(esquisse.database.value("SELECT string_agg(nspname, ' ') FROM pg_namespace"
                                " WHERE nspname LIKE 'engine%'") == "");
}

}  // namespace

TEST_CASE("without the trigger's function the run is refused with the plan's hint") {
  const Esquisse esquisse;
  esquisse.database.sql("DROP FUNCTION update_updated_at_column() CASCADE");
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run();
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, "update_updated_at_column() is missing: create it before this migration"));
  CHECK(has(run.err, "42883"));
  check_untouched(esquisse, before);
}

TEST_CASE("a server that lets nothing be written is named as the reason") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  esquisse.database.sql("ALTER DATABASE " + esquisse.database.name() +
                        " SET default_transaction_read_only = on");
  const Ended run = esquisse.run();
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, "read only"));
  check_untouched(esquisse, before);
}

TEST_CASE("a role that may not create the journal is told which grant it lacks") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  esquisse.database.sql("REVOKE CREATE ON DATABASE " + esquisse.database.name() +
                        " FROM plan_owner");
  const Ended run = esquisse.run();
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, "GRANT CREATE ON DATABASE " + esquisse.database.name()));
  check_untouched(esquisse, before);
}

TEST_CASE("without a terminal every question without an answer is named with its flag") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run(esquisse.target());
  INFO(run.all());
  CHECK(run.status == 5);
  for (const char* flag :
       {"--set drop_backup=", "--set \"Drop Existing Table (if needed)\"=yes",
        "--set \"Create New Table Schema: constraint, policies, trigger, grants\"=yes",
        "--set \"resume_session\"=", "--set \"apply_to_form\"=", "--yes", "--answers"}) {
    CHECK(has(run.err, flag));
  }
  check_untouched(esquisse, before);
}

TEST_CASE("yes alone answers neither inputs without a default nor manual steps") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  const Ended run = esquisse.run(esquisse.target() + Words{"--yes"});
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(has(run.err, "3 questions"));
  check_untouched(esquisse, before);

  const Ended answered =
      esquisse.run(esquisse.target() + Words{"--yes", "--set", "drop_backup=no", "--set",
                                             "resume_session=done", "--set", "apply_to_form=done"});
  INFO(answered.all());
  CHECK(answered.status == 0);
}

TEST_CASE("while one engine works, a second is told who it is and since when, and leaves") {
  const Esquisse esquisse;
  Surroundings here;
  here.folder = esquisse.folder.path();
  TerminalProgram first{
      Words{"run", esquisse.plan} + esquisse.target() +
          Words{"--set", "drop_backup=no", "--set", "preserve=yes", "--set", "run=yes", "--set",
                "resume_session=done", "--set", "apply_to_form=done"},
      here};
  const bool asked = first.says("From here on a session must be given a name");
  INFO(first.screen());
  REQUIRE(asked);
  const Picture meanwhile = esquisse.picture();

  for (const char* command : {"run", "rollback"}) {
    const Ended second = esquisse.command(command);
    INFO(second.all());
    CHECK(second.status == 5);
    CHECK(has(second.err, "since 20"));
    CHECK(has(second.err, "plan_owner"));
  }
  CHECK(changes(meanwhile, esquisse.picture()) == Words{});

  first.type("yes\n");
  CHECK(first.wait() == 0);
}
