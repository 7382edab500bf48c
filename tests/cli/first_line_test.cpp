// The first line names the server that answered, by what the server itself says.
#include "cli/workplace.h"
#include "support/catch.h"
#include "support/role.h"
#include "support/tcp_server.h"

using test::run_engine;

namespace {

struct Place {
  test::Folder folder;
  test::TcpServer server;
  test::Database database = server.database();

  std::string first_line(const std::string& conninfo, std::vector<std::string> variables = {}) {
    const auto ended =
        run_engine({"status", "-d", conninfo}, {folder.path(), std::move(variables)});
    INFO(ended.all());
    CHECK(ended.status == 0);
    return ended.out.substr(0, ended.out.find('\n'));
  }
  std::string of_tcp() const {
    return "dbname=" + database.name() + " user=postgres host=" + server.address();
  }
};

}  // namespace

TEST_CASE("the first line names address, role, role by options, service and several hosts") {
  Place place;
  const std::string& address = place.server.address();
  const std::string name = place.database.name();
  CHECK(place.first_line(place.of_tcp()) ==
        "Target " + name + " on " + address + ":5432 as postgres (superuser)");
  CHECK(place.first_line(place.database.conninfo()) ==
        "Target " + name + " on " + place.server.socket() + ":5432 as postgres (superuser)");

  place.database.sql("CREATE ROLE owner_of_all");
  const std::string with_role =
      "Target " + name + " on " + address + ":5432 as postgres with role owner_of_all";
  CHECK(place.first_line(place.of_tcp() + " options='-c role=owner_of_all'") == with_role);
  CHECK(place.first_line(place.of_tcp(), {"PGOPTIONS=-c role=owner_of_all"}) == with_role);
  place.folder.write("services",
                     "[shop]\nhost=" + address + "\nuser=postgres\ndbname=" + name + "\n");
  CHECK(place.first_line("service=shop", {"PGSERVICEFILE=" + place.folder.file("services")}) ==
        "Target " + name + " on " + address + ":5432 as postgres (superuser), service shop");
  CHECK_THAT(place.first_line("dbname=" + name + " user=postgres host=/tmp/nothing," + address),
             ContainsSubstring(" on " + address + ":5432 (of the hosts /tmp/nothing," + address));
}

TEST_CASE("an address that was given beside the name is shown as such: it can lie") {
  Place place;
  const std::string& address = place.server.address();
  const std::string asked =
      "dbname=" + place.database.name() + " user=postgres host=staging.example";
  CHECK_THAT(place.first_line(asked, {"PGHOSTADDR=" + address}),
             ContainsSubstring(" on staging.example:5432 (PGHOSTADDR " + address + ") as"));
  CHECK_THAT(place.first_line(asked + " hostaddr=" + address),
             ContainsSubstring(" on staging.example:5432 (hostaddr " + address + ") as"));
}

TEST_CASE("a standby is called one, and status works there") {
  Place place;
  place.folder.write("plans/plan.lua", test::two_steps);
  CHECK(run_engine({"run", "plans/plan.lua", "--yes", "-d", place.of_tcp()},
                   {place.folder.path(), {}})
            .status == 0);
  place.server.become_standby();
  CHECK(place.first_line(place.of_tcp()).ends_with("(superuser), standby"));
  const auto ended = run_engine({"rollback", "plans/plan.lua", "--yes", "-d", place.of_tcp()},
                                {place.folder.path(), {}});
  CHECK(ended.status == 5);
  CHECK_THAT(ended.err, ContainsSubstring("standby"));
}
