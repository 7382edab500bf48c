// A plan, its target, and the two commands: engine preview -o FILE, engine run --approved FILE.
#pragma once

#include <functional>

#include "base/file.h"
#include "base/hash.h"
#include "preview/previewed.h"
#include "support/database.h"

namespace test {

inline const std::string before = R"(
CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 200) n;
CREATE TABLE aside (id int);
)";

/// What a step does beyond its text: the function is the same text in the plan, and other work on
/// the target.
inline const std::string with_helper = before + R"(
CREATE FUNCTION work() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE (SELECT doing FROM doings);
END $$;
CREATE TABLE doings (doing text);
INSERT INTO doings VALUES ('UPDATE people SET name = upper(name)');
)";

inline const std::string helper_plan = R"lua(
return plan "Helper" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  step "Work" { run = sql [[ SELECT work() ]], rollback = sql [[ UPDATE people SET name = lower(name) ]] },
}
)lua";

inline const std::string column_plan = R"lua(
return plan "Column" {
  accept = { ["drop.column"] = "only in the rollback" },
  inputs = {
    label = { type = "text", default = "none", ask = "Which label?" },
    token = { type = "secret", ask = "Which token?" },
  },
  step "Add" {
    run      = sql [[ ALTER TABLE people ADD COLUMN label text ]],
    rollback = sql [[ ALTER TABLE people DROP COLUMN label ]],
  },
}
)lua";

struct Place {
  explicit Place(const std::string& plan, const std::string& sql = before) {
    folder.write("plan.lua", plan);
    database.sql(sql);
  }
  Ended engine(const std::string& verb, std::vector<std::string> more) const {
    more.insert(more.begin(), {verb, "plan.lua", "-d", database.conninfo()});
    return run_engine(more, {folder.path(), {}, std::chrono::seconds{120}});
  }
  /// The same --set for both: what the inputs need.
  Ended save(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"-o", "saved.json", "--fail-on", "never"});
    return engine("preview", more);
  }
  Ended run(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--yes", "--approved", "saved.json"});
    return engine("run", more);
  }
  /// Changes what the file approves, and signs it anew.
  void edit(const std::function<void(json&)>& change) const {
    json whole = json::parse(saved());
    change(whole.at("body").at("approval"));
    const std::string body = whole.at("body").dump(-1, ' ', true, json::error_handler_t::replace);
    whole["digest"] = engine::hash::sha256(body);
    folder.write("saved.json", whole.dump());
  }
  std::string saved() const { return engine::file::read(folder.path() + "/saved.json"); }

  Folder folder;
  Database database;
};

inline const std::vector<std::string> given{"--set", "token=correct-horse-battery"};

}  // namespace test
