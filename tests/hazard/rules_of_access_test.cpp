// Who may do what: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> access_scenarios() {
  const std::string table = "CREATE TABLE open (id bigint PRIMARY KEY); ";
  const std::string secured = table + "ALTER TABLE open ENABLE ROW LEVEL SECURITY; ";
  const std::string definer =
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS "
      "'SELECT 1'";
  return {
      {"access.table-without-row-security",
       {step(table + "GRANT SELECT ON open TO anon")},
       {step(secured + "GRANT SELECT ON open TO anon"),
        step("CREATE SCHEMA shop; ALTER TABLE offered SET SCHEMA shop"),
        step("CREATE TABLE shop.hidden (id bigint PRIMARY KEY); GRANT SELECT ON shop.hidden TO "
             "anon")},
       "CREATE TABLE offered (id bigint PRIMARY KEY); GRANT SELECT ON offered TO anon"},
      {"access.matview-exposed",
       {step("GRANT SELECT ON totals TO anon")},
       {step("GRANT SELECT ON totals TO pg_monitor")}},
      {"access.view-as-owner",
       {step("CREATE VIEW shown AS SELECT * FROM guarded; GRANT SELECT ON shown TO anon")},
       {step("CREATE VIEW shown WITH (security_invoker = true) AS SELECT * FROM guarded; GRANT "
             "SELECT ON shown TO anon")}},
      {"access.auth-users-exposed",
       {step("CREATE VIEW people WITH (security_invoker = true) AS SELECT * FROM auth.users; GRANT "
             "SELECT ON people TO anon")},
       {step("CREATE VIEW people AS SELECT * FROM auth.users")}},
      {"access.definer-search-path",
       {step("CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")},
       {step(definer)}},
      {"access.definer-exposed",
       {step(definer)},
       {step(definer + "; REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC")}},
      {"access.grant-option",
       {step("GRANT SELECT ON customers TO pg_monitor WITH GRANT OPTION")},
       {step("GRANT SELECT ON customers TO pg_monitor")}},
      {"access.schema-create",
       {step("GRANT CREATE ON SCHEMA public TO authenticated")},
       {step("GRANT USAGE ON SCHEMA public TO authenticated")}},
      {"access.default-privileges",
       {step("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO anon")},
       {step("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor")}},
      {"access.owner-changed",
       {step("ALTER TABLE customers OWNER TO pg_monitor")},
       {step("GRANT SELECT ON customers TO pg_monitor")}},
      {"access.role-changed",
       {step("ALTER ROLE anon SET work_mem = '4MB'; ALTER ROLE anon RESET work_mem")},
       {step("GRANT SELECT ON customers TO pg_monitor")}},
  };
}

}  // namespace test

TEST_CASE(
    "what is wrong with a function or a table is told where it was made, not where it is named") {
  const test::Trial trial = test::attempt(
      {test::step("CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"),
       test::step("GRANT EXECUTE ON FUNCTION f() TO anon"),
       test::step("CREATE TABLE open (id bigint); GRANT SELECT ON open TO anon"),
       test::step("CREATE POLICY p ON open USING (true)")});
  INFO(trial.told());
  const auto step_of = [&](const std::string& rule) {
    for (const auto& finding : trial.findings)
      if (finding.rule == rule) return finding.step;
    return std::string{"none"};
  };
  CHECK(step_of("access.definer-search-path") == "1");
  CHECK(step_of("access.table-without-row-security") == "3");
  CHECK(step_of("table.no-primary-key") == "3");
}

TEST_CASE("each hazard of access is found, and not in the safer way") {
  test::try_out(test::access_scenarios());
}
