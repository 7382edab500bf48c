// Rows of the target that types, domains, partitions and exclusions do not take, and rows that they
// do.
#include "hazard/probing.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

// Tables "bad" and "good" are alike but for bad's last rows, which the shadow does not have.
const std::string fixture = R"(
CREATE DOMAIN amount AS int;
CREATE DOMAIN label AS text;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE bad (id int PRIMARY KEY, n amount, title label, wide text, kind text, word text, day date,
                  room int, during int4range, value text);
CREATE TABLE good (LIKE bad INCLUDING ALL);
INSERT INTO good SELECT n, n, 't', 'w', 'ok', n::text, '2026-01-01', n, int4range(10 * n, 10 * n + 1), 'v'
  FROM generate_series(1, 300) n;
INSERT INTO bad SELECT * FROM good;
INSERT INTO bad VALUES (901, -1, repeat('t', 100), 'too wide', 'glad', 'secret-word', '2026-01-01', 901, NULL, 'v'),
                       (902, 902, NULL, 'w', 'ok', '902', '2026-01-01', 2000000000, NULL, 'v'),
                       (903, 903, 't', 'w', 'ok', '903', '2026-01-01', 1, int4range(10, 15), 'v');
ALTER DOMAIN label ADD CONSTRAINT short CHECK (length(VALUE) < 100) NOT VALID;
CREATE TABLE logs (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
CREATE TABLE logs_bad (id int PRIMARY KEY, at date NOT NULL);
CREATE TABLE logs_good (LIKE logs_bad INCLUDING ALL);
INSERT INTO logs_good SELECT n, '2026-01-01' FROM generate_series(1, 300) n;
INSERT INTO logs_bad SELECT * FROM logs_good;
INSERT INTO logs_bad VALUES (901, '2027-01-01');
INSERT INTO logs SELECT n, '2020-01-01' FROM generate_series(1, 300) n;
INSERT INTO logs VALUES (901, '2028-05-05');
ANALYZE;
)";

/// The same of both tables.
std::string both(const std::string& title, const std::string& command) {
  return step("bad " + title, "ALTER TABLE bad " + command) +
         step("good " + title, "ALTER TABLE good " + command);
}

const std::string plan =
    "return plan \"Values\" {\n" +
    step("domain check", "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE >= 0)") +
    step("domain null", "ALTER DOMAIN label SET NOT NULL") +
    step("domain validate", "ALTER DOMAIN label VALIDATE CONSTRAINT short") +
    both("check", "ADD CHECK (room < 1000000000)") +
    both("exclude", "ADD EXCLUDE USING gist (during WITH &&) WHERE (id > 0)") +
    both("generate", "ADD COLUMN twice int GENERATED ALWAYS AS (room * 2) STORED") +
    both("widen", "ALTER wide TYPE varchar(4)") +
    both("enum", "ALTER kind TYPE mood USING kind::mood") +
    both("cast", "ALTER word TYPE int USING (trim(word))::int") +
    both("cut", "ALTER value TYPE varchar(1) USING (value || 'x')::varchar(1)") +
    step("attach bad",
         "ALTER TABLE logs ATTACH PARTITION logs_bad FOR VALUES FROM ('2026-01-01') TO "
         "('2026-06-01')") +
    step("attach good",
         "CREATE TABLE more (id int, at date) PARTITION BY RANGE (at); ALTER TABLE more ATTACH "
         "PARTITION logs_good FOR VALUES FROM ('2026-01-01') TO ('2026-06-01')") +
    step("beside default",
         "CREATE TABLE logs_2028 PARTITION OF logs FOR VALUES FROM ('2028-01-01') TO "
         "('2029-01-01')") +
    "}\n";

}  // namespace

