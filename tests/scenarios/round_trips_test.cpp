// What a run costs far away from its server, counted between the program and the server.
#include "scenarios/esquisse.h"
#include "support/catch.h"
#include "support/proxy.h"

using namespace test;

using namespace std::chrono_literals;

namespace {

constexpr long of_a_command = 12;
constexpr long of_a_step = 3;

// A plan behind a proxy.
struct Counted {
  explicit Counted(const std::string& steps, std::chrono::milliseconds latency = {})
      : proxy(folder.path(), socket_folder(), latency) {
    folder.write("plan.lua", "return plan \"Counted\" {" + steps + "}");
    database.sql("CREATE TABLE t (n int)");
  }

  long trips_of(const std::string& command) {
    proxy.reset_counts();
    Surroundings surroundings;
    surroundings.folder = folder.path();
    const Ended ended =
        run_engine({command, "plan.lua", "-d",
                    "host=" + folder.path() + " dbname=" + database.name() + " user=postgres",
                    "--yes", "--quiet"},
                   surroundings);
    INFO(ended.all());
    REQUIRE(ended.status == 0);
    return proxy.counts().round_trips;
  }
  std::string rows() const { return database.value("SELECT count(*) FROM t"); }

  Folder folder;
  Database database;
  Proxy proxy;
};

std::string insert(int n) { return "INSERT INTO t VALUES (" + std::to_string(n) + ");\n"; }

}  // namespace

TEST_CASE("200 steps of one statement cost 2 round trips each, and as much again to roll back") {
  constexpr int steps = 200;
  std::string plan;
  for (int n = 0; n < steps; ++n) {
    plan += "step \"" + std::to_string(n) + "\" { run = sql [[" + insert(n) +
            "]], rollback = sql [[DELETE FROM t WHERE n = " + std::to_string(n) + "]] },\n";
  }
  Counted counted{plan};
  const long run = counted.trips_of("run");
  CHECK(counted.rows() == "200");
  const long rollback = counted.trips_of("rollback");
  CHECK(counted.rows() == "0");
  INFO("run " << run << ", rollback " << rollback);
  CHECK(run <= of_a_command + steps * of_a_step);
  CHECK(rollback <= of_a_command + steps * of_a_step);
}

TEST_CASE("a step of 1,000 statements costs what one of a single statement does") {
  std::string statements;
  for (int n = 0; n < 1000; ++n) statements += insert(n);
  // Answers that come while the rest is still being sent are no trips: nobody waits for them.
  Counted counted{"step \"All\" { run = sql [[" + statements + "]], rollback = nothing }", 60ms};
  const long run = counted.trips_of("run");
  const long again = counted.trips_of("run");
  CHECK(counted.rows() == "1000");
  INFO("run " << run << ", a second one that has nothing to do " << again);
  CHECK(run <= of_a_command + of_a_step);
  CHECK(again <= of_a_command);
}
