// Extensions that the target has and this machine does not.
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

// Its members made by hand, and then said to be an extension's: no machine has its files.
const std::string vectors = R"(
CREATE SCHEMA extensions;
CREATE TYPE extensions.vector;
CREATE FUNCTION extensions.vector_in(cstring) RETURNS extensions.vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION extensions.vector_out(extensions.vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION extensions.vector_typmod(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE TYPE extensions.vector (INPUT = extensions.vector_in, OUTPUT = extensions.vector_out, TYPMOD_IN = extensions.vector_typmod, LIKE = text);
CREATE TYPE extensions.metric AS ENUM ('near', 'far');
CREATE FUNCTION extensions.distance(a extensions.vector, b extensions.vector, how extensions.metric DEFAULT 'near') RETURNS float8
  LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE FUNCTION extensions.parts(v extensions.vector) RETURNS TABLE (n int, part float8) LANGUAGE sql AS 'SELECT 1, 1.0::float8';
CREATE FUNCTION extensions.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION extensions.number(OUT a int, OUT b text) LANGUAGE sql AS 'SELECT 1, ''x''';
CREATE PROCEDURE extensions.tidy(INOUT deep boolean) LANGUAGE plpgsql AS 'BEGIN END';
CREATE TABLE extensions.settings (name text, value extensions.vector);
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  SELECT pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index'), 'vectors', 10, 'extensions'::regnamespace, false, '0.7';
RESET allow_system_table_mods;
ALTER EXTENSION vectors ADD FUNCTION extensions.vector_in(cstring);
ALTER EXTENSION vectors ADD FUNCTION extensions.vector_out(extensions.vector);
ALTER EXTENSION vectors ADD FUNCTION extensions.vector_typmod(cstring[]);
ALTER EXTENSION vectors ADD TYPE extensions.vector;
ALTER EXTENSION vectors ADD TYPE extensions.metric;
ALTER EXTENSION vectors ADD FUNCTION extensions.distance(extensions.vector, extensions.vector, extensions.metric);
ALTER EXTENSION vectors ADD FUNCTION extensions.parts(extensions.vector);
ALTER EXTENSION vectors ADD FUNCTION extensions.keep();
ALTER EXTENSION vectors ADD FUNCTION extensions.number();
ALTER EXTENSION vectors ADD PROCEDURE extensions.tidy(boolean);
ALTER EXTENSION vectors ADD TABLE extensions.settings;
)";

const std::string tables = R"(
CREATE EXTENSION citext;
CREATE TABLE documents (id int PRIMARY KEY, name citext, place extensions.vector(3), others extensions.vector(3)[], how extensions.metric DEFAULT 'far');
INSERT INTO documents SELECT n, 'd' || n, '[1,2]', '{"[1]"}' FROM generate_series(1, 20) n;
CREATE VIEW near AS SELECT id, extensions.distance(place, '[0]') AS away FROM documents;
CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION extensions.keep();
)";

const std::string plan = R"lua(
return plan "Vectors" {
  step "Add" {
    run = sql [[ CREATE EXTENSION IF NOT EXISTS vectors WITH SCHEMA extensions;
                 ALTER TABLE documents ADD COLUMN second extensions.vector;
                 UPDATE documents SET second = place WHERE extensions.distance(place, '[1]') IS NULL; ]],
    verify = function() expect.query "SELECT count(*) FROM documents WHERE second = '[1,2]'" :equals(20) end,
    rollback = sql [[ ALTER TABLE documents DROP COLUMN second ]],
  },
}
)lua";

}  // namespace

TEST_CASE("an extension that this machine lacks has stand-ins, and the preview says so") {
  const Database database;
  database.sql(vectors);
  database.sql(tables);
  Folder folder;
  folder.write("plan.lua", plan);
  const Previewed previewed = preview(folder, {"-d", database.conninfo(), "--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 0);
  CHECK(previewed.proof("rollback").at("ok") == true);
  std::vector<std::string> told;
  for (const json& notice : previewed.all("notice")) {
    const std::string message = notice.at("message");
    if (message.starts_with("the shadow lacks")) told.push_back(message);
  }
  REQUIRE(told.size() == 1);  // citext is here, and everything else of the schema was made
  CHECK_THAT(told[0], ContainsSubstring("extension vectors 0.7") &&
                          ContainsSubstring("cannot be rehearsed") &&
                          ContainsSubstring("type extensions.vector"));
  CHECK_THAT(previewed.ended.out,
             ContainsSubstring("extensions.distance of extension vectors cannot be rehearsed"));
}

TEST_CASE(
    "many extensions that this machine lacks are one line, and what is used of them is told beside "
    "it") {
  const Database database;
  database.sql(R"(
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  SELECT pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index'), name, 10, 'public'::regnamespace, false, '1.0'
    FROM unnest('{first,second,third}'::text[]) AS name;
RESET allow_system_table_mods;
CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE people (id int, mood mood);
ALTER EXTENSION second ADD TYPE mood;
)");
  Folder folder;
  folder.write("plan.lua", R"lua(
return plan "Many" { step "Add" { run = sql [[ ALTER TABLE people ADD COLUMN n int ]], rollback = nothing } }
)lua");
  const std::vector<std::string> flags{"-d", database.conninfo(), "--fail-on", "never"};
  const Previewed previewed = preview(folder, flags);
  INFO(previewed.ended.all());
  std::vector<std::string> lacks, beside;
  for (const json& notice : previewed.all("notice")) {
    const std::string message = notice.at("message");
    if (message.starts_with("the shadow lacks")) lacks.push_back(message);
    if (notice.at("severity") == "INFO") beside.push_back(message);
  }
  REQUIRE(lacks.size() == 1);
  CHECK_THAT(lacks[0], ContainsSubstring("extensions first 1.0, second 1.0 and third 1.0, which"));
  REQUIRE(beside.size() == 1);
  CHECK_THAT(beside[0], ContainsSubstring("of extension second the schema uses type public.mood"));
}
