// Rows that a plan copies: whether the table that they go to takes those that the shadow lacks.
#include "hazard/probing.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

// The rows that no copy takes come last, so that the shadow has none of them.
const char* const rows = R"(
CREATE TABLE kinds (kind text PRIMARY KEY);
INSERT INTO kinds VALUES ('a');
CREATE TABLE events (id bigint PRIMARY KEY, at date NOT NULL, kind text, code int);
INSERT INTO events SELECT n, '2024-01-01', 'a', n FROM generate_series(1, 300) n;
INSERT INTO events VALUES (901, '2030-01-01', NULL, 1), (902, '2024-01-01', 'z', -1);
ANALYZE;
)";

Previewed previewed_of(const std::string& steps) {
  const Database database;
  database.sql(rows);
  Folder folder;
  folder.write("plan.lua", "return plan \"Copies\" {\n" + steps + "}\n");
  return preview(folder, {"-d", database.conninfo(), "--rows", "20", "--fail-on", "never"});
}

std::vector<std::string> told(const Previewed& previewed, const std::string& rule) {
  std::vector<std::string> messages;
  for (const json& finding : previewed.all("finding")) {
    if (finding.at("rule") == rule)
      messages.push_back(finding.at("step").get<std::string>() + ": " +
                         finding.at("message").get<std::string>());
  }
  return messages;
}

}  // namespace

TEST_CASE("rows that find no partition, and the table's other demands, are asked of the target") {
  const Previewed previewed = previewed_of(
      step("make",
           "CREATE TABLE parted (id bigint, at date, kind text NOT NULL, PRIMARY KEY (id, at)) "
           "PARTITION BY RANGE (at); CREATE TABLE parted_2024 PARTITION OF parted FOR VALUES FROM "
           "('2024-01-01') TO ('2025-01-01'); CREATE TABLE strict (id bigint, code int UNIQUE "
           "CHECK (code > 0), kind text REFERENCES kinds)") +
      "step \"copy\" { run = function() copy.rows { from = \"events\", into = \"parted\", columns "
      "= "
      "{ id = \"id\", at = \"at\", kind = \"kind\" } } end, rollback = nothing },\n" +
      step("swap", "ALTER TABLE events RENAME TO former; ALTER TABLE parted RENAME TO events") +
      step("strict", "INSERT INTO strict SELECT id, code, kind FROM former"));
  INFO(previewed.ended.all());
  const auto found = told(previewed, "data.copied");
  REQUIRE(found.size() == 5);
  CHECK_THAT(found[0], ContainsSubstring("copy: public.events has rows"));
  CHECK_THAT(found[0], ContainsSubstring("1 row"));
  CHECK_THAT(found[0], ContainsSubstring("NOT NULL on kind"));
  CHECK_THAT(found[1], ContainsSubstring("no partition for them"));
  CHECK_THAT(found[2], ContainsSubstring("strict: "));
  CHECK_THAT(found[2], ContainsSubstring("strict_code_check"));
  CHECK_THAT(found[3], ContainsSubstring("unique index strict_code_key"));
  CHECK_THAT(found[4], ContainsSubstring("foreign key strict_kind_fkey"));
  CHECK(told(previewed, "data.not-probed").empty());
  CHECK(finding_of(previewed, "data.copied").at("severity") == "danger");
}

