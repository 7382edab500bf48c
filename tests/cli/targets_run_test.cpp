#include "cli/workplace.h"
#include "support/catch.h"

using test::run_engine;
using test::two_steps;
using test::Workplace;

TEST_CASE("a production target wants its name typed") {
  const Workplace place{two_steps};
  place.folder.write("engine.toml", "[env.prod]\nproduction = true\ndatabase = \"" +
                                        place.database.conninfo() + "\"\n");
  const std::vector<std::string> words{"run", "plans/plan.lua", "--env", "prod", "--yes"};
  auto with = [&](const std::string& target) {
    auto more = words;
    more.insert(more.end(), {"--target", target});
    return more;
  };
  const auto refused = run_engine(words, place.surroundings());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.err, ContainsSubstring("--target prod"));
  CHECK(run_engine(with("staging"), place.surroundings()).status == 5);
  CHECK_FALSE(place.has_table("people"));
  CHECK(run_engine({"status", "--env", "prod"}, place.surroundings()).status == 0);

  test::TerminalProgram mistyped{words, place.surroundings()};
  REQUIRE(mistyped.says("Type its name to continue:"));
  mistyped.type("prd\n");
  CHECK(mistyped.wait() == 5);
  test::TerminalProgram typed{words, place.surroundings()};
  REQUIRE(typed.says("Type its name to continue:"));
  typed.type("prod\n");
  CHECK(typed.wait() == 0);
  CHECK(place.has_table("people"));
  CHECK(run_engine(with("prod"), place.surroundings()).status == 0);
}

TEST_CASE("an environment's settings reach the run: journal schema and variables") {
  const Workplace place{two_steps};
  place.folder.write("engine.toml",
                     "journal_schema = \"migrations\"\n[env.test]\ndatabase = \"${TEST_URL}\"\n");
  place.folder.write(".env", "TEST_URL=\"" + place.database.conninfo() + "\"\n");
  const auto ended =
      run_engine({"run", "plans/plan.lua", "--env", "test", "--yes"}, place.surroundings());
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("env test"));
  CHECK(place.database.value("SELECT to_regclass('migrations.run') IS NOT NULL") == "t");
  CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
}

TEST_CASE("DATABASE_URL is the target when no flag is given, and the first line says so") {
  const Workplace place{two_steps};
  auto surroundings = place.surroundings();
  surroundings.environment = {"DATABASE_URL=" + place.database.conninfo()};
  const auto ended = run_engine({"run", "plans/plan.lua", "--yes"}, surroundings);
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("from DATABASE_URL"));
}

TEST_CASE("a wrong password ends with 7 and stands in no output") {
  const Workplace place{two_steps};
  for (const std::string password : {"wr0ng#pass word", "p@ss/w0rd%:x", "incorrect-horse"}) {
    auto surroundings = place.surroundings();
    surroundings.environment = {"PGPASSWORD=" + password};
    const std::string target = place.database.conninfo("with_password");
    for (const char* flag : {"-v", "--json", "-q"}) {
      const auto ended =
          run_engine({"run", "plans/plan.lua", "--yes", flag, "-d", target}, surroundings);
      INFO(ended.all());
      CHECK(ended.status == 7);
      CHECK(ended.all().find(password) == std::string::npos);
    }
    std::string quoted = "'";
    for (const char c : password) quoted += c == '\'' ? std::string{"\\'"} : std::string(1, c);
    const auto in_arguments =
        run_engine({"run", "plans/plan.lua", "--yes", "-d", target + " password=" + quoted + "'"},
                   place.surroundings());
    CHECK(in_arguments.status == 7);
    CHECK(in_arguments.all().find(password) == std::string::npos);
    CHECK_THAT(in_arguments.err, ContainsSubstring("can read a password in the arguments"));
  }
}

TEST_CASE("the right password works, and the next command does not repeat it") {
  const Workplace place{
      "return plan \"Bad\" { step \"A\" { run = sql [[ SELECT 1 / 0 ]], rollback = nothing } }"};
  place.database.sql("GRANT CREATE ON DATABASE " + place.database.name() + " TO with_password");
  const auto ended =
      run_engine({"run", "plans/plan.lua", "--yes", "-d",
                  place.database.conninfo("with_password") + " password=correct-horse"},
                 place.surroundings());
  INFO(ended.all());
  CHECK(ended.status == 1);
  CHECK_THAT(ended.err, ContainsSubstring("engine run plans/plan.lua -d 'dbname="));
  CHECK(ended.all().find("correct-horse") == std::string::npos);
}

TEST_CASE("a malformed connection string ends with 2 and is not repeated") {
  const Workplace place{two_steps};
  const auto ended =
      run_engine({"status", "-d", "postgresql://me:hunter22@zz@host/db"}, place.surroundings());
  CHECK(ended.status == 2);
  CHECK(ended.all().find("hunter22") == std::string::npos);
}

TEST_CASE("a server that is read only refuses with the reason") {
  const Workplace place{two_steps};
  place.database.sql("ALTER DATABASE " + place.database.name() +
                     " SET default_transaction_read_only = on");
  const auto ended = place.engine("run", {"--yes"});
  INFO(ended.all());
  CHECK(ended.status != 0);
  CHECK(ended.status != 3);
  CHECK_THAT(ended.err, ContainsSubstring("read"));
}
