// docs/manual/rights.md: with exactly these grants each command works, and without any one of them
// it says which is missing.
#include <sstream>

#include "base/file.h"
#include "cli/workplace.h"
#include "support/catch.h"
#include "support/role.h"

using test::Ended;
using test::run_engine;
using test::Workplace;

namespace {

const std::string plan = R"lua(
return plan "Names" {
  step "Fill the names" {
    run      = sql [[ UPDATE shop.people SET name = 'x' WHERE name IS NULL ]],
    verify   = { check "All have one" { function()
      expect.query "SELECT * FROM shop.people WHERE name IS NULL" :has_rows(0)
    end } },
    rollback = sql [[ UPDATE shop.people SET name = NULL ]],
  },
}
)lua";

/// A database of an owner, with a journal of the owner's, and a role without any right.
struct Place : Workplace {
  Place() : Workplace(plan) {
    database.sql("REVOKE CONNECT ON DATABASE " + database.name() +
                 " FROM PUBLIC; "
                 "CREATE SCHEMA shop; CREATE TABLE shop.people (id int, name text); "
                 "INSERT INTO shop.people VALUES (1, NULL)");
  }
  /// The journal and a finished run of another role are there.
  void run_as_owner() const {
    const Ended ended = engine("run", {"--yes"});
    INFO(ended.all());
    REQUIRE(ended.status == 0);
  }
  Ended as_role(const std::string& verb, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{verb};
    if (verb != "status") words.emplace_back("plans/plan.lua");
    words.insert(words.end(), {"-d", database.conninfo(role.name())});
    words.insert(words.end(), more.begin(), more.end());
    return run_engine(words, surroundings());
  }
  void grant(const std::string& what) const {
    database.sql("GRANT " + what + " TO " + role.name());
  }
  void revoke(const std::string& what) const {
    database.sql("REVOKE " + what + " FROM " + role.name());
  }

  test::Role role{database};
};

/// Without the line breaks of a narrow terminal.
std::string unwrapped(const std::string& text) {
  std::istringstream words{text};
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

/// Works with all of them, and names each where it is missing.
void wants(const Place& place, const std::vector<std::string>& grants,
           const std::function<Ended()>& command, const std::function<void()>& again = {}) {
  for (const std::string& each : grants) place.grant(each);
  for (const std::string& each : grants) {
    place.revoke(each);
    const Ended ended = command();
    INFO("without " << each << ": " << ended.all());
    CHECK(ended.status != 0);
    CHECK_THAT(unwrapped(ended.all()), ContainsSubstring("GRANT " + each));
    place.grant(each);
  }
  const Ended ended = command();
  INFO(ended.all());
  CHECK(ended.status == 0);
  if (again) again();
}

std::string connect(const Place& place) { return "CONNECT ON DATABASE " + place.database.name(); }

}  // namespace

TEST_CASE("status needs CONNECT, USAGE and SELECT on the journal") {
  const Place place;
  place.run_as_owner();
  wants(place, {connect(place), "USAGE ON SCHEMA engine", "SELECT ON ALL TABLES IN SCHEMA engine"},
        [&] { return place.as_role("status"); });
  // A session that may only read changes nothing of that.
  place.database.sql("ALTER ROLE " + place.role.name() + " SET default_transaction_read_only = on");
  CHECK(place.as_role("status").status == 0);
}

TEST_CASE("verify needs what status needs, and to read what the checks read") {
  const Place place;
  place.run_as_owner();
  wants(place,
        {connect(place), "USAGE ON SCHEMA engine", "SELECT ON ALL TABLES IN SCHEMA engine",
         "USAGE ON SCHEMA shop", "SELECT ON shop.people"},
        [&] { return place.as_role("verify"); });
  place.database.sql("ALTER ROLE " + place.role.name() + " SET default_transaction_read_only = on");
  CHECK(place.as_role("verify").status == 0);
}

TEST_CASE("run and rollback need to write the journal, and what the plan's statements want") {
  const Place place;
  place.run_as_owner();
  CHECK(place.engine("rollback", {"--yes"}).status == 0);
  wants(
      place,
      {connect(place), "USAGE ON SCHEMA engine", "SELECT ON ALL TABLES IN SCHEMA engine",
       "INSERT ON ALL TABLES IN SCHEMA engine", "UPDATE ON ALL TABLES IN SCHEMA engine",
       "USAGE ON SCHEMA shop", "SELECT, UPDATE ON shop.people"},
      [&] { return place.as_role("run", {"--yes"}); },
      [&] { CHECK(place.as_role("rollback", {"--yes"}).status == 0); });
}

TEST_CASE("without a journal, run needs CREATE on the database") {
  const Place place;
  wants(place,
        {connect(place), "CREATE ON DATABASE " + place.database.name(), "USAGE ON SCHEMA shop",
         "SELECT, UPDATE ON shop.people"},
        [&] { return place.as_role("run", {"--yes"}); });
}

TEST_CASE("preview writes nothing, and says what a run by its role would lack") {
  const Place place;
  wants(place,
        {connect(place), "CREATE ON DATABASE " + place.database.name(), "USAGE ON SCHEMA shop",
         "SELECT, UPDATE ON shop.people"},
        [&] {
          return place.as_role("preview", {"--fail-on", "never"});
        });
  CHECK(place.database.value("SELECT to_regnamespace('engine')").empty());
}

TEST_CASE("doctor names the same grants, command by command, and the plan's with its file") {
  const Place place;
  place.run_as_owner();
  place.grant(connect(place));
  const Ended lacking =
      run_engine({"doctor", "plans/plan.lua", "-d", place.database.conninfo(place.role.name())},
                 place.surroundings());
  INFO(lacking.all());
  CHECK(lacking.status == 7);
  for (const char* grant : {"GRANT USAGE ON SCHEMA engine",
                            "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA engine",
                            "GRANT SELECT ON ALL TABLES IN SCHEMA engine",
                            "GRANT USAGE ON SCHEMA shop", "GRANT UPDATE ON shop.people"}) {
    CHECK_THAT(lacking.out, ContainsSubstring(grant));
  }
  for (const char* command : {"run", "rollback", "resolve", "task", "verify", "status"})
    CHECK_THAT(lacking.out, ContainsSubstring(std::string{"fail  "} + command + " "));
  for (const char* grant :
       {"USAGE ON SCHEMA engine", "SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA engine",
        "USAGE ON SCHEMA shop", "SELECT, UPDATE ON shop.people"}) {
    place.grant(grant);
  }
  const Ended enough =
      run_engine({"doctor", "plans/plan.lua", "-d", place.database.conninfo(place.role.name())},
                 place.surroundings());
  INFO(enough.all());
  CHECK(enough.status == 0);
}

TEST_CASE("the manual's grants are those that are tried here") {
  const std::string page = engine::file::read(MANUAL "/rights.md");
  for (const char* grant :
       {"GRANT CONNECT ON DATABASE app TO deploy;", "GRANT USAGE ON SCHEMA engine TO deploy;",
        "GRANT SELECT ON ALL TABLES IN SCHEMA engine TO deploy;",
        "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA engine TO deploy;",
        "GRANT CREATE ON DATABASE app TO deploy;", "GRANT SELECT ON people TO deploy;"}) {
    CHECK_THAT(page, ContainsSubstring(grant));
  }
}
