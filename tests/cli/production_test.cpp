// A production database is known by what it is, whichever way leads there.
#include "cli/workplace.h"
#include "support/catch.h"
#include "support/role.h"
#include "support/server.h"

using test::Ended;
using test::run_engine;
using test::Workplace;

namespace {

const std::string one_step =
    "return plan \"One\" { step \"A\" { run = sql [[ CREATE TABLE a (id int) ]], rollback = sql [[ "
    "DROP TABLE a ]] }, task \"Fill\" { run = sql [[ INSERT INTO a VALUES (1) ]] }, "
    "task \"Show\" { run = sql [[ SELECT id FROM a ]] } }";

struct Production : Workplace {
  Production() : Workplace(one_step) { settings(database.conninfo()); }

  void settings(const std::string& prod) const {
    folder.write("engine.toml", "[env.prod]\nproduction = true\ndatabase = \"" + prod +
                                    "\"\n[env.staging]\ndatabase = \"" + database.conninfo() +
                                    "\"\n");
  }
  Ended run(std::vector<std::string> words, std::vector<std::string> variables = {}) const {
    words.insert(words.begin(), {"run", "plans/plan.lua", "--yes"});
    auto around = surroundings();
    around.environment = std::move(variables);
    return run_engine(words, around);
  }
  Ended protect(std::vector<std::string> words) const {
    words.insert(words.begin(), "protect");
    return run_engine(words, surroundings());
  }
  std::string comment() const {
    return database.value("SELECT obj_description(to_regnamespace('engine'), 'pg_namespace')");
  }
};

void is_refused(const Production& place, const Ended& ended) {
  INFO(ended.all());
  CHECK(ended.status == 5);
  CHECK_THAT(ended.err,
             ContainsSubstring("is a production target, and its name was not confirmed"));
  CHECK_THAT(ended.err, ContainsSubstring("--target prod"));
  CHECK_FALSE(place.has_table("a"));
}

/// Every way that leads to a database, with the arguments and variables that take it.
void every_way_is_refused(const Production& place) {
  const std::string conninfo = place.database.conninfo();
  is_refused(place, place.run({"-d", conninfo}));
  is_refused(place, place.run({"-d", "postgresql://postgres@/" + place.database.name() +
                                         "?host=" + place.database.server()}));
  is_refused(place, place.run({"--env", "staging"}));
  is_refused(place, place.run({}, {"DATABASE_URL=" + conninfo}));
  is_refused(place, place.run({}, {"PGHOST=" + place.database.server(), "PGUSER=postgres",
                                   "PGDATABASE=" + place.database.name()}));
  place.folder.write(".env", "DATABASE_URL=\"" + conninfo + "\"\n");
  is_refused(place, place.run({}));
  place.folder.write(".env", "");
  place.folder.write("services", "[shop]\nhost=" + place.database.server() +
                                     "\nuser=postgres\ndbname=" + place.database.name() + "\n");
  const std::string file = "PGSERVICEFILE=" + place.folder.file("services");
  is_refused(place, place.run({"-d", "service=shop"}, {file}));
  is_refused(place, place.run({}, {file, "PGSERVICE=shop"}));
}

}  // namespace

TEST_CASE("the database of a production environment is production before any mark") {
  const Production place;
  every_way_is_refused(place);
  CHECK(place.comment().empty());
}

TEST_CASE("the first change through a production environment marks its database") {
  const Production place;
  CHECK(place.run({"--env", "prod", "--target", "prod"}).status == 0);
  CHECK_THAT(place.comment(), ContainsSubstring("Production target: {\"name\":\"prod\""));
  CHECK(run_engine({"rollback", "plans/plan.lua", "--env", "prod", "--target", "prod", "--yes"},
                   place.surroundings())
            .status == 0);

  // From then on without the file.
  place.folder.write("engine.toml",
                     "[env.staging]\ndatabase = \"" + place.database.conninfo() + "\"\n");
  every_way_is_refused(place);
  CHECK(place.run({"--env", "staging", "--target", "staging"}).status == 5);
  const Ended typed = place.run({"-d", place.database.conninfo(), "--target", "prod"});
  INFO(typed.all());
  CHECK(typed.status == 0);
  CHECK_THAT(typed.out, ContainsSubstring(", production \"prod\""));
  CHECK(place.has_table("a"));
}

