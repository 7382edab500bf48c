#include "journal/snapshots.h"

#include "db/transaction.h"
#include "journal/journal.h"
#include "journal/open.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::journal;

namespace {

SnapshotRow sessions(const std::string& name) {
  SnapshotRow row;
  row.kind = "snapshot";
  row.name = name;
  row.table_schema = "public";
  row.table_name = "sessions";
  row.table_oid = 4000000000;
  row.copy_schema = "engine_backup";
  row.copy_name = name;
  row.manifest = R"({"columns": []})";
  row.rows = 5000;
  row.checksum = "abc";
  return row;
}

}  // namespace

TEST_CASE("the newest backup of a name is found until it is dropped") {
  const test::Database database;
  auto connection = connect(database);
  Journal::open(connection, "engine");
  const Snapshots snapshots{connection, "engine"};
  const auto first = snapshots.record(sessions("b"));
  const auto second = snapshots.record(sessions("b"));
  REQUIRE(snapshots.find("snapshot", "b"));
  CHECK(snapshots.find("snapshot", "b")->id == second);
  CHECK(snapshots.find("snapshot", "b")->table_oid == 4000000000);
  CHECK(snapshots.find("snapshot", "b")->manifest == R"({"columns": []})");
  snapshots.set_status(second, "restored");
  CHECK(snapshots.find("snapshot", "b")->status == "restored");
  snapshots.set_status(second, "dropped");
  CHECK(snapshots.find("snapshot", "b")->id == first);
  snapshots.set_status(first, "dropped");
  CHECK_FALSE(snapshots.find("snapshot", "b"));
  CHECK(snapshots.all().size() == 2);
}

TEST_CASE("a backup's row goes with its transaction and belongs to its run") {
  const test::Database database;
  auto connection = connect(database);
  const Journal journal = Journal::open(connection, "engine");
  RunRow run;
  run.id = "r1";
  run.plan = "p";
  connection.execute(journal.begin_run(run, "return plan"));
  const Snapshots snapshots{connection, "engine"};
  SnapshotRow row = sessions("b");
  row.run = "r1";
  {
    db::Transaction transaction{connection};
    snapshots.record(row);
  }
  CHECK(snapshots.all().empty());
  snapshots.record(row);
  CHECK(snapshots.find("snapshot", "b")->run == "r1");
}

TEST_CASE("a backup is also found by where its rows are, and only as what it is") {
  const test::Database database;
  auto connection = connect(database);
  Journal::open(connection, "engine");
  const Snapshots snapshots{connection, "engine"};
  SnapshotRow row = sessions("b");
  row.copy_name = "sessions_1";
  snapshots.record(row);
  const auto finds = [&](const std::string& kind, const engine::QualifiedName& place) {
    return snapshots.find(kind, "of no backup", place).has_value();
  };
  CHECK(finds("snapshot", {"", "sessions_1"}));
  CHECK(finds("snapshot", {"engine_backup", "sessions_1"}));
  CHECK_FALSE(finds("snapshot", {"public", "sessions_1"}));
  CHECK_FALSE(finds("snapshot", {"", "sessions"}));
  CHECK_FALSE(finds("retired", {"", "sessions_1"}));
  row.kind = "retired";
  snapshots.record(row);
  CHECK(finds("retired", {"public", "sessions"}));
}
