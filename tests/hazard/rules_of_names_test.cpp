// Names: what trips each rule, and the safer way.
#include "hazard/rules/bodies.h"
#include "hazard/scenario.h"
#include "hazard/target/production.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/role.h"

using namespace test;

namespace {

const std::string named =
    "CREATE TABLE people (id bigint PRIMARY KEY, email text, phone text); "
    "INSERT INTO people VALUES (1, 'a@x', '1'); "
    "ALTER TABLE people ENABLE ROW LEVEL SECURITY; "
    "CREATE POLICY mine ON people TO authenticated USING (id = (SELECT auth.uid())); "
    "GRANT SELECT ON people TO anon, authenticated; "
    "ALTER TABLE people ADD CONSTRAINT told CHECK (email <> ''); "
    "CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $$ SELECT "
    "current_setting('request.email', true) || 'email people' $$; "
    "CREATE FUNCTION new_user() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
    "public.people (id, email) VALUES (NEW.id, NEW.email); RETURN NEW; END $$; "
    "CREATE FUNCTION on_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.email := 'x'; "
    "RETURN NEW; END $$; "
    "CREATE TRIGGER kept BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION on_people(); "
    "CREATE FUNCTION dynamic() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('UPDATE "
    "people SET email = %L', 'x'); END $$; "
    "CREATE FUNCTION of_customers() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT "
    "count(email) FROM customers); END $$; "
    "CREATE FUNCTION purge() RETURNS int LANGUAGE sql AS 'SELECT 1'";

Trial tried(const std::string& sql) { return attempt({step(sql)}, named); }

const auto jobs = [](engine::hazard::Production& production, auto&) {
  production.jobs = {{"nightly", "SELECT public.purge()"}, {"other", "SELECT 'purge()'"}};
};

}  // namespace

namespace test {

std::vector<Scenario> name_scenarios() {
  return {
      {"rename",
       {step("ALTER TABLE customers RENAME COLUMN old TO former")},
       {step("ALTER TABLE customers ADD COLUMN former text"),
        step("ALTER TABLE people RENAME TO persons; CREATE VIEW people WITH (security_invoker = "
             "true) AS SELECT * FROM persons; GRANT SELECT ON people TO anon, authenticated"),
        step("ALTER TABLE orders RENAME CONSTRAINT positive TO not_negative; ALTER TRIGGER touched "
             "ON orders RENAME TO touches; ALTER POLICY mine ON guarded RENAME TO own"),
        step("ALTER TABLE prices RENAME TO prices_old; CREATE TABLE prices (LIKE prices_old "
             "INCLUDING ALL)"),
        step("ALTER FUNCTION purge() RENAME TO clean; CREATE FUNCTION purge() RETURNS int LANGUAGE "
             "sql AS 'SELECT clean()'; ALTER FUNCTION on_people() RENAME TO at_people")},
       named},
      {"function.names-what-is-gone",
       {step("ALTER TABLE customers RENAME COLUMN legacy TO former")},
       {step("ALTER TABLE customers RENAME COLUMN legacy TO former; CREATE OR REPLACE FUNCTION "
             "reader() RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT "
             "count(former) FROM public.customers); END $$")}},
      {"job.names-what-is-gone",
       {step("ALTER FUNCTION purge() RENAME TO clean")},
       {step("ALTER FUNCTION dynamic() RENAME TO fixed")},
       named,
       jobs},
  };
}

}  // namespace test

TEST_CASE("each hazard of names is found, and not in the safer way") { try_out(name_scenarios()); }

TEST_CASE("a table that gives its name to a view is told neither as gone nor as unguarded") {
  const Trial trial = tried(
      "ALTER TABLE people RENAME TO persons; CREATE VIEW people WITH (security_invoker = true) AS "
      "SELECT * FROM persons; GRANT SELECT ON people TO anon, authenticated");
  INFO(trial.told());
  for (const char* rule : {"access.row-security-off", "constraint.dropped", "rename",
                           "access.policy-dropped", "access.view-as-owner", "access.lost",
                           "access.lost-on-recreate", "function.names-what-is-gone"}) {
    INFO(rule);
    CHECK(!trial.found(rule));
  }
}