TEST_CASE("a mark lies in the database, wherever another journal's schema is looked for") {
  const Production place;
  CHECK(place.protect({"--env", "prod"}).status == 0);
  place.folder.write("engine.toml", "journal_schema = \"migrations\"\n");
  is_refused(place, place.run({"-d", place.database.conninfo()}));
}

TEST_CASE("every command that writes wants the name, and none that reads") {
  const Production place;
  CHECK(place.run({"--env", "prod", "--target", "prod"}).status == 0);
  const std::vector<std::string> by_url{"-d", place.database.conninfo()};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), by_url.begin(), by_url.end());
    return run_engine(words, place.surroundings());
  };
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"rollback", "plans/plan.lua", "--yes"},
                                             {"task", "plans/plan.lua", "Fill", "--yes"},
                                             {"resolve", "plans/plan.lua", "A", "--undone"},
                                             {"status", "--end"},
                                             {"status", "--cancel"},
                                             {"protect", "--off"}}) {
    const Ended ended = with(words);
    INFO(words.front() << ended.all());
    CHECK(ended.status == 5);
    CHECK_THAT(ended.err, ContainsSubstring("its name was not confirmed"));
  }
  CHECK(place.database.value("SELECT count(*) FROM a") == "0");
  for (const auto& words : std::vector<std::vector<std::string>>{{"status"},
                                                                 {"verify", "plans/plan.lua"},
                                                                 {"task", "plans/plan.lua"},
                                                                 {"task", "plans/plan.lua", "Show"},
                                                                 {"doctor"}}) {
    const Ended ended = with(words);
    INFO(words.front() << ended.all());
    CHECK(ended.status == 0);
  }
}

TEST_CASE("protect marks, tells that it has, and unmarks for who types the name") {
  const Production place;
  const std::string name = place.database.name();
  const std::vector<std::string> target{"-d", place.database.conninfo()};
  place.folder.write("engine.toml", "");
  const Ended first = place.protect(target);
  CHECK(first.status == 0);
  CHECK_THAT(first.out, ContainsSubstring("Marked as production: " + name));
  CHECK_THAT(place.protect(target).out, ContainsSubstring("It is already marked as production"));
  CHECK(place.run(target).status == 5);
  CHECK(place.protect({"-d", place.database.conninfo(), "--off", "--target", "else"}).status == 5);
  CHECK_THAT(place.comment(), ContainsSubstring("Production target"));

  const Ended off = place.protect({"-d", place.database.conninfo(), "--off", "--target", name});
  INFO(off.all());
  CHECK(off.status == 0);
  CHECK(place.comment().find("Production target") == std::string::npos);
  CHECK_THAT(place.comment(), ContainsSubstring("Journal of engine"));
  CHECK(place.run(target).status == 0);
  CHECK(place.protect({"-d", "embedded"}).status == 2);
}

TEST_CASE("only its owner changes the mark; another role is told who that is, and reads it") {
  const Production place;
  const test::Role owner{place.database, "LOGIN", "owner"};
  const test::Role other{place.database, "LOGIN", "other"};
  place.database.sql("GRANT CREATE ON DATABASE " + place.database.name() + " TO " + owner.name());
  const std::string as_owner = place.database.conninfo(owner.name());
  CHECK(place.protect({"-d", as_owner}).status == 0);

  const std::string as_other = place.database.conninfo(other.name());
  CHECK_THAT(place.run({"-d", as_other}).err, ContainsSubstring("its name was not confirmed"));
  const Ended refused = place.protect({"-d", as_other, "--off", "--target", place.database.name()});
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.err, ContainsSubstring("may not change the production mark"));
  CHECK_THAT(refused.err, ContainsSubstring(owner.name()));
  CHECK_THAT(place.comment(), ContainsSubstring("Production target"));
  CHECK(place.protect({"-d", as_owner, "--off", "--target", place.database.name()}).status == 0);
}

