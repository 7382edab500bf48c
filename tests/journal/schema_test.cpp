#include "journal/schema.h"

#include <exception>
#include <future>

#include "db/transaction.h"
#include "journal/journal.h"
#include "journal/open.h"
#include "support/errors.h"

using namespace engine;
using engine::journal::Journal;
using test::error_of;

namespace {

// What has no comment, of everything in the schema that takes one and that a person sees.
constexpr const char* uncommented =
    "SELECT string_agg(name, ', ') FROM ("
    " SELECT c.relname AS name FROM pg_class c WHERE relnamespace = 'engine'::regnamespace AND "
    "relkind = 'r'"
    "   AND obj_description(c.oid, 'pg_class') IS NULL"
    " UNION ALL SELECT c.relname || '.' || attname FROM pg_class c JOIN pg_attribute a ON attrelid "
    "= c.oid AND attnum > 0"
    "   WHERE relnamespace = 'engine'::regnamespace AND relkind = 'r' AND col_description(c.oid, "
    "attnum) IS NULL"
    " UNION ALL SELECT proname FROM pg_proc p WHERE pronamespace = 'engine'::regnamespace"
    "   AND obj_description(p.oid, 'pg_proc') IS NULL"
    " UNION ALL SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT "
    "tgisinternal"
    "   AND relnamespace = 'engine'::regnamespace AND obj_description(t.oid, 'pg_trigger') IS NULL"
    " UNION ALL SELECT nspname FROM pg_namespace n WHERE nspname = 'engine'"
    "   AND obj_description(n.oid, 'pg_namespace') IS NULL) AS x";

// Objects of the schema that anyone but their owner may use.
constexpr const char* opened =
    "SELECT string_agg(DISTINCT name, ', ') FROM ("
    " SELECT relname::text AS name, relowner AS owner, relacl AS acl FROM pg_class WHERE "
    "relnamespace = 'engine'::regnamespace"
    " UNION ALL SELECT proname, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc"
    "   WHERE pronamespace = 'engine'::regnamespace"
    " UNION ALL SELECT nspname, nspowner, nspacl FROM pg_namespace WHERE nspname = 'engine') AS o,"
    " LATERAL aclexplode(acl) AS a WHERE a.grantee <> owner";

}  // namespace

TEST_CASE("opening makes the journal once, and afterwards costs one round trip") {
  const test::Database database;
  auto connection = connect(database);
  CHECK(Journal::open(connection, "engine").exists());
  CHECK(database.value("SELECT max(version) FROM engine.version") ==
        std::to_string(journal::schema_version()));

  const long before = connection.round_trips();
  CHECK(Journal::open(connection, "engine").exists());
  CHECK(connection.round_trips() - before == 1);
}

TEST_CASE("everything in the journal's schema is commented") {
  const test::Database database;
  auto connection = connect(database);
  Journal::open(connection, "engine");
  CHECK(database.value(uncommented) == "");
}

TEST_CASE("default privileges open nothing of the journal") {
  const test::Database database;
  const Role role{database};
  for (const char* kind : {"SCHEMAS", "TABLES", "SEQUENCES", "FUNCTIONS"}) {
    database.sql(fmt::format("ALTER DEFAULT PRIVILEGES GRANT ALL ON {} TO {}", kind, role.name()));
  }
  auto connection = connect(database);
  Journal::open(connection, "engine");
  CHECK(database.value(opened) == "");
}

