// What the target's rows would not let through is found by asking the target, since the shadow has
// few of them; and what it would cost there is told as ranges.
#include "hazard/probing.h"
#include "hazard/target/type_conversion.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

// Those that break something come last, so that the first rows of each table do not.
const char* const rows = R"(
CREATE TABLE parents (id int PRIMARY KEY);
INSERT INTO parents SELECT generate_series(1, 300);
CREATE TABLE people (id int PRIMARY KEY, email text, age int, parent int, code text, big bigint,
                     note text, kind text);
INSERT INTO people SELECT n, 'e' || n, n, n, 'c', n, 'x', 'k' FROM generate_series(1, 300) n;
INSERT INTO people VALUES (901, NULL, -1, 7777, 'too long', 3000000000, 'x', 'k'),
                          (902, 'e1', 5, 1, 'c', 1, NULL, 'k'), (903, 'e1', 5, 1, 'c', 1, 'x', 'k');
ANALYZE;
)";

const std::string plan =
    "return plan \"Probes\" {\n" + step("null", "ALTER TABLE people ALTER email SET NOT NULL") +
    step("clean", "ALTER TABLE people ALTER age SET NOT NULL") +
    step("unique", "ALTER TABLE people ADD CONSTRAINT one UNIQUE (email)") +
    step("check", "ALTER TABLE people ADD CONSTRAINT old CHECK (age >= 0) NOT VALID") +
    step("validate", "ALTER TABLE people VALIDATE CONSTRAINT old") +
    step("key",
         "ALTER TABLE people ADD CONSTRAINT parent_of FOREIGN KEY (parent) REFERENCES "
         "parents") +
    step("narrow", "ALTER TABLE people ALTER code TYPE varchar(4)") +
    step("smaller", "ALTER TABLE people ALTER big TYPE int") +
    step("new",
         "ALTER TABLE people ADD COLUMN fresh int; UPDATE people SET fresh = 1; ALTER TABLE "
         "people ALTER fresh SET NOT NULL") +
    "}\n";

}  // namespace

TEST_CASE("rows that the shadow does not have are asked for on the target") {
  const Database database;
  database.sql(rows);
  Folder folder;
  folder.write("plan.lua", plan);
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo(), "--rows", "20", "--fail-on", "never"});
  INFO(previewed.ended.all());

  CHECK(probe_of(previewed, "nulls", "email").at("rows") == 1);
  CHECK(probe_of(previewed, "nulls", "email").at("examples") == json{"901"});
  CHECK(probe_of(previewed, "nulls", "age").at("result") == "none");
  CHECK(probe_of(previewed, "nulls", "fresh").at("result") == "not_probed");
  CHECK(probe_of(previewed, "duplicates", "one").at("rows") == 1);
  CHECK(probe_of(previewed, "duplicates", "one").at("examples") == json{"1 and 903"});
  CHECK(probe_of(previewed, "violations", "old").at("examples") == json{"901"});
  CHECK(probe_of(previewed, "orphans", "parent_of").at("examples") == json{"901"});
  CHECK(probe_of(previewed, "misfits", "code").at("examples") == json{"901"});
  CHECK(probe_of(previewed, "misfits", "big").at("examples") == json{"901"});
  // Keys, and never what else stands in the row.
  CHECK(previewed.ended.out.find("7777") == std::string::npos);
  CHECK(previewed.ended.out.find("too long") == std::string::npos);

  const auto rules = previewed.rules();
  CHECK(rules.at("null").contains("data.nulls"));
  CHECK(rules.at("unique").contains("data.duplicates"));
  CHECK(rules.at("validate").contains("data.violations"));
  CHECK(rules.at("key").contains("data.orphans"));
  CHECK(rules.at("narrow").contains("data.misfits"));
  CHECK(!rules.at("clean").contains("data.nulls"));

  // Ranges with what they come from, never one number.
  REQUIRE(!previewed.all("impact").empty());
  for (const json& impact : previewed.all("impact")) {
    INFO(impact.dump());
    CHECK(impact.at("low_ms") < impact.at("high_ms"));
    CHECK_THAT(
        impact.at("basis").get<std::string>(),
        ContainsSubstring(impact.at("work") == "rows" ? "20 of the shadow's 20 rows" : "/s"));
  }
}

TEST_CASE("rows that the plan may repair before are a warning, also where the shadow has none") {
  const Database database;
  database.sql(rows);
  Folder folder;
  folder.write(
      "plan.lua",
      "return plan \"Repairs\" {\n" + step("ages", "UPDATE people SET age = 0 WHERE age < 0") +
          step("check", "ALTER TABLE people ADD CONSTRAINT old CHECK (age >= 0) NOT VALID") +
          step("validate", "ALTER TABLE people VALIDATE CONSTRAINT old") +
          step("orphaned",
               "INSERT INTO parents SELECT 7777 WHERE EXISTS (SELECT FROM people WHERE "
               "parent = 7777)") +
          step("key",
               "ALTER TABLE people ADD CONSTRAINT parent_of FOREIGN KEY (parent) REFERENCES "
               "parents") +
          step("codes", "DO $$ BEGIN DELETE FROM people WHERE length(code) > 4; END $$") +
          step("narrow", "ALTER TABLE people ALTER code TYPE varchar(4)") + "}\n");
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--rows", "20"});
  INFO(previewed.ended.all());
  CHECK(previewed.all("verdict").front().at("counts").at("danger") == 0);
  for (const char* rule : {"data.violations", "data.orphans", "data.misfits"}) {
    INFO(rule);
    const json finding = finding_of(previewed, rule);
    CHECK(finding.at("severity") == "warning");
    CHECK(finding.at("evidence") == "estimated");
    CHECK_THAT(finding.at("message").get<std::string>(),
               ContainsSubstring("the plan changes rows of the table beforehand"));
  }
}

