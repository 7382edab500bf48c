// The fixtures of the examples on the embedded server, as `engine run` loads them there.
#include <filesystem>

#include "base/file.h"
#include "cluster/fixture.h"
#include "cluster/workplace.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::cluster;

namespace {

std::optional<std::string> known(const std::string& name) {
  if (name != "supabase") return std::nullopt;
  return file::read(SOURCE_FOLDER "/lib-lua/supabase.sql");
}

}  // namespace

TEST_CASE(
    "every example's fixture loads, and its role is no superuser, may make a journal and owns its "
    "tables") {
  Workplace place;
  place.embedded.start();
  for (const auto& example : std::filesystem::directory_iterator{SOURCE_FOLDER "/examples"}) {
    const std::string name = example.path().filename();
    INFO(name);
    const Fixture fixture = Fixture::read(example.path().string() + "/before.sql", known);
    CHECK(load_fixture(place.embedded.target(name), fixture) == FixtureState::loaded);
    if (fixture.role().empty()) continue;
    const db::Target as_role = place.embedded.target(name).set("user", fixture.role());
    CHECK(value(as_role, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "f");
    CHECK(value(as_role, "SELECT has_database_privilege(current_database(), 'CREATE')") == "t");
    CHECK(value(as_role,
                "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND NOT pg_has_role(relowner, "
                "'USAGE')") == "");
  }
}