TEST_CASE("a view in a renamed table's place that reads as its owner, or has less, is told") {
  const Trial trial = tried(
      "ALTER TABLE people RENAME TO persons; CREATE VIEW people AS SELECT id, email FROM persons; "
      "GRANT SELECT ON people TO anon");
  INFO(trial.told());
  CHECK(trial.found("access.view-as-owner"));
  CHECK(trial.found("access.lost-on-recreate"));
  CHECK(trial.told().find(
            "The relation that is now called public.people lacks columns of the old one: phone") !=
        std::string::npos);
}

TEST_CASE("a view as its owner is past row security for ordinary roles too") {
  const std::string group =
      named +
      "; DO $$ BEGIN CREATE ROLE access_reader; EXCEPTION WHEN duplicate_object OR "
      "unique_violation THEN END $$; GRANT USAGE ON SCHEMA public TO access_reader";
  const auto shown = [&](const std::string& table) {
    return attempt({step("CREATE VIEW shown AS SELECT id FROM " + table +
                         "; GRANT SELECT ON shown TO access_reader")},
                   group)
        .found("access.view-as-owner");
  };
  CHECK(shown("people"));
  CHECK(!shown("customers"));
}

TEST_CASE("what goes under another name or schema is told, also after other renames") {
  const Trial trial = attempt(
      {step("ALTER TABLE people RENAME TO persons"),
       step("ALTER TABLE persons RENAME COLUMN phone TO mobile"),
       step("ALTER TABLE tickets SET SCHEMA auth"), step("ALTER FUNCTION purge() RENAME TO clean")},
      named);
  INFO(trial.told());
  std::set<std::string> told;
  for (const auto& finding : trial.findings)
    if (finding.rule == "rename") told.insert(finding.step + " " + finding.relation);
  CHECK(told == std::set<std::string>{"1 public.people", "2 public.people", "3 public.tickets",
                                      "4 public.purge"});
}

TEST_CASE("all functions that still name a column are told, and no other") {
  const Trial trial = tried("ALTER TABLE people RENAME COLUMN email TO contact");
  INFO(trial.told());
  CHECK(trial.told().find("function public.dynamic(), function public.new_user() and function "
                          "public.on_people() still name column email of public.people") !=
        std::string::npos);
}

TEST_CASE("the jobs of pg_cron are read where the role may, and only what they do counts") {
  const Database database;
  const auto read = [&] {
    engine::shadow::TargetReader reader{engine::db::Target::parse(database.conninfo())};
    return engine::hazard::read_production(reader).jobs;
  };
  CHECK(read().empty());
  database.sql(
      "CREATE SCHEMA cron; CREATE TABLE cron.job (jobid bigint, jobname text, command text, active "
      "boolean); INSERT INTO cron.job VALUES (1, 'a', 'SELECT f()', true), (2, NULL, 'VACUUM', "
      "true), (3, 'c', 'SELECT g()', false)");
  CHECK(read() == std::map<std::string, std::string>{{"a", "SELECT f()"}, {"2", "VACUUM"}});
  const Role nobody{database};
  engine::shadow::TargetReader barred{engine::db::Target::parse(database.conninfo(nobody.name()))};
  CHECK(engine::hazard::read_production(barred).jobs.empty());
  const Trial trial = attempt({step("ALTER FUNCTION purge() RENAME TO clean")}, named, jobs);
  INFO(trial.told());
  CHECK(trial.told().find("The pg_cron job nightly still names function public.purge()") !=
        std::string::npos);
}

TEST_CASE("of a function's body, literals count where it executes them") {
  using engine::hazard::code_of;
  using engine::hazard::names;
  CHECK(!names(code_of("SELECT 'people' || 'it''s people'"), "", "people"));
  CHECK(names(code_of("SELECT 'it''s' FROM people"), "", "people"));
  CHECK(!names(code_of("-- people\n/* people */ SELECT 1"), "", "people"));
  CHECK(names(code_of("q := 'SELECT * FROM people'; EXECUTE q"), "", "people"));
  CHECK(!names(code_of("EXECUTE q; RAISE NOTICE 'people'"), "", "people"));
  CHECK(names(code_of("EXECUTE format('TABLE %I', 'people')"), "", "people"));
  CHECK(!names(code_of("SELECT E'\\' FROM people'"), "", "people"));
  CHECK(!names("SELECT * FROM archive.people", "public", "people"));
  CHECK(names("SELECT * FROM public.people", "public", "people"));
  CHECK(names("SELECT * FROM \"public\".\"people\"", "public", "people"));
  CHECK(!names("SELECT * FROM people_old", "public", "people"));
}
