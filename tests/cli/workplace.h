// A folder with a plan in it, and a database of the test server that the plan runs on.
#pragma once

#include <string>
#include <vector>

#include "support/database.h"
#include "support/folder.h"
#include "support/program.h"

namespace test {

/// Two steps, the second one with a confirm; nothing in it needs a primitive.
inline const std::string two_steps = R"lua(
return plan "Two tables" {
  support = "Ask the owners.",
  phase "Migration Steps" {
    step "Make people" {
      run      = sql [[ CREATE TABLE people AS SELECT i AS id FROM generate_series(1, 1000) AS i ]],
      rollback = sql [[ DROP TABLE people ]],
    },
    step "Make pets" {
      confirm  = function() return "Really make pets?" end,
      run      = sql [[ CREATE TABLE pets (id int) ]],
      rollback = sql [[ DROP TABLE pets ]],
    },
  },
}
)lua";

/// The second step takes a long time.
inline const std::string slow_step = R"lua(
return plan "Slow" {
  step "Make people" { run = sql [[ CREATE TABLE people (id int) ]], rollback = nothing },
  step "Sleep"       { run = sql [[ SELECT pg_sleep(60) ]], rollback = nothing },
}
)lua";

/// Undoing it takes a long time, until there is a row in `hurry`.
inline const std::string slow_rollback = R"lua(
return plan "Slow" {
  step "Make people" {
    run      = sql [[ CREATE TABLE people (id int); CREATE TABLE hurry (id int) ]],
    rollback = sql [[ SELECT pg_sleep(60) WHERE NOT EXISTS (SELECT FROM hurry); DROP TABLE people, hurry ]],
  },
}
)lua";

/// It takes a long time, also without a client, until there is a table `hurry`.
inline const std::string slow_orphan = R"lua(
return plan "Slow" {
  step "Make people" {
    run = sql [[
      CREATE TABLE people (id int);
      SET client_connection_check_interval = 0;
      SELECT pg_sleep(0.6) WHERE to_regclass('hurry') IS NULL; -- until a check that was due is over
      SELECT pg_sleep(60) WHERE to_regclass('hurry') IS NULL;
    ]],
    rollback = nothing,
  },
}
)lua";

class Workplace {
 public:
  explicit Workplace(const std::string& plan) { folder.write("plans/plan.lua", plan); }

  /// `engine VERB plans/plan.lua -d …` and more, in the folder.
  std::vector<std::string> words(const std::string& verb,
                                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{verb, "plans/plan.lua", "-d", database.conninfo()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ended engine(const std::string& verb, const std::vector<std::string>& more = {}) const {
    return test::run_engine(words(verb, more), surroundings());
  }
  Ended status(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"status", "-d", database.conninfo()};
    all.insert(all.end(), more.begin(), more.end());
    return test::run_engine(all, surroundings());
  }
  Surroundings surroundings() const { return {folder.path(), {}, std::chrono::seconds{60}}; }
  bool has_table(const std::string& name) const {
    return database.value("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
  }

  Folder folder;
  Database database;
};

}  // namespace test
