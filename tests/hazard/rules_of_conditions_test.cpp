// What policies let through, and the functions that they call: what trips each rule, and the safer
// way.
#include <set>

#include "hazard/scenario.h"
#include "support/catch.h"

using namespace test;

namespace {

// A table as on Supabase: the roles have privileges, and policies decide.
const std::string shared =
    "CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$; "
    "CREATE SCHEMA private; "
    "CREATE FUNCTION private.mine() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET "
    "search_path = '' AS 'SELECT 1::bigint'; "
    "CREATE FUNCTION private.may(r bigint) RETURNS boolean LANGUAGE sql STABLE AS "
    "'SELECT r IN (SELECT private.mine())'; "
    "REVOKE EXECUTE ON FUNCTION private.mine() FROM PUBLIC; "
    "GRANT EXECUTE ON FUNCTION private.mine() TO authenticated; "
    "CREATE TABLE rooms (id bigint PRIMARY KEY, org bigint, name text, gone date); "
    "CREATE TABLE talks (id bigint PRIMARY KEY, org bigint); "
    "GRANT ALL ON rooms, talks TO anon, authenticated; "
    "ALTER TABLE rooms ENABLE ROW LEVEL SECURITY; ALTER TABLE talks ENABLE ROW LEVEL SECURITY; "
    "CREATE POLICY org ON rooms TO authenticated USING (org IN (SELECT private.mine())); "
    "CREATE POLICY org ON talks TO authenticated USING (private.may(org))";

Trial tried(const std::string& sql) { return attempt({step(sql)}, shared); }

std::string read_by(const std::string& role, const std::string& condition) {
  return "CREATE POLICY new ON rooms FOR SELECT TO " + role + " USING (" + condition + ")";
}

}  // namespace

namespace test {

std::vector<Scenario> condition_scenarios() {
  return {
      {"access.policy-for-everyone",
       {step("CREATE POLICY everybody ON guarded FOR UPDATE TO anon USING (true)")},
       {step("CREATE POLICY everybody ON guarded FOR UPDATE TO anon USING (id = 1)")}},
      {"access.policy-adds",
       {step(read_by("authenticated", "name IS NOT NULL"))},
       {step("CREATE POLICY alive ON rooms AS RESTRICTIVE FOR SELECT TO authenticated USING (gone "
             "IS NULL)"),
        step("ALTER POLICY org ON rooms USING (org IN (SELECT private.mine()) AND name IS NOT "
             "NULL)"),
        step("CREATE POLICY other ON talks FOR SELECT TO anon USING (org = 1)"),
        step("DROP POLICY org ON talks; CREATE POLICY later ON talks TO authenticated USING (org = "
             "2)")},
       shared},
      {"access.policy-user-metadata",
       {step("CREATE POLICY meta ON guarded FOR SELECT TO anon USING (((auth.jwt() -> "
             "'user_metadata') ->> 'admin') = 'yes')")},
       {step("CREATE POLICY meta ON guarded FOR SELECT TO anon USING (((auth.jwt() -> "
             "'app_metadata') ->> 'admin') = 'yes')")}},
      {"access.policy-per-row",
       {step("CREATE POLICY slow ON guarded FOR SELECT TO anon USING (owner = auth.uid())")},
       {step("CREATE POLICY quick ON guarded FOR SELECT TO anon USING (owner = (SELECT "
             "auth.uid()))")}},
      {"access.policies-overlap",
       {step("ALTER TABLE customers ENABLE ROW LEVEL SECURITY; "
             "CREATE POLICY one ON customers TO authenticated USING (id = 1); "
             "CREATE POLICY too ON customers FOR SELECT TO authenticated USING (id = 2)")},
       {step("CREATE POLICY too ON guarded FOR SELECT TO anon USING (id = 1)")}},
  };
}

std::vector<Scenario> policy_function_scenarios() {
  const std::string mine =
      "CREATE OR REPLACE FUNCTION private.mine() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY "
      "DEFINER SET search_path = '' AS ";
  return {
      {"access.policy-function-denied",
       {step("REVOKE EXECUTE ON FUNCTION private.mine() FROM authenticated")},
       {step("REVOKE EXECUTE ON FUNCTION private.mine() FROM anon; ALTER FUNCTION private.mine() "
             "RENAME TO own"),
        step("REVOKE USAGE ON SCHEMA private FROM authenticated")},
       shared},
      {"access.policy-function-changed",
       {step(mine + "'SELECT 2::bigint'")},
       {step(mine + "'SELECT 1::bigint'"), step("ALTER FUNCTION private.mine() COST 200"),
        step("CREATE FUNCTION private.other() RETURNS int LANGUAGE sql AS 'SELECT 1'")},
       shared},
  };
}

}  // namespace test

