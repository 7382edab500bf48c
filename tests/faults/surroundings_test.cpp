// A wrong clock, and a server without free connections.
#include <chrono>
#include <thread>

#include "db/connection.h"
#include "scenarios/example.h"
#include "support/catch.h"
#include "support/role.h"

using namespace test;
using namespace std::chrono_literals;

namespace {

const std::string two_steps = R"lua(
return plan "Two rows" {
  step "One" { run = sql [[ INSERT INTO t VALUES (1) ]], rollback = sql [[ DELETE FROM t WHERE n = 1 ]] },
  step "Two" {
    run      = { sql [[ INSERT INTO t VALUES (2) ]], function() while db.count "gate" == 0 do db.query "SELECT pg_sleep(0.05)" end end },
    rollback = sql [[ DELETE FROM t WHERE n = 2 ]],
  },
}
)lua";

struct Place {
  explicit Place(const std::string& gate) {
    folder.write("plan.lua", two_steps);
    database.sql("CREATE TABLE t (n int); CREATE TABLE gate AS SELECT " + gate);
  }
  Words words(const std::string& command, const std::string& user = "postgres") const {
    return {command, "plan.lua", "-d", database.conninfo(user), "--yes"};
  }
  std::string rows() const {
    return database.value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM t");
  }
  Folder folder;
  Database database;
};

}  // namespace

#ifdef FAKETIME
TEST_CASE("a clock that is wrong by decades changes no time of the journal, and no order") {
  const auto shift = GENERATE(as<std::string>{}, "-30y", "+20y");
  const Place place{"1"};
  const Surroundings wrong{place.folder.path(), {"LD_PRELOAD=" FAKETIME, "FAKETIME=" + shift}, 90s};
  const Ended run = run_engine(place.words("run"), wrong);
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK(place.database.value("SELECT bool_and(recorded_at BETWEEN now() - interval '1 hour' AND "
                             "now()) FROM engine.step") == "t");
  CHECK(place.database.value("SELECT max(ms) < 60000 FROM engine.step") == "t");
  REQUIRE(run_engine(place.words("rollback"), wrong).status == 0);
  // The second run is the newer one, whatever its engine's clock says.
  REQUIRE(run_engine(place.words("run"), {place.folder.path(), {}, 60s}).status == 0);
  CHECK(place.database.value("SELECT string_agg(status, ' ' ORDER BY sequence) FROM engine.run") ==
        "rolled_back done");
  CHECK(place.rows() == "1 2");
}
#endif

TEST_CASE("one connection is enough for a run") {
  const Place place{"1"};
  const Role role{place.database, "LOGIN CONNECTION LIMIT 1", "alone"};
  place.database.sql("GRANT CREATE ON DATABASE " + place.database.name() + " TO " + role.name() +
                     "; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role.name());
  const Ended run = run_engine(place.words("run", role.name()), {place.folder.path(), {}, 60s});
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK(place.rows() == "1 2");
}

TEST_CASE(
    "a server without a free connection is named, and a run that lost its own waits for one") {
  const Place place{"1 WHERE false"};
  const Role role{place.database, "LOGIN CONNECTION LIMIT 1", "alone"};
  place.database.sql("GRANT CREATE ON DATABASE " + place.database.name() + " TO " + role.name() +
                     "; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role.name());
  const auto target = engine::db::Target::parse(place.database.conninfo(role.name()));
  const auto occupy = [&] { return engine::db::Connection::open(target); };
  {
    const auto other = occupy();
    const Ended refused =
        run_engine(place.words("run", role.name()), {place.folder.path(), {}, 90s});
    INFO(refused.all());
    CHECK(refused.status == 7);
    CHECK(has(refused.err, "too many connections for role"));
  }
  Program program{place.words("run", role.name()), {place.folder.path(), {}, 90s}};
  const std::string pid = "SELECT pid FROM pg_stat_activity WHERE usename = '" + role.name() +
                          "' AND wait_event = 'PgSleep'";
  for (int i = 0; i < 2000 && place.database.value(pid).empty(); ++i)
    std::this_thread::sleep_for(5ms);
  // As by a network that breaks: the server's process ends, and somebody else takes the place.
  place.database.sql("ALTER ROLE " + role.name() + " CONNECTION LIMIT 0");
  place.database.value("SELECT pg_terminate_backend(" + place.database.value(pid) + ")");
  std::this_thread::sleep_for(1s);
  place.database.sql("ALTER ROLE " + role.name() +
                     " CONNECTION LIMIT 1; INSERT INTO gate VALUES (1)");
  const Ended ended = program.wait();
  INFO(ended.all());
  // An end that a person ordered may also stop the run; then it is resumed.
  if (ended.status != 0) {
    CHECK(ended.status == 3);
    REQUIRE(run_engine(place.words("run", role.name()), {place.folder.path(), {}, 60s}).status ==
            0);
  }
  CHECK(place.rows() == "1 2");
}
