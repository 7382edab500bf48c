// Of every family of checks one that holds and one that does not; what the failing ones say stands
// in golden/expect_families.txt (UPDATE_GOLDEN=1 writes it again).
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "bindings/expect_cases.h"
#include "bindings/expecting.h"
#include "script/source_index.h"

using test::Case;
using test::Expecting;

namespace {

std::string path_of(const char* name) {
  return std::string{SOURCE_FOLDER "/tests/bindings/"} + name;
}

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What records an outcome: every method but `named`, and what asks for an object by its name.
bool is_check(const engine::script::Primitive& primitive) {
  const std::string_view name = primitive.name;
  if (!name.starts_with("expect.") || name.ends_with(":named")) return false;
  // What roles there are differs from server to server: they have a test of their own.
  if (name.ends_with(":roles_are") || name.ends_with(":users_are") || name.ends_with(":groups_are"))
    return false;
  return name != "expect.query" && name != "expect.value" && name != "expect.database";
}

const engine::script::Primitive* find(const std::string& name) {
  for (const auto& primitive : engine::bindings::primitives()) {
    if (primitive.name == name) return &primitive;
  }
  return nullptr;
}

/// The checks of which a case is one. Where methods follow, what opens their chain is none.
std::set<std::string> checks_in(const std::string& code) {
  std::set<std::string> checks;
  for (const auto& use : engine::script::outline_of(code).globals) {
    std::string class_name;
    for (const auto& call : use.calls) {
      const auto* primitive =
          find(call.method.empty() ? use.name + "." + use.field : class_name + ":" + call.method);
      if (primitive == nullptr) break;
      const bool opens = call.method.empty() && use.calls.size() > 1;
      if (is_check(*primitive) && !opens) checks.insert(primitive->name);
      if (!primitive->returns.empty() && std::string_view{primitive->returns.front()} != "self")
        class_name = primitive->returns.front();
    }
  }
  return checks;
}

std::vector<Case> all_cases(const std::string& database) {
  std::vector<Case> all = test::cases_of_kinds();
  for (const auto& more :
       {test::cases_of_relations(), test::cases_of_queries(), test::cases_of_all(database)})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

TEST_CASE("every check has a case in which it holds and one in which it does not, and says why") {
  Expecting expect{test::case_objects};
  expect.session.connection().script(test::case_roles);
  const std::string database = expect.session.connection()
                                   .query("SELECT pg_catalog.current_database() AS name")
                                   .text(0, "name");
  std::set<std::string> holding, failing;
  std::string told, setup;
  expect.sql("SAVEPOINT setup");
  for (const Case& one : all_cases(database)) {
    if (one.setup != setup) {
      expect.session.connection().script("ROLLBACK TO setup; " + one.setup);
      setup = one.setup;
    }
    for (const std::string& line : engine::text::lines(expect.checks(one.holds))) {
      INFO(one.holds);
      CHECK(line.substr(0, 3) == "ok ");
    }
    holding.merge(checks_in(one.holds));
    told += one.fails + "\n";
    std::size_t failed = 0;
    for (const std::string& line : engine::text::lines(expect.checks(one.fails))) {
      if (!line.starts_with("NOT ")) continue;
      ++failed;
      told += "  " + line.substr(4) + "\n";
    }
    const std::set<std::string> checks = checks_in(one.fails);
    INFO(one.fails);
    CHECK(failed >= std::max<std::size_t>(checks.size(), 1));
    failing.insert(checks.begin(), checks.end());
  }
  for (auto at = told.find(database); at != std::string::npos; at = told.find(database))
    told.replace(at, database.size(), "this");
  const std::string path = path_of("golden/expect_families.txt");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{path} << told;
  CHECK(told == text_of(path));

  std::vector<std::string> without;
  for (const auto& primitive : engine::bindings::primitives()) {
    if (!is_check(primitive)) continue;
    if (!holding.contains(primitive.name))
      without.push_back(primitive.name + std::string{" holds"});
    if (!failing.contains(primitive.name))
      without.push_back(primitive.name + std::string{" fails"});
  }
  CHECK(engine::text::joined(without, "\n") == "");
}

TEST_CASE("roles are those of the server, of which some can log in") {
  Expecting expect;
  // Other tests make roles as well: one snapshot for all of it.
  expect.sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  const std::string lists = R"lua(
    local function roles(condition)
      local names = {}
      for _, role in ipairs(db.query("SELECT rolname AS name FROM pg_roles WHERE rolname !~ '^pg_' AND "
                                     .. condition)) do
        names[#names + 1] = role.name
      end
      return names
    end
  )lua";
  const std::string held = expect.checks(lists + R"lua(
    expect.database() :roles_are(roles "true") :users_are(roles "rolcanlogin")
                      :groups_are(roles "NOT rolcanlogin"))lua");
  CHECK(held.find("NOT ") == std::string::npos);
  const std::string said = expect.checks(
      "expect.database() :roles_are { 'nobody' } :users_are { 'nobody' } :groups_are { 'nobody' }");
  CHECK_THAT(said, ContainsSubstring("has exactly these roles | nobody | "));
  CHECK_THAT(said, ContainsSubstring("has exactly these roles that can log in | nobody | "));
  CHECK_THAT(said, ContainsSubstring("has exactly these roles that cannot log in | nobody | "));
  CHECK_THAT(said, ContainsSubstring("(missing: nobody; not expected: "));
}

TEST_CASE("facts of the wrong kind, or none, are errors that name what there is") {
  Expecting expect{test::case_objects};
  CHECK(expect.failure("expect.enum 'mood' :is { lables = { 'calm' } }").message() ==
        "expect.enum:is has no option \"lables\"; did you mean \"labels\"?");
  CHECK(expect.failure("expect.enum 'mood' :is {}").message() == "expect.enum:is says nothing");
  CHECK_THAT(expect.failure("expect.role 'postgres' :is { login = 'yes' }").message(),
             ContainsSubstring("expect.role:is"));
  CHECK_THAT(expect.failure("expect.table 'people' :access_is { anon = 'SELEC' }").message(),
             ContainsSubstring("\"SELEC\" is no privilege"));
  CHECK_THAT(expect.failure("expect.schema 'app' :has_privileges('public', '')").message(),
             ContainsSubstring("needs privileges"));
}

TEST_CASE("a role without any right reads the catalog like any other") {
  Expecting expect{test::case_objects};
  expect.session.connection().script("CREATE ROLE family_nobody; SET LOCAL ROLE family_nobody");
  const std::string said = expect.checks(R"lua(
    expect.enum "mood" :labels_are { "calm", "busy" }
    expect.schema "app" :tables_are { "settings" }
    expect.table "people" :owned_by "postgres"
    expect.table "people" :has_no_orphans() :has_checksum "0"
  )lua");
  CHECK_THAT(said, ContainsSubstring("ok schema app has exactly these tables"));
  CHECK_THAT(said, ContainsSubstring(
                       "NOT table people has its checksum | 0 | error 42501: permission denied"));
}