TEST_CASE("a copy that the table takes is no finding, and one that cannot be asked is told") {
  const Previewed previewed = previewed_of(
      step("make",
           "CREATE TABLE fresh (id bigint PRIMARY KEY, at date NOT NULL, code int); CREATE TABLE "
           "parted (id bigint, at date) PARTITION BY RANGE (at); CREATE TABLE parted_rest "
           "PARTITION OF parted DEFAULT; CREATE TABLE late (id bigint, at date NOT NULL);") +
      step("fresh", "INSERT INTO fresh SELECT id, at, code FROM events") +
      step("parted", "INSERT INTO parted SELECT id, at FROM events") +
      step("block", "DO $$ BEGIN INSERT INTO late SELECT id, at FROM events; END $$") +
      "step \"value\" { run = function() db.exec(\"INSERT INTO late SELECT id, at FROM events "
      "WHERE "
      "id > $1\", 5) end, rollback = nothing },\n" +
      step("twice", "INSERT INTO late SELECT id, at FROM fresh"));
  INFO(previewed.ended.all());
  CHECK(told(previewed, "data.copied").empty());
  const auto unknown = told(previewed, "data.not-probed");
  REQUIRE(unknown.size() == 2);
  CHECK_THAT(unknown[0], ContainsSubstring("block: "));
  CHECK_THAT(unknown[1], ContainsSubstring("value: "));
  CHECK_THAT(unknown[1], ContainsSubstring("takes parameters from the plan"));
  CHECK(finding_of(previewed, "data.not-probed").at("severity") == "warning");
  CHECK(previewed.verdict() != "clean");
}

TEST_CASE("rows that are repaired where they were copied to are a warning") {
  const Previewed previewed =
      previewed_of(step("make", "CREATE TABLE fresh (id bigint, kind text)") +
                   step("copy", "INSERT INTO fresh SELECT id, kind FROM events") +
                   step("repair", "UPDATE fresh SET kind = 'a' WHERE kind IS NULL") +
                   step("demand", "ALTER TABLE fresh ALTER kind SET NOT NULL"));
  INFO(previewed.ended.all());
  const json finding = finding_of(previewed, "data.copied");
  CHECK(finding.at("severity") == "warning");
  CHECK_THAT(finding.at("message").get<std::string>(), ContainsSubstring("afterwards"));
}

TEST_CASE("rows that a step repairs which was skipped on a sample are a warning that says so") {
  const Previewed previewed = previewed_of(
      "step \"repair\" { when = function() return db.count(\"events\", \"kind IS NULL\") > 0, \"no "
      "NULLs\" end, run = sql [[ UPDATE events SET kind = 'a' WHERE kind IS NULL ]], rollback = "
      "nothing },\n" +
      step("check", "ALTER TABLE events ADD CONSTRAINT c CHECK (kind IS NOT NULL) NOT VALID") +
      step("validate", "ALTER TABLE events VALIDATE CONSTRAINT c") +
      step("set",
           "ALTER TABLE events ALTER kind SET NOT NULL; ALTER TABLE events DROP CONSTRAINT c"));
  INFO(previewed.ended.all());
  const json finding = finding_of(previewed, "data.nulls");
  CHECK(finding.at("severity") == "warning");
  CHECK(finding.at("evidence") == "estimated");
  CHECK_THAT(finding.at("message").get<std::string>(),
             ContainsSubstring("step repair was skipped on the shadow"));
  CHECK(previewed.all("verdict").front().at("counts").at("danger") == 0);
}

TEST_CASE("rows that row security hides from who asks are not probed, which is a warning") {
  const Database database;
  database.sql(rows);
  database.sql(R"(
CREATE ROLE hazards_owner LOGIN;
ALTER TABLE events OWNER TO hazards_owner;
GRANT ALL ON SCHEMA public TO hazards_owner;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO hazards_owner', current_database()); END $$;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON events USING (id < 900);
)");
  Folder folder;
  folder.write("plan.lua", "return plan \"Hidden\" {\n" +
                               step("set", "ALTER TABLE events ALTER kind SET NOT NULL") + "}\n");
  const Previewed previewed =
      preview(folder, {"-d", database.conninfo() + " user=hazards_owner", "--fail-on", "never"});
  database.sql(
      "REASSIGN OWNED BY hazards_owner TO CURRENT_USER; DROP OWNED BY hazards_owner; DROP "
      "ROLE hazards_owner");
  INFO(previewed.ended.all());
  CHECK(probe_of(previewed, "nulls", "kind").at("result") == "not_probed");
  CHECK_THAT(probe_of(previewed, "nulls", "kind").at("reason").get<std::string>(),
             ContainsSubstring("row-level security"));
  CHECK(finding_of(previewed, "data.not-probed").at("severity") == "warning");
  CHECK(previewed.verdict() != "clean");
}