TEST_CASE("an older journal is upgraded in place, keeping its rows and the grants a person made") {
  const test::Database database;
  const Role role{database};
  auto connection = connect(database);
  journal::install(connection, "engine", 1);
  database.sql(
      "INSERT INTO engine.run (id, plan, plan_checksum, status, role, host, "
      "engine_version, backend_pid,"
      " server_version, system_identifier, database_oid) VALUES ('r1', 'p', '', "
      "'done', '', '', '', 1, '', 1, 1)");
  database.sql("GRANT USAGE ON SCHEMA engine TO " + role.name() +
               "; GRANT SELECT ON engine.run TO " + role.name());
  database.sql("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO " + role.name());
  REQUIRE(database.value("SELECT to_regclass('engine.resolution')") == "");

  const Journal journal = Journal::open(connection, "engine");
  CHECK(database.value(
            "SELECT string_agg(version::text, ',' ORDER BY version) FROM engine.version") == "1,2");
  CHECK(journal.latest("p")->id == "r1");
  CHECK(database.value(uncommented) == "");
  CHECK(database.value(opened) == "engine, run");
}

TEST_CASE("an older journal is read as it is by what makes nothing") {
  const test::Database database;
  auto connection = connect(database);
  journal::install(connection, "engine", 1);
  const Journal journal = Journal::open(connection, "engine", true);
  CHECK(journal.exists());
  CHECK(journal.runs(10).empty());
  CHECK(database.value("SELECT max(version) FROM engine.version") == "1");
}

TEST_CASE("reading makes no journal where there is none") {
  const test::Database database;
  auto connection = connect(database);
  const Journal journal = Journal::open(connection, "engine", true);
  CHECK_FALSE(journal.exists());
  CHECK_FALSE(journal.load("p").run);
  CHECK(journal.runs(10).empty());
  CHECK(database.value("SELECT to_regnamespace('engine')") == "");
}

TEST_CASE("two engines that make the journal at once end up with one") {
  const test::Database database;
  auto open = [&] {
    auto connection = connect(database);
    return Journal::open(connection, "engine").exists();
  };
  std::vector<std::future<bool>> engines;
  for (int i = 0; i < 8; ++i) engines.push_back(std::async(std::launch::async, open));
  for (auto& engine : engines) CHECK(engine.get());
  CHECK(database.value(
            "SELECT string_agg(version::text, ',' ORDER BY version) FROM engine.version") == "1,2");
}

TEST_CASE("a role without CREATE on the database is told the grant, and the grant helps") {
  const test::Database database;
  const Role role{database};
  auto connection = connect(database, role.name());
  const Error error = error_of([&] { Journal::open(connection, "engine"); });
  CHECK(error.code() == Code::refused);
  CHECK(error.message() ==
        fmt::format("role {} may not create the journal's schema engine in database {}",
                    role.name(), database.name()));
  CHECK_THAT(error.hint(), ContainsSubstring(fmt::format("GRANT CREATE ON DATABASE {} TO {};",
                                                         database.name(), role.name())));

  database.sql(fmt::format("GRANT CREATE ON DATABASE {} TO {}", database.name(), role.name()));
  CHECK(Journal::open(connection, "engine").exists());
}

TEST_CASE("an empty schema made for the role needs no right on the database") {
  const test::Database database;
  const Role role{database};
  database.sql("CREATE SCHEMA engine AUTHORIZATION " + role.name());
  auto connection = connect(database, role.name());
  CHECK(Journal::open(connection, "engine").exists());
}

TEST_CASE("a role that may not use another's journal is told the grants, and the grants suffice") {
  const test::Database database;
  const Role role{database};
  {
    auto owner = connect(database);
    Journal::open(owner, "engine");
  }
  auto connection = connect(database, role.name());
  const Error error = error_of([&] { Journal::open(connection, "engine"); });
  CHECK(error.code() == Code::refused);
  const auto grants = error.hint().find("GRANT");
  REQUIRE(grants != std::string::npos);

  database.sql(error.hint().substr(grants));
  const Journal journal = Journal::open(connection, "engine");
  journal::RunRow run;
  run.id = "r1";
  run.plan = "p";
  connection.execute(journal.begin_run(run, "return plan"));
  connection.execute(journal.record_event("r1", "", "begun", "{}"));
  CHECK(connection.execute(journal.check_epoch("r1", 1)).size() == 1);
}

