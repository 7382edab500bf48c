#include "cli/project.h"

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "support/catch.h"
#include "support/folder.h"

using namespace engine;
using cli::Project;

namespace {

Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return Error{Code::internal, "no error"};
}

}  // namespace

TEST_CASE("a folder without engine.toml has defaults and no environment") {
  const test::Folder folder;
  folder.write(".env", "DATABASE_URL=postgresql://somewhere/else\n");
  const Project project = Project::read(folder.path());
  CHECK(project.defaults().journal_schema == "engine");
  CHECK(project.defaults().lock_timeout == "3s");
  CHECK_FALSE(project.variable("DATABASE_URL"));  // .env counts beside engine.toml only
  CHECK(error_of([&] { project.environment("prod"); }).code() == Code::usage);
}

TEST_CASE("an environment takes its settings, then the file's") {
  const test::Folder folder;
  folder.write("engine.toml",
               "journal_schema = \"migrations\"\nlock_timeout = \"5s\"\noutput_folder = \"out\"\n"
               "[env.prod]\ndatabase = \"postgresql://db/app\"\nproduction = true\n"
               "lock_timeout = \"1s\"\n"
               "[env.staging]\ndatabase = \"host=staging\"\n");
  const Project project = Project::read(folder.path());
  const auto production = project.environment("prod");
  CHECK(production.production);
  CHECK(production.lock_timeout == "1s");
  CHECK(production.journal_schema == "migrations");
  CHECK_FALSE(project.environment("staging").production);
  CHECK(project.environment("staging").lock_timeout == "5s");
  CHECK(project.output_folder() == folder.path() + "/out");
}

TEST_CASE("variables come from the environment, then from .env, encoded inside a URI") {
  const test::Folder folder;
  folder.write("engine.toml",
               "[env.a]\ndatabase = \"postgresql://me:${ENGINE_TEST_PASSWORD}@db/app\"\n"
               "[env.b]\ndatabase = \"host=db\"\npassword = \"${ENGINE_TEST_PASSWORD}\"\n"
               "[env.c]\ndatabase = \"${ENGINE_TEST_MISSING}\"\n"
               "[env.d]\ndatabase = \"${ENGINE_TEST_PASSWORD\"\n");
  folder.write(".env", "ENGINE_TEST_PASSWORD='p@ss/w0rd'\n");
  const Project project = Project::read(folder.path());
  CHECK(project.environment("a").database == "postgresql://me:p%40ss%2Fw0rd@db/app");
  CHECK(project.environment("b").password == "p@ss/w0rd");
  CHECK_THAT(error_of([&] { project.environment("c"); }).message(),
             ContainsSubstring("ENGINE_TEST_MISSING, which is not set"));
  CHECK(error_of([&] { project.environment("d"); }).code() == Code::usage);
  setenv("ENGINE_TEST_PASSWORD", "other", 1);
  CHECK(project.environment("b").password == "other");
  unsetenv("ENGINE_TEST_PASSWORD");
}

TEST_CASE("an unknown key names its line and the nearest known one") {
  const test::Folder folder;
  folder.write("engine.toml", "[env.prod]\ndatabase = \"host=x\"\nprodution = true\n");
  const Error error = error_of([&] { Project::read(folder.path()); });
  CHECK(error.code() == Code::usage);
  CHECK_THAT(error.message(),
             ContainsSubstring("engine.toml:3: unknown key env.prod.prodution; did you mean "
                               "\"production\"?"));
  folder.write("engine.toml", "jurnal_schema = \"x\"\n");
  CHECK_THAT(error_of([&] { Project::read(folder.path()); }).message(),
             ContainsSubstring("did you mean \"journal_schema\"?"));
}

TEST_CASE("a value of the wrong type and a broken file name their line, never their text") {
  const test::Folder folder;
  folder.write("engine.toml", "[env.prod]\nproduction = \"yes\"\n");
  CHECK_THAT(error_of([&] { Project::read(folder.path()); }).message(),
             ContainsSubstring("env.prod.production is not a boolean (true or false)"));
  folder.write("engine.toml", "[env.prod]\npassword = \"hunter2\n");
  const Error error = error_of([&] { Project::read(folder.path()); });
  CHECK_THAT(error.message(), ContainsSubstring("is not valid TOML at line 2"));
  CHECK(error.message().find("hunter2") == std::string::npos);
}

TEST_CASE("an environment that is not there names the nearest") {
  const test::Folder folder;
  folder.write("engine.toml", "[env.staging]\ndatabase = \"host=x\"\n");
  CHECK_THAT(error_of([&] { Project::read(folder.path()).environment("stagin"); }).message(),
             ContainsSubstring("did you mean \"staging\"?"));
}
