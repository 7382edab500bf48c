// Views, functions, triggers, and effects outside: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "support/catch.h"

using namespace test;

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
       {step("CREATE OR REPLACE" + trigger),
        step("ALTER TRIGGER touched ON orders RENAME TO touches; ALTER FUNCTION touch() RENAME TO "
             "touch_it")}},
      {"publication.narrowed",
       {step("ALTER PUBLICATION live DROP TABLE orders")},
       {step("ALTER PUBLICATION live ADD TABLE prices; ALTER TABLE orders RENAME TO purchases; "
             "ALTER TABLE lines DROP COLUMN room"),
        step("CREATE PUBLICATION other FOR TABLE prices; DROP PUBLICATION other")},
       "CREATE PUBLICATION live FOR TABLE orders, lines"},
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

TEST_CASE("a trigger that is made again and does less is told") {
  const Trial trial = attempt(
      {step("DROP TRIGGER kept ON prices; CREATE TRIGGER kept AFTER DELETE ON prices FOR EACH ROW "
            "EXECUTE FUNCTION touch()"),
       step("CREATE OR REPLACE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW WHEN (NEW.id > "
            "5) EXECUTE FUNCTION touch()"),
       step("CREATE OR REPLACE TRIGGER noted AFTER INSERT ON lines FOR EACH ROW EXECUTE FUNCTION "
            "touch()")},
      "CREATE TRIGGER kept AFTER UPDATE OR DELETE ON prices FOR EACH ROW EXECUTE FUNCTION touch(); "
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
      "CREATE TRIGGER noted AFTER INSERT ON lines FOR EACH ROW EXECUTE FUNCTION note()");
  INFO(trial.told());
  for (const char* line :
       {"trigger.dropped [1]: UPDATE on public.prices no longer calls public.touch",
        "trigger.dropped [2]: UPDATE other than WHEN ((new.id > 5)) on public.orders no longer "
        "calls public.touch",
        "trigger.dropped [3]: INSERT on public.lines no longer calls public.note"}) {
    INFO(line);
    CHECK(trial.told().find(line) != std::string::npos);
  }
}

TEST_CASE("a publication that sends less is told, whatever it is less of") {
  const Trial trial = attempt(
      {step("ALTER PUBLICATION live SET (publish = 'insert')"),
       step("ALTER PUBLICATION fewer SET TABLE prices (id), tickets WHERE (id > 5)"),
       step("DROP PUBLICATION all_of_it"),
       step("CREATE TABLE other (LIKE customers); ALTER TABLE customers RENAME TO customers_old; "
            "ALTER TABLE other RENAME TO customers")},
      "CREATE PUBLICATION live FOR TABLE orders; CREATE PUBLICATION fewer FOR TABLE prices, "
      "tickets; "
      "CREATE PUBLICATION all_of_it FOR ALL TABLES; CREATE PUBLICATION here FOR TABLE customers");
  INFO(trial.told());
  for (const char* line :
       {"[1]: Publication live no longer sends DELETE, TRUNCATE and UPDATE of public.orders",
        "[2]: Publication fewer no longer sends column price of public.prices",
        "[2]: Publication fewer no longer sends rows outside the filter (id > 5) of public.tickets",
        "[3]: Publication all_of_it no longer sends auth.users, public.",
        "[4]: Publication here no longer sends public.customers"}) {
    INFO(line);
    CHECK(trial.told().find(line) != std::string::npos);
  }
}

TEST_CASE("what a statement took along is told there, not where its name stands") {
  const Trial trial =
      attempt({step("DROP FUNCTION mine() CASCADE"),
               step("CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint FROM "
                    "customers'")},
              "CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'; "
              "ALTER TABLE customers ENABLE ROW LEVEL SECURITY; "
              "CREATE POLICY mine ON customers TO authenticated USING (id = mine())");
  INFO(trial.told());
  CHECK(trial.told().find("access.policy-dropped [1]") != std::string::npos);
}

TEST_CASE("what a shadow cannot show is said") { test::try_out(test::outside_scenarios()); }

TEST_CASE("what few rows do not show is said") { test::try_out(test::sampling_scenarios()); }
