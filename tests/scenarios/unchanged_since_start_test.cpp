// `unchanged_except` through the program: compared with the run's start, whoever looks and when.
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string plan = R"lua(
return plan "Names" {
  step "Add" {
    run = sql [[ ALTER TABLE people ADD COLUMN name text ]],
    rollback = {
      run = sql [[ ALTER TABLE people DROP COLUMN name ]],
      verify = function() expect.database() :unchanged_except() end,
    },
  },
  step "Fill" {
    run = sql [[ INSERT INTO mend VALUES (1) ]],
    verify = {
      check "Nothing else has changed" {
        function() expect.database() :unchanged_except { "people: column name", "mend" } end,
      },
    },
    rollback = sql [[ DELETE FROM mend ]],
  },
}
)lua";

const std::string before =
    "CREATE TABLE people (id integer PRIMARY KEY); INSERT INTO people VALUES (1)";

struct Names {
  Names() {
    database.sql(before);
    folder.write("names.lua", plan);
  }
  Ended engine(const std::string& command, const Words& more = {}) const {
    return run_engine(Words{command, "names.lua", "-y", "-d", database.conninfo()} + more,
                      {folder.path(), {}, std::chrono::seconds{120}});
  }

  Database database;
  Folder folder;
};

}  // namespace

TEST_CASE(
    "a resumed run and verify compare with the first start, and a rollback comes back to it") {
  const Names names;
  CHECK(names.engine("run").status == 3);
  names.database.sql("CREATE TABLE mend (n integer)");
  CHECK(names.engine("run").status == 0);
  CHECK(names.engine("verify").status == 0);

  names.database.sql("CREATE INDEX stray ON people (name); GRANT SELECT ON people TO PUBLIC");
  const Ended changed = names.engine("verify");
  CHECK(changed.status == 4);
  CHECK(has(changed.all(),
            "table public.people: index stray added; table public.people: "
            "privileges of PUBLIC added"));

  const Ended refused = names.engine("rollback");
  INFO(refused.all());
  CHECK(refused.status == 6);
  CHECK(has(refused.all(), "table public.mend is new"));
  names.database.sql("DROP INDEX stray; REVOKE SELECT ON people FROM PUBLIC; DROP TABLE mend");
  CHECK(names.engine("rollback").status == 0);
}

TEST_CASE("a preview compares on its shadow, also for the rest of a run") {
  const Names names;
  const Ended whole = names.engine("preview", {"--fail-on", "never"});
  CHECK(has(whole.all(), "relation \"mend\" does not exist"));
  CHECK(names.engine("run").status == 3);
  names.database.sql("CREATE TABLE mend (n integer)");
  const Ended rest = names.engine("preview", {"--fail-on", "never"});
  INFO(rest.all());
  CHECK(has(rest.all(), "1 step done, 2 checks hold"));
}
