// A password reaches the server and nothing else.
#include "scenarios/esquisse.h"
#include "support/catch.h"

using namespace test;

namespace {

constexpr const char* right = "correct-horse";
constexpr const char* wrong = "battery-staple";

Words answers() {
  return {"--answers", source("examples/esquisse_multisession/answers.json"), "--yes"};
}

Surroundings with_password(const Esquisse& esquisse, const std::string& password) {
  Surroundings here;
  here.folder = esquisse.folder.path();
  here.environment = {"PGPASSWORD=" + password};
  return here;
}

// Every row of the journal and of the backups' lists, as text.
std::string journal(const Esquisse& esquisse) {
  return esquisse.database.value(R"(
    SELECT string_agg(query_to_xml(format('SELECT * FROM %s', oid::regclass), true, true, '')::text, '')
    FROM pg_class WHERE relnamespace = 'engine'::regnamespace AND relkind IN ('r', 'v'))");
}

}  // namespace

TEST_CASE("a wrong password ends with 7 and is shown nowhere") {
  const Esquisse esquisse;
  const Picture before = esquisse.picture();
  const std::string conninfo = esquisse.database.conninfo("with_password");
  for (const Words& flags : {Words{}, Words{"-v"}, Words{"--json"}, Words{"--json", "-v"}}) {
    const Ended by_environment =
        run_engine(Words{"run", esquisse.plan, "-d", conninfo} + answers() + flags,
                   with_password(esquisse, wrong));
    INFO(by_environment.all());
    CHECK(by_environment.status == 7);
    CHECK_FALSE(has(by_environment.all(), wrong));

    const Ended by_argument =
        esquisse.run(Words{"-d", conninfo + " password=" + wrong} + answers() + flags);
    INFO(by_argument.all());
    CHECK(by_argument.status == 7);
    CHECK_FALSE(has(by_argument.all(), wrong));
  }
  CHECK(changes(before, esquisse.picture()) == Words{});
}

TEST_CASE("the right password is in no output and no journal either") {
  const Esquisse esquisse;
  // As a member of the owner, which may do what the owner may; and it sees all of auth.users.
  esquisse.database.sql("GRANT plan_owner TO with_password; ALTER ROLE with_password BYPASSRLS");
  const std::string conninfo = esquisse.database.conninfo("with_password");
  for (const char* command : {"run", "verify", "status", "rollback"}) {
    Words words{command};
    if (words.front() != "status") words.push_back(esquisse.plan);
    words = words + Words{"-d", conninfo, "--json", "-v"};
    if (words.front() != "status") words = words + answers();
    const Ended ended = run_engine(words, with_password(esquisse, right));
    INFO(ended.all());
    CHECK(ended.status == 0);
    CHECK_FALSE(has(ended.all(), right));
  }
  CHECK(has(journal(esquisse), "rolled_back"));
  CHECK_FALSE(has(journal(esquisse), right));
  esquisse.database.sql(
      "REVOKE plan_owner FROM with_password; ALTER ROLE with_password NOBYPASSRLS");
}
