// A target where no pg_dump is as new as it.
#include <filesystem>

#include "cluster/installation.h"
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

const std::string schema = R"(
CREATE EXTENSION citext;
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('glad', 'sad');
CREATE DOMAIN app.word AS text CHECK (VALUE <> '');
ALTER DOMAIN app.word ADD CONSTRAINT short CHECK (length(VALUE) < 100) NOT VALID;
CREATE FUNCTION app.next_name() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'n' || (SELECT count(*) FROM app.people); END $$;
CREATE TABLE app.people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name app.word DEFAULT app.next_name(), mood app.mood, email citext UNIQUE,
  boss int REFERENCES app.people);
CREATE FUNCTION app.shout(p app.people) RETURNS text LANGUAGE sql STABLE AS 'SELECT upper(p.name)';
CREATE VIEW app.loud AS SELECT p.id, app.shout(p) AS name FROM app.people p;
CREATE TABLE app.parts (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
ALTER TABLE app.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.people USING (mood = 'glad');
CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int);
INSERT INTO app.people (name, mood, email) SELECT 'p' || n, 'glad', n || '@X.org' FROM generate_series(1, 20) n;
)";

const std::string plan = R"lua(
return plan "Printed" {
  step "Add" {
    run      = sql [[ ALTER TABLE app.people ADD COLUMN note text; CREATE INDEX people_note ON app.people (note) ]],
    verify   = function() expect.query "SELECT count(*) FROM app.loud WHERE name LIKE 'P%'" :equals(20) end,
    rollback = sql [[ ALTER TABLE app.people DROP COLUMN note ]],
  },
}
)lua";

// Without a pg_dump.
Previewed preview_printed(const Database& database, const std::string& text) {
  Folder folder;
  folder.write("plan.lua", text);
  const std::string bin = engine::cluster::choose_installation("/").bin;
  folder.write("bin/.keep", "");
  for (const char* program : {"initdb", "pg_ctl", "postgres"})
    std::filesystem::create_symlink(bin + "/" + program, folder.file("bin/") + program);
  const Variable only_here{"ENGINE_PG_BIN", folder.file("bin").c_str()};
  return preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
}

std::vector<std::string> lacking(const Previewed& previewed) {
  std::vector<std::string> told;
  for (const json& notice : previewed.all("notice")) {
    const std::string message = notice.at("message");
    if (message.starts_with("the shadow lacks")) told.push_back(message);
  }
  return told;
}

}  // namespace

TEST_CASE(
    "without a pg_dump the catalog printer makes the shadow, and what it leaves out is named") {
  const Database database;
  database.sql(schema);
  const Previewed previewed = preview_printed(database, plan);
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(previewed.proof("rollback").at("ok") == true);
  const std::vector<std::string> told = lacking(previewed);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0],
             ContainsSubstring("printer does not cover") && ContainsSubstring("aggregates"));
}

TEST_CASE("publications are printed, and a statement that fails takes no other with it") {
  const Database database;
  database.sql(R"(
CREATE SCHEMA app;
CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int);
CREATE TABLE app.parents (id int PRIMARY KEY);
CREATE TABLE app.children (id serial PRIMARY KEY, parent int REFERENCES app.parents);
CREATE INDEX by_total ON app.children (abs(id)) WHERE parent > 0;
CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE COLLATION app.other (PROVIDER = icu, LOCALE = 'de');
CREATE INDEX by_collation ON app.parents ((id::text COLLATE app.other));
CREATE PUBLICATION realtime FOR TABLE app.parents, app.children WITH (publish = 'insert');
)");
  const Previewed previewed = preview_printed(database, R"lua(
return plan "Printed" {
  step "Refer" { run = sql [[ CREATE TABLE app.more (parent int REFERENCES app.parents);
                              ALTER PUBLICATION realtime ADD TABLE app.more ]],
    verify = function()
      expect.query [[ SELECT count(*) FROM pg_publication_tables WHERE pubname = 'realtime' ]] :equals(3)
    end,
    rollback = sql [[ DROP TABLE app.more ]] },
}
)lua");
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  bool named = false;
  for (const std::string& sentence : lacking(previewed)) {
    CHECK(sentence.find("BEGIN") == std::string::npos);
    CHECK(sentence.find("setval") == std::string::npos);
    named = named || sentence.find("by_collation") != std::string::npos;
  }
  CHECK(named);
}
