// Statements of steps outside a transaction: refused before they are sent, before they commit, or
// before the next one.
#include "approval/approving.h"
#include "support/catch.h"

using namespace test;

namespace {

/// Its step "Work" sends `statements` in the middle of others.
std::string plan_of(const std::string& statements) {
  return R"lua(
return plan "Outside" {
  step "Work" {
    transaction = "none",
    run = { sql [[ INSERT INTO aside VALUES (1) ]], )lua" +
         statements + R"lua(, sql [[ INSERT INTO aside VALUES (2) ]] },
    rollback = impossible "nobody knows what it did",
  },
}
)lua";
}

struct Outside : Place {
  Outside(const std::string& statements, const std::string& approved)
      : Place{plan_of(statements), with_helper} {
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
    database.sql("DELETE FROM aside");
    const Ended ended = run();
    INFO(doing);
    INFO(ended.all());
    CHECK(ended.status == 3);
    CHECK_THAT(ended.all(), ContainsSubstring(why));
    // The statement before it stands, the one behind it was not sent.
    CHECK(database.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM aside") == "1");
    CHECK(database.value("SELECT status FROM engine.step WHERE step = 'Work'") == "intent");
  }
  std::string people() const { return database.value("SELECT count(*) FROM people"); }
};

const std::string function = "sql [[ SELECT work() ]]";
const std::string computed = "function() db.exec(db.value \"SELECT doing FROM doings\") end";
const std::string body = "sql [[ DO $body$BEGIN EXECUTE (SELECT doing FROM doings); END$body$ ]]";
const std::string committing =
    "sql [[ DO $body$BEGIN COMMIT; EXECUTE (SELECT doing FROM doings); COMMIT; END$body$ ]]";
const std::string update = "UPDATE people SET name = upper(name)";

}  // namespace

TEST_CASE("what a function or DO does outside a transaction is undone where it was not approved") {
  for (const std::string& statement : {function, body}) {
    const Outside place{statement, update};
    place.refuses("TRUNCATE people", "locks public.people in ACCESS EXCLUSIVE");
    CHECK(place.people() == "200");
    place.refuses("DELETE FROM people", "deletes 200 rows in public.people, where 0 were approved");
    CHECK(place.people() == "200");
    place.refuses("CREATE TABLE copied AS SELECT * FROM people", "changes table public.copied");
    CHECK(place.database.value("SELECT to_regclass('copied') IS NULL") == "t");
    place.refuses("GRANT SELECT ON people TO PUBLIC", "changes table public.people");
    place.refuses("DROP TABLE doings", "public.doings");
    CHECK(place.database.value("SELECT to_regclass('doings') IS NULL") == "f");
    place.does(update);
    const Ended ran = place.run();
    INFO(ran.all());
    CHECK(ran.status == 0);
  }
}

TEST_CASE("a statement that says what it does is refused before it is sent") {
  const Outside place{computed, update};
  place.refuses("TRUNCATE people", "step \"Work\" would send TRUNCATE people");
  place.refuses("DROP INDEX CONCURRENTLY IF EXISTS i", "would send DROP INDEX CONCURRENTLY i");
  place.refuses("VACUUM FULL people", "would send VACUUM FULL people");
  place.refuses("WITH gone AS (DELETE FROM people RETURNING id) SELECT count(*) FROM gone",
                "would send DELETE people");
  place.refuses("COPY people (name) FROM PROGRAM 'echo x'", "would send");
  CHECK(place.people() == "200");
  place.does(update);
  CHECK(place.run().status == 0);
}

TEST_CASE("rows that no command tag tells are counted outside a transaction") {
  const Outside place{
      "function() db.value(\"WITH gone AS (DELETE FROM people WHERE id > 100 RETURNING id) SELECT "
      "count(*) FROM gone\") end",
      update};
  place.database.sql("INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 300) n");
  place.refuses(update, "deletes 400 rows in public.people, where 100 were approved");
  CHECK(place.people() == "500");
}

TEST_CASE("after a statement that commits by itself, the next is not sent where it went further") {
  const Outside place{committing, update};
  // Its lock may be seen first.
  place.refuses("TRUNCATE people", "public.people");
  place.refuses("CREATE TABLE copied AS SELECT * FROM people", "changes table public.copied");
  CHECK(place.database.value("SELECT to_regclass('copied') IS NULL") == "f");  // it stands
}

TEST_CASE("statements that cannot be in a transaction run as approved") {
  const Place place{R"lua(
return plan "Honest" {
  step "Work" {
    transaction = "none",
    run = {
      sql [[ CREATE INDEX CONCURRENTLY by_name ON people (name);
             CREATE TABLE note (id int);
             TRUNCATE aside;
             DO $$ BEGIN INSERT INTO note VALUES (1); COMMIT; INSERT INTO note VALUES (2); END $$;
             VACUUM people ]],
      function() db.exec("INSERT INTO note VALUES (3)") end,
    },
    rollback = sql [[ DROP INDEX CONCURRENTLY by_name; DROP TABLE note ]],
  },
}
)lua"};
  const Ended saved = place.save({"--sql", "plan.sql"});
  INFO(saved.all());
  REQUIRE(saved.status == 0);
  const std::string script = engine::file::read(place.folder.path() + "/plan.sql");
  CHECK_THAT(script, ContainsSubstring("TRUNCATE aside"));
  CHECK_THAT(script, !ContainsSubstring("START TRANSACTION"));
  CHECK_THAT(script, !ContainsSubstring("engine_setting"));
  const Ended ran = place.run();
  INFO(ran.all());
  CHECK(ran.status == 0);
  CHECK(place.database.value("SELECT count(*) FROM note") == "3");
}
