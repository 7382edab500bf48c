// The embedded target through the program: made, loaded, kept, looked at, removed.
#include "cli/workplace.h"
#include "support/catch.h"

using test::run_engine;

namespace {

class EmbeddedPlace {
 public:
  EmbeddedPlace() { folder.write("plans/plan.lua", test::two_steps); }
  ~EmbeddedPlace() { run_engine({"db", "reset", "--yes"}, {folder.path(), {}}); }
  test::Ended run(const std::vector<std::string>& words) const {
    return run_engine(words, {folder.path(), {}});
  }
  test::Folder folder;
};

}  // namespace

TEST_CASE("without a target a plan runs on the embedded one, and status and rollback find it") {
  const EmbeddedPlace place;
  CHECK_THAT(place.run({"db", "status"}).out, ContainsSubstring("no embedded server"));
  CHECK_THAT(place.run({"status"}).out, ContainsSubstring("No plan has run on this target"));

  const auto ended = place.run({"run", "plans/plan.lua", "--yes"});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(ended.out.starts_with("Target plan on the embedded server"));
  CHECK_THAT(place.run({"status"}).out, ContainsSubstring("Make pets"));
  CHECK(place.run({"db", "stop"}).status == 0);
  CHECK_THAT(place.run({"db", "status"}).out, ContainsSubstring("is stopped"));
  CHECK_THAT(place.run({"status"}).out, ContainsSubstring("Make pets"));  // starts it again
  CHECK(place.run({"db", "psql", "plan", "-Atc", "SELECT count(*) FROM people"}).out == "1000\n");
  CHECK(place.run({"db", "psql", "-Atc", "SELECT 1"}).out == "1\n");
  CHECK(place.run({"db", "psql", "plam"}).status == 2);
  CHECK(place.run({"rollback", "plans/plan.lua", "--yes"}).status == 0);

  CHECK(place.run({"db", "reset"}).status == 5);
  CHECK(place.run({"db", "reset", "--yes"}).status == 0);
  CHECK_THAT(place.run({"db", "status"}).out, ContainsSubstring("no embedded server"));
}

TEST_CASE("the fixture is loaded once, and the plan runs as the role that its head names") {
  const EmbeddedPlace place;
  place.folder.write("examples/plan/before.sql",
                     "-- engine: role deploy\nCREATE ROLE deploy LOGIN;\n"
                     "GRANT CREATE ON SCHEMA public TO deploy;\n"
                     "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO deploy', "
                     "current_database()); END $$;\n"
                     "CREATE TABLE before (id int);\n");
  place.folder.write("plans/plan.lua",
                     "return plan \"Fixture\" { fixture = \"../examples/plan/before.sql\",\n"
                     "needs = { tables = { \"before\" } },\n"
                     "step \"Make\" { run = sql [[ CREATE TABLE mine (id int) ]], rollback = "
                     "nothing } }");
  const auto ended = place.run({"run", "plans/plan.lua", "--yes"});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("as deploy"));
  CHECK(
      place.run({"db", "psql", "-Atc", "SELECT tableowner FROM pg_tables WHERE tablename = 'mine'"})
          .out == "deploy\n");
  const auto again = place.run({"run", "plans/plan.lua", "--yes"});
  CHECK(again.status == 0);
  CHECK(again.err.find("Loaded") == std::string::npos);
}
