// Every line of --json is as docs/reference/events.md has it: the test reads the page.
#include <chrono>

#include "base/text.h"
#include "db/connection.h"
#include "scenarios/esquisse.h"
#include "support/catch.h"
#include "support/event_page.h"

using namespace test;
using namespace std::chrono_literals;

namespace {

// Something of everything that has an event.
const std::string plan = R"lua(
return plan "Something of everything" {
  id      = "everything",
  next    = "deploy the application",
  support = "Ask the owners.",
  inputs  = {
    name  = { type = "text", default = "people" },
    token = { type = "secret", ask = "The token?" },
  },
  phase "Changes" {
    step "Make people" {
      confirm  = function() return "Really?" end,
      run      = {
        sql [[
          CREATE TABLE people (id int PRIMARY KEY, age int CONSTRAINT grown_up CHECK (age > 17));
          CREATE TABLE IF NOT EXISTS people ();
          INSERT INTO people SELECT n, 20 FROM generate_series(1, 10) n;
        ]],
        function() note "ten people" end,
      },
      verify   = function() expect.table "people" :has_rows(10) end,
      rollback = sql [[ DROP TABLE people ]],
    },
    step "Not now" {
      when = function() return false, "nothing to do there" end,
      run = sql [[ DROP TABLE people ]], rollback = nothing,
    },
    step "Index" {
      transaction = "none",
      run      = sql [[ CREATE INDEX CONCURRENTLY people_age ON people (age) ]],
      rollback = sql [[ DROP INDEX CONCURRENTLY people_age ]],
    },
  },
  manual "Deploy" { id = "deploy", why = "The application has to know.", rollback = nothing },
  step "Last" {
    lock_timeout = "100ms",
    run    = { sql [[ ALTER TABLE people ADD COLUMN name text ]], EXTRA },
    verify = { check "People have names" { function()
      expect.table "people" :has_column("name", { type = "text" })
    end, hint = "Add them." } },
    rollback = sql [[ ALTER TABLE people DROP COLUMN name ]],
  },
  check "There are people" { function() expect.query "SELECT * FROM people" :has_rows(PEOPLE) end },
  task "People" { id = "people", why = "Who is there", run = sql [[ SELECT id, name FROM people ]] },
}
)lua";

std::string replaced(std::string text, const std::string& word, const std::string& by) {
  return text.replace(text.find(word), word.size(), by);
}

class Place {
 public:
  explicit Place(const std::string& extra = "", const std::string& people = "10") {
    folder.write("plan.lua", replaced(replaced(plan, "EXTRA", extra), "PEOPLE", people));
  }

  /// Also holds each line that the command writes against the page.
  Ended command(Words words, int status, const Words& more = unattended) {
    words = words + Words{"-d", database.conninfo(), "--json", "-v"} + more;
    return looked_at(run_engine(words, {folder.path(), {}, 60s}), status);
  }
  Ended looked_at(Ended ended, int status) {
    INFO(ended.all());
    CHECK(ended.status == status);
    for (const std::string& line : engine::text::lines(ended.out)) {
      CHECK(page.problem_with(line) == "");
    }
    seen += ended.out;
    return ended;
  }
  bool saw(const std::string& key, const std::string& value) const {
    return seen.find("\"" + key + "\":\"" + value + "\"") != std::string::npos;
  }

  inline static const Words unattended = {"--yes", "--set", "token=hush", "--set", "deploy=done"};
  Folder folder;
  Database database;
  EventPage page{source("docs/reference/events.md")};
  std::string seen;
};

const Words run = {"run", "plan.lua"};
const Words rollback = {"rollback", "plan.lua"};
const Words status = {"status"};

}  // namespace

