// What a step does to schema and access is compared with what was approved before it commits.
#include "approval/approving.h"
#include "db/connection.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string plan = R"lua(
return plan "Changing" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  step "Work" { run = sql [[ SELECT work() ]], rollback = impossible "nobody knows what it did" },
}
)lua";

/// Steps whose second one does what the target's function says: the plan's text is the same.
struct Changing : Place {
  explicit Changing(const std::string& approved, const std::string& rows = "")
      : Place{plan, with_helper + rows} {
    does(approved);
    const Ended saved = save();
    INFO(saved.all());
    REQUIRE(saved.status == 0);
  }
  void does(const std::string& doing) const {
    database.sql("UPDATE doings SET doing = $doing$" + doing + "$doing$");
  }
  void refuses(const std::string& doing, const std::string& why) const {
    does(doing);
    const Ended ended = run();
    INFO(doing);
    INFO(ended.all());
    CHECK(ended.status == 3);
    CHECK_THAT(ended.all(), ContainsSubstring(why));
    CHECK_THAT(ended.all(), ContainsSubstring("Nothing of the step is in the database"));
    CHECK(database.value("SELECT count(*) FROM engine.step WHERE step = 'Work'") == "0");
  }
};

const std::string add_label = "ALTER TABLE people ADD COLUMN label text";

}  // namespace

TEST_CASE("a change of the schema that was not approved is rolled back, and its object is named") {
  const Changing place{add_label};
  place.refuses("ALTER TABLE people ADD COLUMN lable text",
                "step \"Work\" changes table public.people differently than approved");
  place.refuses("ALTER TABLE people ADD COLUMN label integer", "integer");
  place.refuses(add_label + "; ALTER TABLE people DROP COLUMN name", "column name");
  place.refuses(add_label + "; CREATE TABLE more (id int)",
                "changes table public.more, which was not approved");
  place.refuses(add_label + "; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "changes function public.f(), which was not approved");
  place.refuses(add_label + "; DROP FUNCTION work()", "function public.work()");
  place.refuses("LOCK TABLE people IN ACCESS EXCLUSIVE MODE",
                "does not change table public.people as approved");
  place.does(add_label);
  const Ended ran = place.run();
  INFO(ran.all());
  CHECK(ran.status == 0);
}

TEST_CASE("access that was not approved is rolled back, though it locks nothing") {
  const Changing place{"UPDATE people SET name = upper(name)"};
  const std::string update = "UPDATE people SET name = upper(name); ";
  place.refuses(update + "GRANT SELECT ON aside TO PUBLIC", "changes table public.aside");
  place.refuses(update + "GRANT EXECUTE ON FUNCTION work() TO pg_monitor",
                "changes function public.work()");
  place.refuses(update + "GRANT CREATE ON SCHEMA public TO PUBLIC", "changes schema public");
  place.refuses(
      update + "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC",
      "default privileges");
}

TEST_CASE("a table that is emptied within the locks that were approved is rolled back") {
  // Nothing but the table itself is locked: it has neither an index nor a sequence.
  const std::string alter = "ALTER TABLE aside ADD COLUMN label text";
  const Changing place{alter, "INSERT INTO aside SELECT generate_series(1, 50);"};
  place.refuses(alter + "; TRUNCATE aside", "step \"Work\" empties public.aside");
  place.refuses(alter + "; ALTER TABLE aside ALTER COLUMN id TYPE bigint", "rewrites public.aside");
  CHECK(place.database.value("SELECT count(*) FROM aside") == "50");
}

TEST_CASE("steps that commit together are held to the schema that they were approved to leave") {
  std::string atomic = plan;
  atomic.replace(atomic.find("step \"Note\""), 0, "atomic = true,\n  ");
  const Place place{atomic, with_helper};
  place.database.sql("UPDATE doings SET doing = '" + add_label + "'");
  REQUIRE(place.save().status == 0);
  place.database.sql("UPDATE doings SET doing = 'ALTER TABLE people ADD COLUMN other text'");
  const Ended refused = place.run();
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(place.database.value("SELECT to_regclass('note') IS NULL") == "t");
  place.database.sql("UPDATE doings SET doing = '" + add_label + "'");
  CHECK(place.run().status == 0);
}

TEST_CASE("a step that is tried again is compared with the schema before its first try") {
  const Place place{R"lua(
return plan "Again" {
  step "Add" {
    lock_timeout = "200ms",
    run = { sql [[ CREATE TABLE note (id int) ]], sql [[ ALTER TABLE people ADD COLUMN label text ]] },
    rollback = sql [[ ALTER TABLE people DROP COLUMN label; DROP TABLE note ]],
  },
}
)lua"};
  REQUIRE(place.save().status == 0);
  engine::db::Connection reader =
      engine::db::Connection::open(engine::db::Target::parse(place.database.conninfo()));
  reader.script("BEGIN; SELECT count(*) FROM people");
  Program running{
      {"run", "plan.lua", "-d", place.database.conninfo(), "--yes", "--approved", "saved.json"},
      {place.folder.path(), {}, std::chrono::seconds{120}}};
  std::this_thread::sleep_for(std::chrono::seconds{3});
  reader.rollback();
  const Ended ended = running.wait();
  INFO(ended.all());
  CHECK(ended.status == 0);
}
