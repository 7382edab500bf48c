#include "cluster/fixture.h"

#include <future>

#include "base/file.h"
#include "db/connection.h"
#include "support/database.h"
#include "support/errors.h"
#include "support/folder.h"

using namespace engine;
using namespace engine::cluster;
using test::error_of;

namespace {

std::optional<std::string> known(const std::string& name) {
  if (name != "roles") return std::nullopt;
  return "-- made where missing\nDO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = "
         "'fixture_user') THEN\n"
         "  CREATE ROLE fixture_user LOGIN;\nEND IF;\nEXCEPTION WHEN duplicate_object OR "
         "unique_violation THEN NULL; END $$;\n";
}

struct Place {
  test::Folder folder;
  test::Database database;

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder.path() + "/" + name;
    file::make_folder(file::folder_of(path));
    file::write(path, text);
    return path;
  }
  Fixture read(const std::string& text) const {
    return Fixture::read(write("before.sql", text), known);
  }
  FixtureState load(const Fixture& fixture) const {
    return load_fixture(db::Target::parse(database.conninfo()), fixture);
  }
};

}  // namespace

TEST_CASE("a fixture loads once, with what it includes, and names the role") {
  const Place place;
  place.write("parts/table.sql", "CREATE TABLE t (id int);\n-- engine: include rows.sql\n");
  place.write("parts/rows.sql", "INSERT INTO t SELECT generate_series(1, 3);\n");
  const Fixture fixture = place.read(
      "-- engine: include roles\n-- engine: role fixture_user\n-- engine: include "
      "parts/table.sql\nGRANT SELECT ON t TO fixture_user;\n");
  CHECK(fixture.role() == "fixture_user");
  CHECK(place.load(fixture) == FixtureState::loaded);
  CHECK(place.database.value("SELECT count(*) FROM t") == "3");
  CHECK(place.load(fixture) == FixtureState::there);
  CHECK(place.database.value("SELECT count(*) FROM t") == "3");
}

TEST_CASE("a fixture that was edited since is told, and not loaded over the old one") {
  const Place place;
  CHECK(place.load(place.read("CREATE TABLE t (id int);")) == FixtureState::loaded);
  CHECK(place.load(place.read("CREATE TABLE u (id int);")) == FixtureState::edited);
  CHECK(place.database.value("SELECT to_regclass('u')") == "");
}

TEST_CASE("a fixture leaves nothing in the schemas but its own objects") {
  const Place place;
  place.load(place.read("CREATE TABLE t (id int);"));
  CHECK(place.database.value(
            "SELECT string_agg(relname, ',') FROM pg_class c JOIN pg_namespace n ON n.oid = "
            "relnamespace"
            " WHERE nspname NOT LIKE 'pg_%' AND nspname <> 'information_schema'") == "t");
}

TEST_CASE("it loads into a second database of the server, where its roles are already") {
  const Place one;
  const Place other;
  const std::string text =
      "-- engine: include roles\n-- engine: role fixture_user\nCREATE TABLE t (id int);";
  CHECK(one.load(one.read(text)) == FixtureState::loaded);
  CHECK(other.load(other.read(text)) == FixtureState::loaded);
}

TEST_CASE("a statement that fails is named with its file and line, and nothing stays") {
  const Place place;
  place.write(
      "part.sql",
      "CREATE TABLE u (id int);\n\n-- ä comment\nSELECT 'ä',\n  no_such_column\n  FROM u;\n");
  const Fixture fixture = place.read("CREATE TABLE t (id int);\n-- engine: include part.sql\n");
  const Error error = error_of([&] { place.load(fixture); });
  CHECK(error.code() == Code::sql);
  CHECK(error.sqlstate() == "42703");
  CHECK(error.source().file == place.folder.path() + "/part.sql");
  CHECK(error.source().line == 5);
  CHECK_THAT(error.message(),
             ContainsSubstring("part.sql line 5: column \"no_such_column\" does not exist"));
  CHECK(place.database.value("SELECT to_regclass('t')") == "");
}

TEST_CASE("a statement that fails while it runs is named too, after an include") {
  const Place place;
  const Fixture fixture = place.read("-- engine: include roles\n\nSELECT 1;\nSELECT 1 / 0;\n");
  CHECK(error_of([&] { place.load(fixture); }).source().line == 4);
}

TEST_CASE("what cannot run in the fixture's transaction is refused by name") {
  const Place place;
  for (const char* text :
       {"SELECT 1;\nCOMMIT;", "SELECT 1;\nVACUUM;", "SELECT 1;\n\\i other.sql\n"}) {
    const Error error = error_of([&] { place.load(place.read(text)); });
    CHECK(error.code() == Code::refused);
    CHECK(error.source().line == 2);
  }
}

TEST_CASE("mistakes in the engine's lines are named with file and line") {
  const Place place;
  const auto message = [&](const std::string& text) {
    return error_of([&] { place.read(text); }).message();
  };
  CHECK_THAT(
      message("\n-- engine: inclued x\n"),
      ContainsSubstring(
          "before.sql line 2: \"inclued\" is not a fixture directive; did you mean \"include\"?"));
  CHECK_THAT(message("-- engine: role\n"),
             ContainsSubstring("before.sql line 1: role needs a name"));
  CHECK_THAT(message("-- engine: include nowhere.sql\n"),
             ContainsSubstring(
                 "line 1: nowhere.sql is neither a file in the same folder nor a known include"));
  CHECK_THAT(message("-- engine: include before.sql\n"), ContainsSubstring("includes itself"));
  CHECK(error_of([&] { Fixture::read(place.folder.path() + "/missing.sql", known); }).code() ==
        Code::file);
}

