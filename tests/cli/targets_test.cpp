#include "cli/targets.h"

#include <cstdlib>
#include <map>

#include "base/error.h"
#include "base/redactor.h"
#include "support/catch.h"
#include "support/folder.h"

using namespace engine;

namespace {

/// Sets variables for a scope; everything that names a target is gone besides them.
class Variables {
 public:
  explicit Variables(std::map<std::string, std::string> values = {}) {
    for (const char* name : {"DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE",
                             "PGPORT", "PGUSER", "PGPASSWORD"}) {
      unsetenv(name);
    }
    for (const auto& [name, value] : values) setenv(name.c_str(), value.c_str(), 1);
    names_ = std::move(values);
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;
  ~Variables() {
    for (const auto& [name, value] : names_) unsetenv(name.c_str());
  }

 private:
  std::map<std::string, std::string> names_;
};

cli::Chosen choose(const cli::Options& options, const std::string& settings = "") {
  const test::Folder folder;
  if (!settings.empty()) folder.write("engine.toml", settings);
  return cli::choose_target(options, cli::Project::read(folder.path()));
}

cli::Options database(const std::string& value) {
  cli::Options options;
  options.database = value;
  return options;
}

cli::Options env(const std::string& value) {
  cli::Options options;
  options.env = value;
  return options;
}

const std::string settings = "[env.prod]\ndatabase = \"host=db dbname=app\"\nproduction = true\n";

}  // namespace

TEST_CASE("the order is --database, --env, DATABASE_URL, PG variables, embedded") {
  const Variables variables{{{"DATABASE_URL", "postgresql://url/db"}, {"PGHOST", "pg"}}};
  CHECK(choose(database("host=flag")).target.parameters().at("host") == "flag");
  CHECK(choose(env("prod"), settings).target.parameters().at("host") == "db");
  CHECK(choose({}).target.parameters().at("host") == "url");
  CHECK(choose({}).origin == "DATABASE_URL");
}

TEST_CASE("each of the PG variables that name a target is one") {
  for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"}) {
    const Variables variables{{{name, "127.0.0.1"}}};
    const cli::Chosen chosen = choose({});
    CHECK_FALSE(chosen.embedded);
    CHECK(chosen.origin == name);
  }
  const Variables port_alone{{{"PGPORT", "6000"}, {"DATABASE_URL", ""}}};
  CHECK(choose({}).embedded);
}

TEST_CASE("-d embedded wins over the environment's variables") {
  const Variables variables{{{"DATABASE_URL", "postgresql://url/db"}}};
  const cli::Chosen chosen = choose(database("embedded"));
  CHECK(chosen.embedded);
  CHECK(chosen.arguments == "-d embedded");
}

TEST_CASE("two targets at once are refused") {
  cli::Options options = database("host=x");
  options.env = "prod";
  CHECK_THROWS_AS(choose(options, settings), Error);
}

TEST_CASE("the flags that choose a target again hold no password") {
  const Variables variables;
  const cli::Chosen chosen = choose(database("postgresql://me:hunter2secret@db:6000/app"));
  CHECK(chosen.password_in_arguments);
  CHECK(chosen.arguments == "-d 'dbname=app host=db port=6000 user=me'");
  CHECK(redactor::redact("hunter2secret") == "***");
  CHECK(choose(database("postgresql://me@db/app")).arguments == "-d postgresql://me@db/app");
  CHECK(choose(env("prod"), settings).arguments == "--env prod");
}

TEST_CASE("a production environment says so") {
  const Variables variables;
  CHECK(choose(env("prod"), settings).environment.production);
  CHECK_FALSE(choose(database("host=x"), settings).environment.production);
}

TEST_CASE("words of a shell are quoted where they must be") {
  CHECK(cli::shell_word("plans/a.lua") == "plans/a.lua");
  CHECK(cli::shell_word("two words") == "'two words'");
  CHECK(cli::shell_word("it's") == "'it'\\''s'");
  CHECK(cli::shell_word("") == "''");
}
