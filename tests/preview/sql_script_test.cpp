// engine preview --sql FILE: read, and run through psql.
#include "preview/sql_script.h"
#include "base/file.h"
#include "base/process.h"
#include "base/redactor.h"
#include "cluster/fixture.h"
#include "database_state/schema_hash.h"
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;

namespace {

Ended engine_on(const Database& database, const Folder& folder, std::vector<std::string> words,
                const std::string& plan = "plan.lua") {
  words.insert(words.begin() + 1, {plan, "-d", database.conninfo()});
  return run_engine(words, {folder.path(), {}, std::chrono::seconds{180}});
}

engine::process::Finished psql(const Database& database, const std::string& file) {
  return engine::process::run({"psql", "-X", "-q", "-d", database.conninfo(), "-f", file});
}

engine::database_state::SchemaHashes schema_of(const Database& database) {
  auto connection = engine::db::Connection::open(engine::db::Target::parse(database.conninfo()));
  return engine::database_state::read_schema_hashes(connection, "engine");
}

std::optional<std::string> known(const std::string& name) {
  return engine::file::read(SOURCE_FOLDER "/lib-lua/" + name + ".sql");
}

const std::string before = R"(
CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, born date);
INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 20) n;
)";

const std::string plan = R"lua(
return plan "Script" {
  accept = { ["drop.column"] = "only in the rollback" },
  inputs = { token = { type = "secret" } },
  search_path = "public",
  phase "First" { atomic = true,
    step "Columns" {
      run = { sql [[
        ALTER TABLE people ADD COLUMN note text; -- with a comment; and a semicolon
        COMMENT ON COLUMN people.note IS 'it''s $1; a note' ]],
        function()
          db.exec("UPDATE people SET note = $1, born = $2 WHERE id = $3", "it's a \\ back\n\27[2Jslash", null, 3)
          db.exec("UPDATE people SET note = $1 WHERE id = 4", input.token)
          db.query "SELECT count(*) FROM people"
          db.savepoint(function() db.exec "INSERT INTO people (name) VALUES ('kept')" end)
          pcall(db.savepoint, function() db.exec "INSERT INTO people (name) VALUES ('lost')"; error "no" end)
        end },
      verify = { test "Write" { function() db.exec "INSERT INTO people (name) VALUES ('only verified')" end } },
      rollback = impossible "for a test",
    },
    step "Second" { run = sql [[ CREATE TABLE second (id int) ]], rollback = sql [[ DROP TABLE second ]] },
  },
  step "Skipped" { when = function() return false, "not today" end, run = sql [[ SELECT 1 / 0 ]], rollback = nothing },
  step "Index" { transaction = "none", run = sql [[ CREATE INDEX CONCURRENTLY people_name ON people (name) ]],
                 rollback = sql [[ DROP INDEX CONCURRENTLY people_name ]] },
  step "Copy" { run = function() backup.snapshot("people", { as = "people_copy" }) end, rollback = function() backup.drop "people_copy" end },
}
)lua";

}  // namespace

TEST_CASE("a value stands in the script as itself, and as nothing else") {
  using engine::preview::inlined;
  CHECK(inlined({"SELECT $1, $2, '$1', \"$1\", $$ $1 $$ -- $1", {"it's", std::nullopt}}) ==
        "SELECT 'it''s', NULL, '$1', \"$1\", $$ $1 $$ -- $1");
  CHECK(inlined({"SELECT $10, $1", {"a", "", "", "", "", "", "", "", "", "ten"}}) ==
        "SELECT 'ten', 'a'");
  CHECK(engine::preview::literal_of("a\x1b[2J\xe2\x80\xae\\'") ==
        "E'a\\x1b[2J\\xe2\\x80\\xae\\\\'''");
  engine::redactor::add_secret("se'cret");
  CHECK(inlined({"SELECT 'se''cret', $1", {"my se'cret"}}) == "SELECT '***', 'my ***'");
}