TEST_CASE("where the role cannot mark the database, the run says so and goes on") {
  const Production place;
  const test::Role role{place.database};
  place.database.sql("GRANT CREATE ON SCHEMA public TO " + role.name());
  CHECK(run_engine(
            {"run", "plans/plan.lua", "--yes", "-d", place.database.conninfo(), "--target", "prod"},
            place.surroundings())
            .status == 0);
  CHECK(place.protect({"-d", place.database.conninfo(), "--off", "--target", "prod"}).status == 0);
  place.database.sql(
      "DROP TABLE a; UPDATE engine.run SET status = 'rolled_back'; GRANT USAGE ON "
      "SCHEMA engine TO " +
      role.name() + "; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA engine TO " +
      role.name());
  place.settings(place.database.conninfo(role.name()));
  const Ended ended = place.run({"--env", "prod", "--target", "prod"});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.err, ContainsSubstring("warning: the database cannot be marked as production"));
  CHECK_THAT(ended.err, ContainsSubstring("of postgres"));
}

TEST_CASE("a copy of the database is not production, and is said to be a copy") {
  const Production place;
  CHECK(place.protect({"--env", "prod"}).status == 0);
  const test::Database copy{place.database.name()};
  const Ended ended = place.run({"-d", copy.conninfo()});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.err, ContainsSubstring("production mark \"prod\" of another server"));
  CHECK(ended.out.find("production") == std::string::npos);
  CHECK(place.protect({"-d", copy.conninfo()}).status == 0);
  CHECK(place.run({"-d", copy.conninfo()}).status == 5);
}

TEST_CASE("a role that may not ask for the system identifier is held to the mark, and works") {
  const test::Server server;
  const test::Database database{"template0", server.socket()};
  const test::Folder folder;
  folder.write("plans/plan.lua", one_step);
  database.sql("CREATE ROLE app LOGIN; GRANT CREATE ON DATABASE " + database.name() +
               " TO app; GRANT CREATE ON SCHEMA public TO app; REVOKE EXECUTE ON FUNCTION "
               "pg_control_system() FROM PUBLIC");
  const test::Surroundings around{folder.path(), {}};
  const std::string app = database.conninfo("app");
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"run", "plans/plan.lua", "--yes"});
    return run_engine(words, around);
  };
  const Ended first = run({"-d", app});
  INFO(first.all());
  CHECK(first.status == 0);
  CHECK(run_engine({"rollback", "plans/plan.lua", "--yes", "-d", app}, around).status == 0);

  CHECK(run_engine({"protect", "-d", database.conninfo()}, around).status == 0);
  CHECK(run({"-d", app}).status == 5);
  CHECK(run({"-d", app, "--target", database.name()}).status == 0);
}

TEST_CASE("a comment that is no mark marks nothing, and its words stay") {
  const Production place;
  place.folder.write("engine.toml", "");
  place.database.sql(
      "CREATE SCHEMA other; COMMENT ON SCHEMA other IS "
      "'Ours.\nProduction target: {\"name\":17}\nProduction target: [\nEnd.'");
  const std::vector<std::string> target{"-d", place.database.conninfo()};
  CHECK(place.protect(target).status == 0);
  CHECK(place.protect({"-d", place.database.conninfo(), "--off", "--target", place.database.name()})
            .status == 0);
  CHECK_THAT(place.database.value("SELECT obj_description('other'::regnamespace, 'pg_namespace')"),
             ContainsSubstring("Ours.") && ContainsSubstring("End."));
  CHECK(place.run(target).status == 0);
}
