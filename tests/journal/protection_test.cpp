#include "journal/protection.h"

#include "journal/journal.h"
#include "journal/open.h"
#include "support/errors.h"

using namespace engine;
using test::error_of;

namespace {

std::string comment(const test::Database& database, const std::string& schema = "engine") {
  return database.value("SELECT obj_description('" + schema + "'::regnamespace, 'pg_namespace')");
}

}  // namespace

TEST_CASE("a mark is read back with its name, its server, and who made it") {
  const test::Database database;
  auto connection = connect(database);
  CHECK_FALSE(journal::read_protection(connection).marked());
  journal::protect(connection, "engine", "prod \"one\"\n'two'");
  const journal::Protection protection = journal::read_protection(connection);
  REQUIRE(protection.marks.size() == 1);
  const journal::Mark& mark = protection.marks.front();
  CHECK(mark.name == "prod \"one\"\n'two'");
  CHECK(mark.server == protection.server);
  CHECK(mark.server.system_identifier ==
        database.value("SELECT system_identifier FROM pg_control_system()"));
  CHECK(mark.by == "postgres");
  CHECK(mark.at.ends_with("Z"));
  CHECK(mark.schema == "engine");
  CHECK(protection.database == database.name());
  CHECK_THAT(comment(database), ContainsSubstring("Journal of engine"));

  journal::unprotect(connection);
  CHECK_FALSE(journal::read_protection(connection).marked());
  CHECK(comment(database).find("Production") == std::string::npos);
  CHECK_THAT(comment(database), ContainsSubstring("Journal of engine"));
}

TEST_CASE("reading a mark costs one round trip, and no right on the journal") {
  const test::Database database;
  const Role role{database};
  auto owner = connect(database);
  journal::protect(owner, "engine", "prod");
  auto connection = connect(database, role.name());
  const long before = connection.round_trips();
  CHECK(journal::read_protection(connection).marked());
  CHECK(connection.round_trips() - before == 1);
}

TEST_CASE("a mark of another server or database is not one of this") {
  const test::Database database;
  auto connection = connect(database);
  journal::protect(connection, "engine", "prod");
  const std::string marked = comment(database);
  const journal::Server here = journal::read_protection(connection).server;
  for (const auto& [from, to] :
       {std::pair{here.system_identifier, std::string{"1"}},
        {"\"database\":" + std::to_string(here.database), std::string{"\"database\":1"}}}) {
    std::string other = marked;
    other.replace(other.find(from), from.size(), to);
    database.sql("COMMENT ON SCHEMA engine IS " + db::Connection::quote_literal(other));
    const journal::Protection protection = journal::read_protection(connection);
    CHECK_FALSE(protection.marked());
    CHECK(protection.others.size() == 1);
  }
  journal::protect(connection, "engine", "prod");
  CHECK(journal::read_protection(connection).marked());
  CHECK(journal::read_protection(connection).others.empty());
}

TEST_CASE("marks of several journals count, and unprotect removes all of them") {
  const test::Database database;
  auto connection = connect(database);
  journal::protect(connection, "engine", "prod");
  journal::protect(connection, "migrations", "live");
  CHECK(journal::read_protection(connection).marks.size() == 2);
  journal::unprotect(connection);
  CHECK_FALSE(journal::read_protection(connection).marked());
}

TEST_CASE("a role that does not own the journal is told who does") {
  const test::Database database;
  const Role role{database};
  auto owner = connect(database);
  journal::protect(owner, "engine", "prod");
  database.sql(
      fmt::format("GRANT USAGE ON SCHEMA engine TO {0}; GRANT SELECT, INSERT, UPDATE ON ALL "
                  "TABLES IN SCHEMA engine TO {0}",
                  role.name()));
  auto connection = connect(database, role.name());
  for (const bool on : {true, false}) {
    const Error error = error_of(
        [&] { on ? journal::protect(connection, "engine", "x") : journal::unprotect(connection); });
    CHECK(error.code() == Code::refused);
    CHECK(error.sqlstate() == "42501");
    CHECK_THAT(error.hint(), ContainsSubstring("GRANT postgres TO " + role.name()));
  }
  CHECK(journal::read_protection(owner).marks.front().name == "prod");
}

TEST_CASE("a grant that is missing is named alone") {
  const test::Database database;
  const Role role{database};
  auto owner = connect(database);
  journal::Journal::open(owner, "engine");
  auto connection = connect(database, role.name());
  const auto hint = [&](bool read_only) {
    return error_of([&] { journal::Journal::open(connection, "engine", read_only); }).hint();
  };
  CHECK_THAT(hint(true), ContainsSubstring("GRANT SELECT ON ALL TABLES") &&
                             ContainsSubstring("GRANT USAGE ON SCHEMA engine"));
  database.sql("GRANT USAGE ON SCHEMA engine TO " + role.name());
  CHECK(hint(true) ==
        "As postgres: GRANT SELECT ON ALL TABLES IN SCHEMA engine TO " + role.name() + ";");
  database.sql("GRANT SELECT ON ALL TABLES IN SCHEMA engine TO " + role.name());
  CHECK(journal::Journal::open(connection, "engine", true).exists());
  CHECK_THAT(hint(false), ContainsSubstring("GRANT INSERT, UPDATE ON ALL TABLES"));
  database.sql("GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA engine TO " + role.name());
  CHECK(journal::Journal::open(connection, "engine").exists());
  database.sql("REVOKE INSERT ON engine.event FROM " + role.name());
  CHECK_THAT(hint(false), ContainsSubstring("GRANT INSERT ON ALL TABLES"));
}