TEST_CASE("an upgrade belongs to the journal's owner") {
  const test::Database database;
  const Role role{database};
  auto owner = connect(database);
  journal::install(owner, "engine", 1);
  database.sql(fmt::format(
      "GRANT USAGE ON SCHEMA engine TO {0}; GRANT ALL ON ALL TABLES IN SCHEMA engine TO {0}",
      role.name()));
  auto connection = connect(database, role.name());
  const Error error = error_of([&] { Journal::open(connection, "engine"); });
  CHECK(error.code() == Code::refused);
  CHECK_THAT(error.message(), ContainsSubstring("must be upgraded to 2 by its owner postgres"));
}

TEST_CASE("a journal of a newer engine is refused") {
  const test::Database database;
  auto connection = connect(database);
  Journal::open(connection, "engine");
  database.sql("INSERT INTO engine.version (version, engine_version) VALUES (99, '9.0')");
  for (const bool read_only : {false, true}) {
    const Error error = error_of([&] { Journal::open(connection, "engine", read_only); });
    CHECK(error.code() == Code::refused);
    CHECK_THAT(error.message(),
               ContainsSubstring("has version 99, but this engine supports versions up to 2"));
  }
}

TEST_CASE("a schema of that name which is no journal is left alone") {
  const test::Database database;
  database.sql("CREATE SCHEMA engine; CREATE TABLE engine.motor (id int)");
  auto connection = connect(database);
  const Error error = error_of([&] { Journal::open(connection, "engine"); });
  CHECK(error.code() == Code::refused);
  CHECK(error.message() == "schema engine exists, but is not a journal");
  CHECK_THAT(error.hint(), ContainsSubstring("engine.toml: journal_schema = \"engine_journal\""));
  CHECK(Journal::open(connection, "engine_journal").exists());
}

TEST_CASE("a read-only server is refused in words, and may be read") {
  const test::Database database;
  database.sql("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
  auto connection = connect(database);
  const Error error = error_of([&] { Journal::open(connection, "engine"); });
  CHECK(error.code() == Code::refused);
  CHECK(error.sqlstate() == "25006");
  CHECK_THAT(error.message(), ContainsSubstring("read only"));
  CHECK_THAT(error.hint(), ContainsSubstring("ALTER DATABASE " + database.name() + " RESET"));
  CHECK_FALSE(Journal::open(connection, "engine", true).exists());
}

TEST_CASE("a name that cannot be a schema's is refused before the server is asked") {
  const test::Database database;
  auto connection = connect(database);
  for (const char* name : {"", "Engine", "pg_engine", "a'b", "a b"}) {
    CHECK(error_of([&] { Journal::open(connection, name); }).code() == Code::usage);
  }
}

TEST_CASE("a creation that fails leaves nothing behind") {
  const test::Database database;
  database.sql(
      "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS "
      "(SELECT 1 FROM"
      " pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%.resolution') THEN RAISE "
      "'no'; END IF; END $$;"
      " CREATE EVENT TRIGGER refuse ON ddl_command_end EXECUTE FUNCTION refuse()");
  auto connection = connect(database);
  CHECK(error_of([&] { Journal::open(connection, "engine"); }).code() == Code::sql);
  CHECK(database.value("SELECT to_regnamespace('engine')") == "");
  CHECK(connection.status() == db::TransactionStatus::idle);
}

TEST_CASE("a role whose bare names would mean the journal is refused") {
  const test::Database database;
  const test::Role role{database};
  database.sql("GRANT CREATE ON DATABASE " + database.name() + " TO " + role.name());
  auto connection = connect(database, role.name());
  const Error error = error_of([&] { Journal::open(connection, role.name()); });
  CHECK(error.code() == Code::refused);
  CHECK_THAT(error.message(), ContainsSubstring("search_path"));
  Journal::open(connection, "engine");
  connection.execute("SET search_path = engine, public");
  CHECK(error_of([&] { Journal::open(connection, "engine"); }).code() == Code::refused);
}
