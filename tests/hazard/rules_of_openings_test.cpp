// Access that opens and closes: what trips each rule, and the safer way.
#include "hazard/scenario.h"
#include "support/catch.h"

using namespace test;

namespace {

// Views and tables that roles read, with a role that is no more than a group.
const std::string read_by_roles =
    "DO $$ BEGIN CREATE ROLE access_reader; EXCEPTION WHEN duplicate_object OR unique_violation "
    "THEN "
    "END $$; GRANT USAGE ON SCHEMA public TO access_reader; "
    "CREATE TABLE people (id bigint PRIMARY KEY, name text, email text, born date); "
    "ALTER TABLE people ENABLE ROW LEVEL SECURITY; "
    "CREATE POLICY mine ON people TO authenticated USING (id = (SELECT auth.uid())); "
    "GRANT SELECT (id, name, born), UPDATE (born) ON people TO authenticated; "
    "CREATE VIEW cards AS SELECT id, name FROM people WHERE id > 0; GRANT SELECT ON cards TO anon; "
    "CREATE TABLE news (id bigint PRIMARY KEY, title text); GRANT SELECT ON news TO anon; "
    "GRANT SELECT, INSERT ON customers TO access_reader; "
    "CREATE VIEW mails AS SELECT id, email FROM customers; GRANT SELECT ON mails TO access_reader; "
    "CREATE VIEW bare AS SELECT id FROM orders; GRANT SELECT ON bare TO anon; "
    "CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n'; "
    "CREATE FUNCTION hidden() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
    "REVOKE EXECUTE ON FUNCTION hidden() FROM PUBLIC; CREATE SCHEMA shop; "
    "CREATE FUNCTION asked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$";

Trial tried(const std::string& sql) { return attempt({step(sql)}, read_by_roles); }

const engine::event::Finding* finding_of(const Trial& trial, const std::string& rule) {
  for (const auto& finding : trial.findings)
    if (finding.rule == rule) return &finding;
  return nullptr;
}

std::string message_of(const Trial& trial, const std::string& rule) {
  const auto* finding = finding_of(trial, rule);
  return finding == nullptr ? ""
                            : std::string{name_of(finding->severity)} + ": " + finding->message;
}

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

}  // namespace

namespace test {

std::vector<Scenario> opening_scenarios() {
  return {
      {"access.opened",
       {step("GRANT SELECT ON customers TO anon")},
       {step("GRANT SELECT ON customers TO pg_monitor")}},
      {"access.shows-more",
       {step("CREATE OR REPLACE VIEW cards AS SELECT id, name, email FROM people WHERE id > 0")},
       {step("CREATE OR REPLACE VIEW cards AS SELECT id, name FROM people WHERE id > 0"),
        step("ALTER TABLE people RENAME COLUMN born TO birthday"),
        step("ALTER TABLE news RENAME COLUMN title TO head"),
        step("ALTER TABLE people ADD COLUMN phone text"),
        step("CREATE OR REPLACE VIEW mails AS SELECT id, email, age FROM customers")},
       read_by_roles},
  };
}

std::vector<Scenario> loss_scenarios() {
  return {
      {"access.lost",
       {step("REVOKE SELECT ON customers FROM access_reader")},
       {step("GRANT SELECT (id) ON customers TO access_reader"),
        step("DROP FUNCTION total(int); CREATE FUNCTION total(n int, m int DEFAULT 0) RETURNS int "
             "LANGUAGE sql AS 'SELECT n'"),
        step("DROP FUNCTION hidden()"), step("DROP FUNCTION asked()"),
        step("DROP VIEW mails; CREATE VIEW mails AS SELECT email, id FROM customers; GRANT SELECT "
             "ON mails TO access_reader"),
        step("ALTER TABLE customers RENAME TO clients"),
        step("ALTER TABLE clients OWNER TO access_reader"),
        step("ALTER TABLE people RENAME COLUMN email TO mail; ALTER TABLE people DROP COLUMN "
             "born"),
        step("DROP POLICY mine ON people"), step("DROP TABLE news")},
       read_by_roles},
      {"access.lost-on-recreate",
       {step("DROP VIEW own; CREATE VIEW own WITH (security_invoker = true) AS SELECT id FROM "
             "guarded")},
       {step("CREATE OR REPLACE VIEW own WITH (security_invoker = true) AS SELECT id, owner FROM "
             "guarded")}},
      {"access.row-security-without-policy",
       {step("ALTER TABLE customers ENABLE ROW LEVEL SECURITY")},
       {step("ALTER TABLE customers ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON customers FOR "
             "SELECT TO authenticated USING (id = (SELECT auth.uid()))")}},
  };
}

}  // namespace test

TEST_CASE("each hazard of access that opens is found, and not in the safer way") {
  try_out(opening_scenarios());
}

TEST_CASE("each hazard of access that closes is found, and not in the safer way") {
  try_out(loss_scenarios());
}

