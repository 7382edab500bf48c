// Row security: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> policy_scenarios() {
  return {
      {"access.row-security-off",
       {step("ALTER TABLE guarded DISABLE ROW LEVEL SECURITY")},
       {step("CREATE POLICY more ON guarded FOR SELECT TO anon USING (id = 1)")}},
      {"access.row-security-not-forced",
       {step("ALTER TABLE guarded NO FORCE ROW LEVEL SECURITY")},
       {step("CREATE POLICY more ON guarded FOR SELECT TO anon USING (id = 1)")}},
      {"access.partition-open",
       {step("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (2); GRANT SELECT ON "
             "parts_1 TO anon")},
       {step("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (2); GRANT SELECT ON "
             "parts_1 TO anon; ALTER TABLE parts_1 ENABLE ROW LEVEL SECURITY")},
       "CREATE TABLE parts (id bigint PRIMARY KEY) PARTITION BY RANGE (id); ALTER TABLE parts "
       "ENABLE ROW LEVEL SECURITY"},
      {"access.policy-changed",
       {step("ALTER POLICY mine ON guarded USING (id > 5)")},
       {step("CREATE POLICY more ON guarded FOR SELECT TO anon USING (id > 5)"),
        step("ALTER POLICY mine ON guarded USING (owner = auth.uid())"),
        step("ALTER POLICY slow ON prices USING (id = (SELECT auth.uid()) AND current_user = "
             "(SELECT "
             "current_setting('a.b', true)))")},
       "CREATE POLICY slow ON prices USING (id = auth.uid() AND current_user = "
       "current_setting('a.b', true))"},
      {"access.policy-dropped",
       {step("DROP POLICY mine ON guarded")},
       {step("CREATE POLICY same ON guarded TO authenticated USING (owner = (SELECT auth.uid())); "
             "DROP POLICY mine ON guarded")}},
      {"access.restrictive-policy-dropped",
       {step("DROP POLICY strict ON guarded")},
       {step("CREATE POLICY same ON guarded AS RESTRICTIVE TO authenticated USING (id > 0); DROP "
             "POLICY strict ON guarded")}},
  };
}

}  // namespace test

TEST_CASE("each hazard of row security is found, and not in the safer way") {
  test::try_out(test::policy_scenarios());
}