TEST_CASE("values that types, domains, partitions and exclusions do not take are found") {
  const Database database;
  database.sql(fixture);
  Folder folder;
  folder.write("plan.lua", plan);
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo(), "--rows", "20", "--fail-on", "never"});
  INFO(previewed.ended.all());
  const auto probe = [&](const std::string& of, const std::string& table,
                         const std::string& object) {
    json found;
    for (const json& one : previewed.all("probe")) {
      if (one.at("of") != of || one.at("relation") != "public." + table ||
          one.at("object") != object)
        continue;
      if (found.is_null() || one.at("result") == "found") found = one;
    }
    return found.is_null() ? json{{"result", "no such probe"}, {"examples", json::array()}} : found;
  };
  const auto bad = [&](const std::string& of, const std::string& object, const json& keys) {
    INFO(of << " " << object);
    CHECK(probe(of, "bad", object).at("result") == "found");
    CHECK(probe(of, "bad", object).at("examples") == keys);
    CHECK(probe(of, "good", object).at("result") == "none");
  };
  bad("violations", "positive", {"901"});
  bad("violations", "short", {"901"});
  bad("nulls", "title", {"902"});
  bad("misfits", "twice", json::array());
  bad("misfits", "wide", {"901"});
  bad("misfits", "kind", {"901"});
  bad("misfits", "word", json::array());
  CHECK(probe("violations", "bad", "bad_room_check").at("examples") == json{"902"});
  CHECK(probe("violations", "good", "good_room_check").at("result") == "none");
  CHECK(probe("conflicts", "bad", "bad_during_excl").at("examples") == json{"1 and 903"});
  CHECK(probe("conflicts", "good", "good_during_excl").at("result") == "none");
  CHECK(probe("misfits", "bad", "value").at("result") == "none");
  CHECK(probe("strays", "logs_bad", "logs").at("examples") == json{"901"});
  CHECK(probe("strays", "logs_good", "more").at("result") == "none");
  CHECK(probe("strays", "logs_rest", "logs").at("rows") == 1);
  CHECK(previewed.ended.all().find("secret-word") == std::string::npos);

  const auto rules = previewed.rules();
  for (const char* title : {"domain check", "domain validate", "bad check"})
    CHECK(rules.at(title).contains("data.violations"));
  CHECK(rules.at("domain null").contains("data.nulls"));
  CHECK(rules.at("bad exclude").contains("data.conflicts"));
  for (const char* title : {"bad generate", "bad widen", "bad enum", "bad cast"})
    CHECK(rules.at(title).contains("data.misfits"));
  CHECK(rules.at("attach bad").contains("data.strays"));
  CHECK(rules.at("beside default").contains("data.strays"));
  for (const auto& [title, found] : rules) {
    for (const std::string& rule : found) {
      INFO(title << " " << rule);
      CHECK((title.find("good") == std::string::npos || !rule.starts_with("data.")));
    }
  }
}

TEST_CASE("columns that get a domain, and new ones without a value, are asked for") {
  const Database database;
  database.sql(R"(
CREATE DOMAIN amount AS smallint NOT NULL CHECK (VALUE > 0);
CREATE TABLE bad (id int PRIMARY KEY, n int, label text);
CREATE TABLE good (LIKE bad INCLUDING ALL);
INSERT INTO good SELECT n, n FROM generate_series(1, 300) n;
INSERT INTO bad SELECT * FROM good;
INSERT INTO bad VALUES (901, 0), (902, NULL);
CREATE TABLE big (LIKE bad INCLUDING ALL);
INSERT INTO big SELECT * FROM good;
INSERT INTO big VALUES (901, 70000);
CREATE TABLE empty (id int PRIMARY KEY);
)");
  Folder folder;
  folder.write("plan.lua",
               "return plan \"Domains\" {\n" + step("bad", "ALTER TABLE bad ALTER n TYPE amount") +
                   step("good", "ALTER TABLE good ALTER n TYPE amount") +
                   step("big", "ALTER TABLE big ALTER n TYPE amount") +
                   step("new", "ALTER TABLE bad ADD COLUMN fresh int NOT NULL") +
                   step("none", "ALTER TABLE empty ADD COLUMN fresh int NOT NULL") + "}\n");
  // Without rows the shadow lets everything through.
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo(), "--no-data", "--fail-on", "never"});
  INFO(previewed.ended.all());
  const auto rules = previewed.rules();
  CHECK(probe_of(previewed, "nulls", "fresh").at("rows") == 302);
  CHECK(rules.at("new").contains("data.nulls"));
  CHECK(!rules.at("none").contains("data.nulls"));
  CHECK(rules.at("bad").contains("data.misfits"));
  CHECK(rules.at("big").contains("data.misfits"));
  CHECK(!rules.at("good").contains("data.misfits"));
  CHECK(!rules.at("good").contains("data.not-probed"));
}