TEST_CASE("the script tells what committed, with its origin, and psql makes the same of it") {
  const Database previewed, by_engine, by_psql;
  for (const Database* database : {&previewed, &by_engine, &by_psql}) database->sql(before);
  Folder folder;
  folder.write("plan.lua", plan);
  const std::vector<std::string> token{"--set", "token=correct-horse-battery"};
  std::vector<std::string> words{"preview", "--sql", "plan.sql", "--fail-on", "never"};
  words.insert(words.end(), token.begin(), token.end());
  const Ended told = engine_on(previewed, folder, words);
  INFO(told.all());
  REQUIRE(told.status == 0);
  const std::string script = engine::file::read(folder.file("plan.sql"));
  INFO(script);
  CHECK(script.starts_with("-- engine preview: Script"));
  CHECK(script.find("correct-horse") == std::string::npos);
  CHECK(script.find("'lost'") == std::string::npos);
  CHECK(script.find("only verified") == std::string::npos);
  CHECK(script.find("\nDROP TABLE") == std::string::npos);
  CHECK_THAT(script, ContainsSubstring("'kept'"));
  CHECK_THAT(script, ContainsSubstring("-- skipped: not today"));
  CHECK_THAT(script, ContainsSubstring("-- plan.lua:"));
  CHECK_THAT(script, ContainsSubstring("-- Outside a transaction."));
  const auto begin = script.find("BEGIN;");
  const auto second = script.find("CREATE TABLE second");
  CHECK(script.find("COMMIT;", begin) > second);  // an atomic phase is one transaction
  CHECK(second > script.find("ALTER TABLE people ADD COLUMN note"));

  const auto ran = psql(by_psql, folder.file("plan.sql"));
  INFO(ran.errors);
  REQUIRE(ran.status == 0);
  std::vector<std::string> run{"run", "--yes"};
  run.insert(run.end(), token.begin(), token.end());
  const Ended by_program = engine_on(by_engine, folder, run);
  INFO(by_program.all());
  REQUIRE(by_program.status == 0);
  auto made = schema_of(by_psql), wanted = schema_of(by_engine);
  // Its comment names the run.
  made.erase("table public.people_copy");
  wanted.erase("table public.people_copy");
  CHECK(made == wanted);
  const std::string rows =
      "SELECT string_agg(concat_ws('|', name, note, born), ',' ORDER BY id) FROM people WHERE id "
      "<> 4";
  CHECK(by_psql.value(rows) == by_engine.value(rows));
}

TEST_CASE("a file that no preview wrote is not written over") {
  Folder folder;
  folder.write("plan.lua", plan);
  folder.write("mine.sql", "SELECT 1;\n");
  folder.write("before.sql", before);
  for (const std::string flag : {"--sql", "--report"}) {
    const Ended ended =
        run_engine({"preview", "plan.lua", "--from", "before.sql", flag, "mine.sql"},
                   {folder.path(), {}, std::chrono::seconds{60}});
    CHECK(ended.status == 5);
    CHECK_THAT(ended.all(), ContainsSubstring("was not written by a preview"));
    CHECK(engine::file::read(folder.file("mine.sql")) == "SELECT 1;\n");
  }
}

TEST_CASE("the script of the plan made of the guide makes of a fixture what the run makes of it") {
  const std::string examples = SOURCE_FOLDER "/examples/esquisse_multisession/";
  const std::string path = SOURCE_FOLDER "/plans/esquisse_multisession.lua";
  const Database by_engine, by_psql;
  for (const Database* database : {&by_engine, &by_psql})
    engine::cluster::load_fixture(engine::db::Target::parse(database->conninfo()),
                                  engine::cluster::Fixture::read(examples + "before.sql", known));
  Folder folder;
  const Ended told = engine_on(by_engine, folder,
                               {"preview", "--answers", examples + "answers.json", "--sql",
                                "plan.sql", "--report", "plan.html"},
                               path);
  INFO(told.all());
  REQUIRE(told.status == 0);
  CHECK(engine::file::read(folder.file("plan.html")).starts_with("<!DOCTYPE html>"));
  const auto ran = psql(by_psql, folder.file("plan.sql"));
  INFO(ran.errors);
  REQUIRE(ran.status == 0);
  const Ended by_program =
      engine_on(by_engine, folder, {"run", "--yes", "--answers", examples + "answers.json"}, path);
  INFO(by_program.all());
  REQUIRE(by_program.status == 0);
  auto wanted = schema_of(by_engine), found = schema_of(by_psql);
  CHECK(found.size() == wanted.size());
  for (const auto& [object, hash] : wanted) {
    // Its comment names the run.
    if (object == "table public.esquisse_sessions_backup") continue;
    INFO(object);
    CHECK(found[object] == hash);
  }
}
