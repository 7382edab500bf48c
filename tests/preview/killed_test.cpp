// A preview that is ended in the middle: nothing is left of it, and nothing happened to the target.
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "base/file.h"
#include "preview/previewed.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;
namespace fs = std::filesystem;
namespace file = engine::file;

namespace {

constexpr std::chrono::seconds patience{60};

bool await(const std::function<bool()>& reached) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

/// The folder whose lock the process holds; "" before it has one.
std::string shadow_of(pid_t pid) {
  std::error_code ignored;
  for (const auto& entry :
       fs::directory_iterator{"/proc/" + std::to_string(pid) + "/fd", ignored}) {
    const std::string path = fs::read_symlink(entry.path(), ignored).string();
    if (path.find("/engine-shadow-") != std::string::npos && path.ends_with(".lock"))
      return path.substr(0, path.size() - 5);
  }
  return "";
}

/// Processes that were started for the folder, or work in it.
bool has_processes(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{"/proc", ignored}) {
    if (fs::read_symlink(entry.path() / "cwd", ignored).string().starts_with(folder)) return true;
    try {
      if (file::read((entry.path() / "cmdline").string()).find(folder) != std::string::npos)
        return true;
    } catch (const engine::Error&) {
      // No process, or one that has ended meanwhile.
    }
  }
  return false;
}

bool is_gone(const std::string& folder) {
  return !file::exists(folder) && !file::exists(folder + ".lock") && !has_processes(folder);
}

const std::string fingerprint =
    "SELECT (SELECT string_agg(concat_ws(',', c.oid, c.relname, c.relfilenode, c.relacl::text), "
    "';' ORDER BY c.oid) "
    "FROM pg_class c WHERE c.oid >= 16384) || (SELECT string_agg(concat_ws(',', t.xmin, t.ctid, "
    "t.*), ';' ORDER BY id) FROM things t) "
    "|| (SELECT count(*) FROM pg_roles WHERE rolname LIKE 'killed\\_%')";

struct RuleContext {
  RuleContext() {
    target.sql(
        "CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things SELECT generate_series(1, "
        "9)");
    // The shadow's server writes there.
    chmod(folder.path().c_str(), 0777);
    before = target.value(fingerprint);
  }
  std::string plan(const std::string& run, const std::string& rollback) const {
    return "return plan \"Killed\" { step \"Only\" { run = sql [==[ " + run +
           " ]==], rollback = sql [==[ " + rollback + " ]==] } }\n";
  }
  std::string mark() const {
    return "COPY (SELECT 1) TO '" + folder.file("mark") + "'; SELECT pg_sleep(600)";
  }
  bool marked() const { return file::exists(folder.file("mark")); }

  Folder folder;
  Database target;
  std::string before;
};

using Reached = std::function<bool(const RuleContext&, const std::string& shadow)>;

/// Ends the preview at that point, and gives the folder of its shadow.
std::string ended_at(const RuleContext& scene, const std::string& plan, const Reached& reached,
                     int number, int status) {
  scene.folder.write("plan.lua", plan);
  Program program{{"preview", "plan.lua", "-d", scene.target.conninfo(), "--fail-on", "never"},
                  {scene.folder.path(), {}, std::chrono::seconds{200}}};
  std::string shadow;
  REQUIRE(await([&] {
    if (shadow.empty()) shadow = shadow_of(program.pid());
    return !program.running() || (!shadow.empty() && reached(scene, shadow));
  }));
  program.signal(number);
  const Ended ended = program.wait();
  INFO(ended.all());
  CHECK(ended.status == status);
  CHECK(scene.target.value(fingerprint) == scene.before);
  REQUIRE_FALSE(shadow.empty());
  return shadow;
}

/// What the next engine does first.
void preview_something_else() {
  const Previewed next = preview(
      "return plan \"Next\" { step \"Only\" { run = sql [[ CREATE TABLE t (id int PRIMARY KEY) ]], "
      "rollback = sql [[ DROP TABLE t ]] } }\n",
      "CREATE TABLE other (id int PRIMARY KEY);", {"--fail-on", "never"});
  INFO(next.ended.all());
  CHECK(next.ended.status == 0);
}

const std::string add = "ALTER TABLE things ADD COLUMN note text; CREATE ROLE killed_made; ";
const std::string take = "ALTER TABLE things DROP COLUMN note; DROP ROLE killed_made; ";

const Reached has_lock = [](const RuleContext&, const std::string&) { return true; };
const Reached starts = [](const RuleContext&, const std::string& shadow) {
  return file::exists(shadow + "/data/postmaster.pid");
};
const Reached is_marked = [](const RuleContext& scene, const std::string&) {
  return scene.marked();
};

}  // namespace

TEST_CASE("a preview that succeeds or fails leaves no server and no folder") {
  for (const std::string run : {"SELECT 1", "SELECT 1 / 0"}) {
    RuleContext scene;
    scene.folder.write("plan.lua", scene.plan(add + run, take));
    Program program{{"preview", "plan.lua", "-d", scene.target.conninfo(), "--fail-on", "never"},
                    {scene.folder.path(), {}, std::chrono::seconds{120}}};
    std::string shadow;
    REQUIRE(
        await([&] { return !program.running() || !(shadow = shadow_of(program.pid())).empty(); }));
    const Ended ended = program.wait();
    INFO(ended.all());
    CHECK(ended.status == (run == "SELECT 1" ? 0 : 8));
    REQUIRE_FALSE(shadow.empty());
    CHECK(await([&] { return is_gone(shadow); }));
    CHECK(scene.target.value(fingerprint) == scene.before);
  }
}

TEST_CASE("Ctrl-C and SIGTERM remove the shadow, wherever the preview stands") {
  const auto point = GENERATE(0, 1, 2, 3);
  const int number = point % 2 == 0 ? SIGINT : SIGTERM;
  INFO("point " << point);
  RuleContext scene;
  const bool in_rollback = point == 3;
  const std::string plan = scene.plan(add + (in_rollback ? "SELECT 1" : scene.mark()),
                                      take + (in_rollback ? scene.mark() : "SELECT 1"));
  const Reached& reached = point == 0 ? has_lock : point == 1 ? starts : is_marked;
  const std::string shadow = ended_at(scene, plan, reached, number, 130);
  CHECK(await([&] { return is_gone(shadow); }));
}

TEST_CASE("what a kill -9 leaves of a shadow is removed by the next engine") {
  const auto point = GENERATE(0, 1, 2, 3);
  INFO("point " << point);
  RuleContext scene;
  const bool in_rollback = point == 3;
  const std::string plan = scene.plan(add + (in_rollback ? "SELECT 1" : scene.mark()),
                                      take + (in_rollback ? scene.mark() : "SELECT 1"));
  const Reached& reached = point == 0 ? has_lock : point == 1 ? starts : is_marked;
  const std::string shadow = ended_at(scene, plan, reached, SIGKILL, 128 + SIGKILL);
  preview_something_else();
  CHECK(await([&] { return is_gone(shadow); }));
}