TEST_CASE("a repair after the statement that fails, or of another table, repairs nothing") {
  const Database database;
  database.sql(rows);
  Folder folder;
  folder.write("plan.lua", "return plan \"Too late\" {\n" +
                               step("other", "UPDATE parents SET id = id WHERE id < 0") +
                               step("unique", "CREATE UNIQUE INDEX one ON people (email)") +
                               step("late", "DELETE FROM people WHERE id > 900") + "}\n");
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--rows", "20"});
  INFO(previewed.ended.all());
  CHECK(finding_of(previewed, "data.duplicates").at("severity") == "danger");
}

TEST_CASE("what cannot be asked is not probed, and said so") {
  const Database database;
  database.sql(
      "CREATE TABLE people (id int PRIMARY KEY, email text, other text); INSERT INTO people "
      "VALUES (1, 'a', 'b'), (2, 'a', 'b')");
  Folder folder;
  folder.write(
      "plan.lua",
      "return plan \"P\" {\n" +
          step("x",
               "CREATE FUNCTION coded(text) RETURNS bytea LANGUAGE sql AS 'SELECT $1::bytea'; "
               "ALTER TABLE people ALTER email TYPE bytea USING coded(email)") +
          step("y",
               "CREATE TYPE mood AS ENUM ('a', 'b'); ALTER TABLE people ADD COLUMN mood text; "
               "ALTER TABLE people ALTER other TYPE mood USING lower(other)::mood") +
          "}\n");
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo(), "--rows", "1", "--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.rules().at("x").contains("data.not-probed"));
  CHECK_THAT(probe_of(previewed, "misfits", "email").at("reason").get<std::string>(),
             ContainsSubstring("may do more than read"));
  CHECK_THAT(probe_of(previewed, "misfits", "other").at("reason").get<std::string>(),
             ContainsSubstring("to a new type"));
}

TEST_CASE("which values another type does not take") {
  using engine::hazard::fits;
  CHECK(fits("integer", "bigint", "v").misfit == "");
  CHECK(fits("character varying(20)", "character varying(30)", "v").misfit == "");
  CHECK(fits("character varying(30)", "text", "v").misfit == "");
  CHECK(fits("numeric(10,2)", "numeric", "v").misfit == "");
  CHECK(fits("text", "character varying(4)", "v").misfit ==
        "pg_catalog.char_length(pg_catalog.rtrim(v::text)) > 4");
  CHECK(fits("bigint", "smallint", "v").misfit ==
        "pg_catalog.round(v::numeric) NOT BETWEEN -32768 AND 32767");
  CHECK(fits("numeric", "numeric(5,2)", "v").misfit ==
        "pg_catalog.abs(pg_catalog.round(v::numeric, 2)) >= 10::numeric ^ 3");
  CHECK(!fits("text", "uuid", "v").unknown.empty());
}

TEST_CASE(
    "rows that the plan mends before are told only where the shadow has not seen all of them") {
  const Database database;
  database.sql(
      "CREATE TABLE people (id int PRIMARY KEY, region text, email text);"
      "INSERT INTO people SELECT n, CASE WHEN n < 250 THEN 'r' END, 'e' || n % 250 FROM "
      "generate_series(1, 300) AS n; ANALYZE");
  Folder folder;
  folder.write("plan.lua",
               "return plan \"Mend\" {\n" +
                   step("mend",
                        "UPDATE people SET region = '' WHERE region IS NULL; UPDATE people SET "
                        "email = email || id WHERE id > 200") +
                   step("null", "ALTER TABLE people ALTER region SET NOT NULL") +
                   step("unique", "CREATE UNIQUE INDEX one ON people (email)") + "}\n");
  const auto data_rules = [&](const std::string& rows) {
    const Previewed previewed =
        preview(folder, {"-d", database.conninfo(), "--rows", rows, "--fail-on", "never"});
    std::map<std::string, std::string> severities;
    for (const json& finding : previewed.all("finding")) {
      const std::string rule = finding.at("rule");
      if (rule.starts_with("data.")) severities[rule] = finding.at("severity");
    }
    return severities;
  };
  CHECK(data_rules("300").empty());
  const auto some = data_rules("20");
  CHECK(some.size() == 2);
  CHECK(some.at("data.nulls") == "warning");
  CHECK(some.at("data.duplicates") == "warning");
  // What is masked is not what the target has.
  folder.write("engine.toml", "mask = { \"public.people.email\" = \"hash\" }\n");
  CHECK(data_rules("300").size() == 2);
}
