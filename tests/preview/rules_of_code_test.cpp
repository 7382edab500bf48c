// Views, functions, triggers, and effects outside: what trips each rule, and the safer way.
#include "scenario.h"
#include "support/catch.h"

namespace test {

std::vector<Scenario> code_scenarios() {
  const std::string trigger =
      " TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()";
  return {
      {"view.options-lost",
       {step("CREATE OR REPLACE VIEW own AS SELECT id, owner FROM guarded")},
       {step("CREATE OR REPLACE VIEW own WITH (security_invoker = true) AS SELECT id, owner FROM "
             "guarded")}},
      {"function.attributes-lost",
       {step("CREATE OR REPLACE FUNCTION sum_of() RETURNS bigint LANGUAGE sql AS 'SELECT "
             "2::bigint'")},
       {step("CREATE OR REPLACE FUNCTION sum_of() RETURNS bigint LANGUAGE sql STABLE SECURITY "
             "DEFINER SET search_path = '' AS 'SELECT 2::bigint'")}},
      {"trigger.created",
       {step("CREATE TRIGGER t BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION touch()")},
       {step("CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END "
             "$$")}},
      {"trigger.dropped",
       {step("DROP TRIGGER touched ON orders")},
       {step("CREATE OR REPLACE" + trigger)}},
      {"trigger.disabled",
       {step("ALTER TABLE orders DISABLE TRIGGER touched"),
        step("ALTER TABLE orders ENABLE TRIGGER touched")},
       {step(
           "ALTER TABLE orders DISABLE TRIGGER touched; UPDATE orders SET total = 1 WHERE id = 1; "
           "ALTER TABLE orders ENABLE TRIGGER touched")}},
      {"rule.created",
       {step("CREATE RULE quiet AS ON DELETE TO prices DO INSTEAD NOTHING")},
       {step(
           "CREATE TRIGGER quiet BEFORE DELETE ON prices FOR EACH ROW EXECUTE FUNCTION touch()")}},
  };
}

std::vector<Scenario> outside_scenarios() {
  return {
      {"outside.server",
       {outside("ALTER SYSTEM RESET work_mem")},
       {step("SET LOCAL work_mem = '8MB'")}},
      {"outside.effect",
       {step("COPY tickets TO '/dev/null'")},
       {step("CREATE TABLE kept AS SELECT * FROM tickets")}},
      {"outside.notify", {step("NOTIFY news, 'x'")}, {step("NOTIFY pgrst, 'reload schema'")}},
      {"outside.foreign-table",
       {step("ALTER FOREIGN TABLE far ADD COLUMN b int")},
       {step("CREATE TABLE near (id bigint PRIMARY KEY)")},
       "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER s FOREIGN DATA WRAPPER nowhere; "
       "CREATE FOREIGN TABLE far (a int) SERVER s"},
  };
}

std::vector<Scenario> sampling_scenarios() {
  return {
      {"sample.no-row",
       {step("DELETE FROM customers WHERE id > 9000")},
       {step("DELETE FROM customers WHERE id = 20")}},
      {"sample.decided",
       {step_when("(SELECT count(*) FROM customers) > 500", "SELECT 1")},
       {step_when("to_regclass('nothing') IS NOT NULL", "SELECT 1")}},
  };
}

}  // namespace test

TEST_CASE("each hazard of code is found, and not in the safer way") {
  test::try_out(test::code_scenarios());
}

TEST_CASE("what a shadow cannot show is said") { test::try_out(test::outside_scenarios()); }

TEST_CASE("what few rows do not show is said") { test::try_out(test::sampling_scenarios()); }