TEST_CASE("every line of every command that goes well is as documented") {
  Place place;
  place.command(status, 0, {});
  place.folder.write("before.sql", "CREATE TABLE before ();");  // of a target wants its pg_dump
  place.command({"preview", "plan.lua", "--from", "before.sql", "--fail-on", "never"}, 0);
  place.command(run, 0);
  place.command(run, 0);
  place.command({"verify", "plan.lua"}, 0);
  place.command({"task", "plan.lua"}, 0, {});
  place.command({"task", "plan.lua", "people"}, 0);
  place.command(status, 0, {});
  place.command({"status", "plan.lua"}, 0, {});
  place.command({"status", "."}, 0, {});
  place.command({"doctor"}, 0, {});
  place.command({"db", "status"}, 0, {});
  place.command(rollback, 0);
  place.command(rollback, 0);
  place.command(status, 0, {});
  place.command({"protect"}, 0, {});
  CHECK(place.saw("severity", "NOTICE"));
  CHECK(place.saw("severity", "note"));
  CHECK(place.saw("severity", "table"));
  CHECK(place.saw("kind", "task"));
  CHECK(place.saw("source", "default"));
  CHECK(place.saw("next", "deploy the application"));
  CHECK(place.saw("status", "nothing_to_do"));
  for (const std::string& event : place.page.events()) {
    // They need somebody else's lock, below; a copy in batches; and tables that were there before,
    // in tests/preview.
    if (event == "retry" || event == "progress" || event == "lock" || event == "finding" ||
        event == "timeline" || event == "probe" || event == "impact")
      continue;
    INFO(event);
    CHECK(place.saw("event", event));
  }
}

TEST_CASE("every line about what fails, and is repaired, is as documented") {
  Place place{"sql [[ UPDATE people SET age = 3 ]]"};
  place.command(run, 3);
  CHECK(place.saw("constraint", "grown_up"));
  CHECK(place.saw("support", "Ask the owners."));
  place.command(status, 0, {});
  place.command({"resolve", "plan.lua", "Last", "--done"}, 0);
  place.command({"verify", "plan.lua"}, 4);
  place.command(rollback, 6);
  place.command({"resolve", "plan.lua", "Last", "--undone"}, 0);
  place.command(rollback, 0);
  for (const char* sql : {"SELECT nope", "DO $$ BEGIN PERFORM 1 / 0; END $$"}) {
    place.folder.write("fails.lua", "return plan \"Fails\" { step \"Only\" { run = sql [[ " +
                                        std::string{sql} + " ]], rollback = nothing } }");
    place.command({"run", "fails.lua"}, 1, {"--yes"});
  }
  for (const std::string& field : place.page.rare_fields()) {
    if (field == "columns") continue;  // of a task's table
    INFO(field);
    CHECK(place.seen.find("\"" + field + "\":") != std::string::npos);
  }
}

TEST_CASE("every line about what is refused, waits or does not hold is as documented") {
  Place place{"", "11"};
  place.command(run, 5, {});
  place.command(run, 9, {"--yes", "--set", "token=hush", "--set", "deploy=later"});
  CHECK(place.saw("status", "waiting"));
  place.command(status, 0, {});
  place.command(run, 3);
  CHECK(place.seen.find("\"ok\":false") != std::string::npos);
  place.command({"run", "no_plan.lua"}, 2);
  place.looked_at(run_engine({"run", "plan.lua", "--json", "-d", "host=/nowhere dbname=x"},
                             {place.folder.path(), {}, 60s}),
                  7);
}

TEST_CASE("the lines of a run that somebody's lock holds up are as documented") {
  Place place;
  place.database.sql("CREATE TABLE lock_me ()");
  place.folder.write("plan.lua", R"lua(
return plan "Waits" {
  id = "waits",
  step "Wait" {
    lock_timeout = "100ms", run = sql [[ ALTER TABLE lock_me ADD COLUMN a int ]], rollback = nothing,
  },
}
)lua");
  auto holder = engine::db::Connection::open(engine::db::Target::parse(place.database.conninfo()));
  holder.script("BEGIN; LOCK TABLE lock_me");
  Program waiting{run + Words{"-d", place.database.conninfo(), "--json", "--yes"},
                  {place.folder.path(), {}, 60s}};
  CHECK(waiting.says("\"event\":\"retry\""));
  holder.rollback();
  place.looked_at(waiting.wait(), 0);
  CHECK(place.saw("event", "retry"));
}