TEST_CASE("each hazard of conditions is found, and not in the safer way") {
  try_out(condition_scenarios());
}

TEST_CASE("each hazard of functions that policies call is found, and not in the safer way") {
  try_out(policy_function_scenarios());
}

TEST_CASE("a condition that tells no row from another lets everybody see every one") {
  const std::vector<std::string> whole{"auth.role() = 'authenticated'",
                                       "(SELECT auth.role()) = 'authenticated'",
                                       "auth.uid() IS NOT NULL",
                                       "(SELECT auth.uid()) IS NOT NULL",
                                       "current_user = 'anon'",
                                       "auth.jwt() ->> 'role' = 'anon'",
                                       "1 = 1",
                                       "id IS NOT NULL"};
  const std::vector<std::string> narrow{"org = auth.uid()",
                                        "auth.uid() = 7",
                                        "name IS NOT NULL",
                                        "private.may(1)",
                                        "auth.jwt() -> 'app_metadata' ->> 'admin' = 'yes'",
                                        "rooms.* IS NOT NULL",
                                        "EXISTS (SELECT FROM customers c WHERE c.id = auth.uid())",
                                        "false"};
  std::string sql;
  const auto add = [&](const char* name, const std::vector<std::string>& conditions) {
    for (std::size_t i = 0; i < conditions.size(); ++i)
      sql += "CREATE POLICY " + (name + std::to_string(i)) +
             " ON rooms FOR SELECT TO anon USING (" + conditions[i] + ");";
  };
  add("whole", whole);
  add("narrow", narrow);
  const Trial trial = tried(sql);
  INFO(trial.told());
  CHECK(trial.finished.exit == 0);
  std::set<std::string> told, expected;
  for (const auto& finding : trial.findings) {
    if (finding.rule == "access.policy-for-everyone")
      told.insert(finding.message.substr(8, finding.message.find('"', 8) - 8));
  }
  for (std::size_t i = 0; i < whole.size(); ++i) expected.insert("whole" + std::to_string(i));
  CHECK(told == expected);
}

TEST_CASE(
    "what policies let through together is told once, and of what counts for the same roles") {
  const Trial everybody = tried(read_by("authenticated", "auth.uid() IS NOT NULL"));
  INFO(everybody.told());
  CHECK(!everybody.found("access.policy-adds"));
  CHECK(tried(read_by("public", "name = 'lobby'")).found("access.policy-adds"));
  const Trial as_before = tried(read_by("authenticated", "org IN (SELECT private.mine())"));
  INFO(as_before.told());
  CHECK(!as_before.found("access.policy-adds"));
  CHECK(as_before.found("access.policies-overlap"));
  CHECK(!tried("ALTER POLICY org ON rooms RENAME TO of_org").found("access.policy-adds"));
}

TEST_CASE("what a policy calls under a new name is the same policy") {
  const Trial moved = tried(
      "ALTER FUNCTION private.mine() RENAME TO own; ALTER FUNCTION private.may(bigint) SET SCHEMA "
      "auth; ALTER TABLE rooms RENAME COLUMN org TO company");
  INFO(moved.told());
  CHECK(moved.finished.exit == 0);
  CHECK(!moved.found("access.policy-changed"));
  CHECK(!moved.found("access.policy-function-changed"));
  CHECK(!moved.found("access.policy-function-denied"));
}

TEST_CASE("the tables of the policies are named, also where another function is between") {
  const Trial trial = tried(
      "CREATE OR REPLACE FUNCTION private.mine() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY "
      "DEFINER SET search_path = '' AS 'SELECT id FROM public.rooms'");
  INFO(trial.told());
  CHECK(trial.told().find("on which policies of public.rooms and public.talks depend") !=
        std::string::npos);
}

TEST_CASE("a new policy whose function its roles may not execute breaks their queries") {
  CHECK(tried(read_by("anon", "org IN (SELECT private.mine())"))
            .found("access.policy-function-denied"));
}

TEST_CASE("a function that policies call and its roles may not is told once, at the REVOKE") {
  const Trial trial = attempt({step("REVOKE EXECUTE ON FUNCTION private.mine() FROM authenticated"),
                               step("ALTER FUNCTION private.mine() COST 200")},
                              shared);
  INFO(trial.told());
  CHECK(trial.told().find("access.policy-function-denied [1]: authenticated may not execute "
                          "function private.mine(), which policies of public.rooms call") !=
        std::string::npos);
  CHECK(!trial.found("access.lost"));
}

TEST_CASE("a policy that was restrictive, or of another command, has changed") {
  CHECK(tried("DROP POLICY org ON rooms; CREATE POLICY org ON rooms FOR SELECT TO authenticated "
              "USING (org IN (SELECT private.mine()))")
            .found("access.policy-changed"));
}
