#include "cli/workplace.h"
#include "support/catch.h"

using test::run_engine;

TEST_CASE("a new plan runs, verifies and rolls back as it is") {
  const test::Folder folder;
  const test::Surroundings there{folder.path(), {}};
  const auto made = run_engine({"new", "add_names"}, there);
  CHECK(made.status == 0);
  CHECK_THAT(made.out, ContainsSubstring("engine run plans/add_names.lua -d embedded"));
  const auto ended = run_engine({"run", "plans/add_names.lua", "-d", "embedded", "--yes"}, there);
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(run_engine({"verify", "plans/add_names.lua", "-d", "embedded"}, there).status == 0);
  const auto back =
      run_engine({"rollback", "plans/add_names.lua", "-d", "embedded", "--yes"}, there);
  INFO(back.all());
  CHECK(back.status == 0);
  CHECK(run_engine({"db", "reset", "--yes"}, there).status == 0);
}

TEST_CASE("new writes over nothing, and refuses names that files or the journal cannot bear") {
  const test::Folder folder;
  const test::Surroundings there{folder.path(), {}};
  folder.write("examples/taken/before.sql", "mine");
  const auto refused = run_engine({"new", "taken"}, there);
  CHECK(refused.status == 5);
  CHECK_THAT(refused.err, ContainsSubstring("examples/taken/before.sql already exists"));
  CHECK_FALSE(engine::file::exists(folder.file("plans/taken.lua")));
  for (const char* name : {"Add", "../up", "a b", "1st", ""}) {
    CHECK(run_engine({"new", name}, there).status == 2);
  }
}
