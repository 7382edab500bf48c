// Disks that are full: for the server's data, for its WAL, and for what the engine writes.
// Without the right to mount a small disk, disk_full_test limits the size of files instead.
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/process.h"
#include "scenarios/example.h"
#include "support/catch.h"
#include "support/server.h"

using namespace test;
using namespace std::chrono_literals;

namespace {

const std::string much = R"lua(
return plan "Much" {
  step "Table" { run = sql [[ CREATE TABLE much (line text) ]], rollback = sql [[ DROP TABLE much ]] },
  step "Rows" {
    run      = sql [[ INSERT INTO much SELECT repeat(md5(n::text), 30) FROM generate_series(1, 60000) n ]],
    rollback = sql [[ TRUNCATE much ]],
  },
}
)lua";

// A plan's database on a server whose disk is too small for it.
struct Place {
  explicit Place(const Disk& disk) : server(disk), database("template0", server.socket()) {
    folder.write("plan.lua", much);
  }
  Words words() const { return {"run", "plan.lua", "-d", database.conninfo(), "--yes"}; }
  Surroundings around() const { return {folder.path(), {}, 150s}; }
  std::string journal() const {
    return database.value("SELECT string_agg(status, ' ' ORDER BY position) FROM engine.step");
  }
  std::string rows() const { return database.value("SELECT count(*) FROM much"); }

  Server server;
  Database database;
  Folder folder;
};

bool answers(const Database& database) {
  try {
    return database.value("SELECT 1") == "1";
  } catch (const std::runtime_error&) {
    return false;
  }
}

bool can_mount() {
  if (Disk::possible()) return true;
  WARN("skipped: this user may not mount a disk");
  return false;
}

}  // namespace

TEST_CASE("a full data disk fails the step, and with room again the run goes on") {
  if (!can_mount()) return;
  const Place place{{"60m", "300m"}};
  const Ended full = run_engine(place.words(), place.around());
  INFO(full.all());
  CHECK(full.status == 3);
  CHECK(has(full.err, "53100"));
  CHECK(has(full.err, "No space left on device"));
  CHECK(place.rows() == "0");
  // Where there is no room for it, the failure itself is not recorded.
  CHECK((place.journal() == "done failed" || place.journal() == "done"));

  place.server.grow();
  const Ended again = run_engine(place.words(), place.around());
  INFO(again.all());
  CHECK(again.status == 0);
  CHECK(place.rows() == "60000");
  CHECK(place.journal() == "done done");
}

TEST_CASE("a full WAL disk ends the server, and costs no step that committed") {
  if (!can_mount()) return;
  const Place place{{"", "40m"}};
  Program program{place.words(), place.around()};
  for (const auto give_up = std::chrono::steady_clock::now() + 60s;
       answers(place.database) && std::chrono::steady_clock::now() < give_up;) {
    std::this_thread::sleep_for(20ms);
  }
  std::this_thread::sleep_for(1s);  // its postmaster cannot recover, and leaves
  REQUIRE_FALSE(answers(place.database));
  place.server.grow();
  place.server.start_again();
  const Ended struck = program.wait();
  INFO(struck.all());
  CHECK((struck.status == 0 || struck.status == 3 || struck.status == 7));
  const Ended again = run_engine(place.words(), place.around());
  INFO(again.all());
  CHECK(again.status == 0);
  CHECK(place.rows() == "60000");
  CHECK(place.journal() == "done done");
}

TEST_CASE("a file that finds no room is not there, and its step is not done") {
  if (!can_mount()) return;
  const Database database;
  const Folder folder;
  folder.write("plan.lua", R"lua(
    return plan "Writes" { step "File" {
      run      = function() db.exec "CREATE TABLE w (n int)"; file.write("out.txt", ("x"):rep(300000)) end,
      rollback = nothing,
    } })lua");
  const std::string output = folder.file("output");
  engine::file::make_folder(output);
  REQUIRE(
      engine::process::run({"mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", output}).status ==
      0);
  const Ended ended =
      run_engine({"run", "plan.lua", "-d", database.conninfo(), "--yes"}, {folder.path(), {}, 60s});
  const bool left = std::filesystem::exists(output + "/out.txt");
  REQUIRE(engine::process::run({"umount", output}).status == 0);
  INFO(ended.all());
  CHECK(ended.status == 1);
  CHECK(has(ended.err, "No space left on device"));
  CHECK_FALSE(left);
  CHECK(database.value("SELECT to_regclass('w') IS NULL") == "t");
}

TEST_CASE("results that cannot be written end the command, and the journal stays true") {
  const Database database;
  const Folder folder;
  folder.write("plan.lua", much);
  const auto into_full = [&](const std::string& command) {
    return engine::process::run({"sh", "-c",
                                 "cd " + folder.path() + " && exec " ENGINE_PROGRAM " " + command +
                                     " -d '" + database.conninfo() + "' >/dev/full"});
  };
  const auto run = into_full("run plan.lua --yes --json");
  INFO(run.errors);
  CHECK(run.status != 0);
  CHECK(has(run.errors, "standard output cannot be written: No space left on device"));
  CHECK(into_full("status").status == 1);
  const Ended again =
      run_engine({"run", "plan.lua", "-d", database.conninfo(), "--yes"}, {folder.path(), {}, 60s});
  INFO(again.all());
  CHECK(again.status == 0);
  CHECK(database.value("SELECT count(*) FROM much") == "60000");
}