TEST_CASE("a role that the fixture names must be there, and may log in") {
  const Place place;
  const Error error = error_of(
      [&] { place.load(place.read("-- engine: role nobody_made_me\nCREATE TABLE t (id int);")); });
  CHECK(error.code() == Code::missing_object);
  CHECK_THAT(error.message(), ContainsSubstring("names role nobody_made_me"));
  CHECK(place.database.value("SELECT to_regclass('t')") == "");
}

TEST_CASE("the including file's role counts before an included one's") {
  const Place place;
  place.write("other.sql", "-- engine: role other\nSELECT 1;\n");
  CHECK(place.read("-- engine: include other.sql\n-- engine: role mine\n").role() == "mine");
  CHECK(place.read("-- engine: role mine\n-- engine: include other.sql\n").role() == "mine");
  CHECK(place.read("-- engine: include other.sql\n").role() == "other");
}

TEST_CASE("two engines that load a fixture at once load it once") {
  const Place place;
  const Fixture fixture = place.read("CREATE TABLE t (id int); SELECT pg_sleep(0.1);");
  std::vector<std::future<FixtureState>> engines;
  for (int i = 0; i < 3; ++i)
    engines.push_back(std::async(std::launch::async, [&] { return place.load(fixture); }));
  int loaded = 0;
  for (auto& engine : engines) loaded += engine.get() == FixtureState::loaded ? 1 : 0;
  CHECK(loaded == 1);
}

TEST_CASE("what pg_dump --inserts prints loads, and roles that it names are made where missing") {
  const char* dump = R"(--
-- PostgreSQL database dump
--

\restrict jKq3QxWbJ0uDqfYb2hC0aS8f

-- Dumped from database version 15.20
SET statement_timeout = 0;
SET client_min_messages = warning;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.t (id integer NOT NULL);
ALTER TABLE public.t OWNER TO fixture_dumped;
INSERT INTO public.t VALUES (1);
CREATE POLICY p ON public.t TO "Fixture Reader" USING (true);
GRANT SELECT ON TABLE public.t TO "Fixture Reader";
CREATE ROLE fixture_own LOGIN;
GRANT SELECT ON TABLE public.t TO fixture_own;

\unrestrict jKq3QxWbJ0uDqfYb2hC0aS8f
)";
  const auto forget = [] {
    test::Database{}.sql(
        "DROP ROLE IF EXISTS fixture_dumped; DROP ROLE IF EXISTS \"Fixture Reader\"; DROP ROLE IF "
        "EXISTS fixture_own");
  };
  forget();
  {
    const Place place;
    std::vector<std::string> made;
    const auto tell = [&](const std::string& role) { made.push_back(role); };
    CHECK(load_fixture(db::Target::parse(place.database.conninfo()), place.read(dump), tell) ==
          FixtureState::loaded);
    CHECK(made == std::vector<std::string>{"fixture_dumped", "Fixture Reader"});
    CHECK(place.database.value("SELECT tableowner FROM pg_tables WHERE tablename = 't'") ==
          "fixture_dumped");
    CHECK(place.database.value("SELECT string_agg(rolname || ' ' || rolcanlogin || ' ' || "
                               "rolsuper, ', ' ORDER BY rolname) FROM pg_roles WHERE rolname "
                               "ILIKE 'fixture_dumped' OR rolname IN ('Fixture Reader', "
                               "'fixture_own')") ==
          "Fixture Reader false false, fixture_dumped false false, fixture_own true false");
    // Those that are there are neither changed nor told.
    const Place second;
    const std::string again =
        "CREATE TABLE t (id int); ALTER TABLE t OWNER TO fixture_dumped; GRANT ALL ON t TO "
        "fixture_own;";
    made.clear();
    CHECK(load_fixture(db::Target::parse(second.database.conninfo()), second.read(again), tell) ==
          FixtureState::loaded);
    CHECK(made.empty());
  }
  forget();
}

TEST_CASE("rows that only psql could load are refused with pg_dump's way out") {
  const Place place;
  const Error copied = error_of([&] {
    place.load(place.read("CREATE TABLE t (id int);\nCOPY t (id) FROM stdin;\n1\n2\n\\.\n"));
  });
  CHECK(copied.code() == Code::refused);
  CHECK(copied.source().line == 2);
  CHECK_THAT(copied.hint(), ContainsSubstring("pg_dump --inserts"));
  for (const char* text : {"\\restrict\n", "\\restrict a; b\n", "\\restricted x\n"}) {
    INFO(text);
    CHECK(error_of([&] { place.load(place.read(text)); }).code() == Code::refused);
  }
}

TEST_CASE("settings of a fixture end with its loading, whatever they were") {
  const Place place;
  CHECK(place.load(place.read("SET search_path = ''; CREATE TABLE public.t (id int); SET SESSION "
                              "AUTHORIZATION fixture_user;")) == FixtureState::loaded);
}