TEST_CASE("a view that shows more to whoever comes names the columns; so does a table") {
  const Trial trial = attempt(
      {step("ALTER TABLE news ADD COLUMN draft text"),
       step("CREATE OR REPLACE VIEW bare AS SELECT id FROM orders WHERE id < 100"),
       step("DROP VIEW cards; CREATE VIEW cards AS SELECT id, name, email, born FROM people; GRANT "
            "SELECT ON cards TO anon")},
      read_by_roles);
  INFO(trial.told());
  std::set<std::string> told;
  for (const auto& finding : trial.findings)
    if (finding.rule == "access.shows-more")
      told.insert(finding.step + ": " + finding.message.substr(0, finding.message.find('.', 30)));
  CHECK(told.size() == 3);
  CHECK(trial.told().find("[1]: anon may read public.news without row security, and the plan "
                          "adds columns: draft") != std::string::npos);
  CHECK(trial.told().find("[2]: anon may read public.bare without row security, and the plan "
                          "changes its query") != std::string::npos);
  CHECK(trial.told().find("[3]: anon may read public.cards without row security, and the plan "
                          "adds columns: email and born") != std::string::npos);
}

TEST_CASE("a grant on a table where the role had some columns opens the others") {
  const std::string told =
      message_of(tried("GRANT UPDATE ON people TO authenticated"), "access.opened");
  CHECK(begins(told,
               "warning: public.people: authenticated may UPDATE (rows by policy mine, previously "
               "rows by policy mine of columns born)"));
}

TEST_CASE("a grant to an ordinary role is a decision where no row security narrows it") {
  const Trial trial = tried("GRANT SELECT ON ALL TABLES IN SCHEMA public TO access_reader");
  INFO(trial.told());
  std::set<std::string> severities;
  for (const auto& finding : trial.findings)
    if (finding.rule == "access.opened") severities.insert(std::string{name_of(finding.severity)});
  CHECK(severities == std::set<std::string>{"info", "warning"});
  CHECK(trial.told().find("public.totals") != std::string::npos);
  CHECK(trial.told().find("access_reader may SELECT (every row)") != std::string::npos);
}

TEST_CASE("what a policy opens is told at the policy, what a grant opens at the grant") {
  const Trial trial =
      attempt({step("ALTER TABLE guarded ADD COLUMN note text"),
               step("GRANT SELECT ON guarded TO anon; GRANT SELECT ON orders TO authenticated"),
               step("ALTER TABLE guarded ALTER COLUMN note SET DEFAULT ''"),
               step("CREATE POLICY for_anon ON guarded FOR SELECT TO anon USING (id = 1)"),
               step("ALTER TABLE guarded ALTER COLUMN note SET DEFAULT 'x'"),
               step("ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1")});
  INFO(trial.told());
  std::set<std::string> told;
  for (const auto& finding : trial.findings)
    if (finding.rule == "access.opened") told.insert(finding.relation + " " + finding.step);
  CHECK(told == std::set<std::string>{"public.guarded 4", "public.orders 2"});
}

TEST_CASE("who loses what is told together, at the statement that takes it") {
  const Trial trial = attempt(
      {step("DROP VIEW mails"), step("DROP FUNCTION total(int)"),
       step("ALTER VIEW bare SET (security_invoker = true)"),
       step("REVOKE INSERT ON customers FROM access_reader"),
       step("ALTER TABLE news SET SCHEMA shop"), step("ALTER TABLE people ADD COLUMN named text"),
       step("DROP VIEW cards; ALTER TABLE people DROP COLUMN name"),
       step("ALTER TABLE people RENAME COLUMN named TO name"),
       step("REVOKE USAGE ON SEQUENCE tickets_id_seq FROM access_reader; ALTER TABLE counted SET "
            "SCHEMA shop")},
      read_by_roles +
          "; GRANT USAGE ON SEQUENCE tickets_id_seq TO access_reader; CREATE TABLE counted (id "
          "bigserial PRIMARY KEY); GRANT USAGE ON SEQUENCE counted_id_seq TO access_reader");
  INFO(trial.told());
  for (const char* line :
       {"access.lost [1]: view public.mails: access_reader may no longer SELECT, because it no "
        "longer exists",
        "access.lost [2]: function public.total(integer): ",
        "access.lost [3]: view public.bare: anon may no longer SELECT (as the caller, who may not "
        "read public.orders)",
        "access.lost [4]: table public.customers: access_reader may no longer INSERT",
        "access.lost [5]: table public.news: anon may no longer SELECT",
        "table public.people: authenticated may no longer SELECT name.",
        "access.lost [9]: sequence public.tickets_id_seq: access_reader may no longer USAGE"}) {
    INFO(line);
    CHECK(trial.told().find(line) != std::string::npos);
  }
  CHECK(trial.told().find("counted_id_seq: ") == std::string::npos);
}

TEST_CASE("row security without a policy is a decision where somebody saw rows") {
  const std::string told = message_of(tried("ALTER TABLE customers ENABLE ROW LEVEL SECURITY"),
                                      "access.row-security-without-policy");
  CHECK(begins(told,
               "warning: public.customers has row security and no policy: access_reader may "
               "INSERT and SELECT no row"));
}

TEST_CASE("row security whose policies leave a role out takes what it had") {
  const Trial trial = tried(
      "ALTER TABLE customers ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON customers FOR "
      "SELECT TO access_reader USING (id = 1)");
  CHECK(begins(message_of(trial, "access.lost"),
               "warning: table public.customers: access_reader may no longer INSERT (no row)"));
}
