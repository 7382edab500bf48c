// Runs, rollbacks and previews, struck at random, for minutes; then nothing of them may be left.
// Hidden: ./dev soak [MINUTES] [SEED]. The same seed gives the same cases.
#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <thread>

#include "cluster/file_lock.h"
#include "faults/engines.h"
#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

using Random = std::mt19937_64;

int number_from(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoi(text);
}

int up_to(int most, Random& random) {
  return std::uniform_int_distribution<int>{0, most - 1}(random);
}

FaultCase any_case(const Script& script, Random& random) {
  constexpr Flow flows[] = {Flow::run, Flow::undo, Flow::rollback};
  for (;;) {
    FaultCase next;
    next.flow = flows[up_to(3, random)];
    const auto& kinds = kinds_on_any_server();
    next.kind = kinds[static_cast<std::size_t>(up_to(static_cast<int>(kinds.size()), random))];
    const auto cases = all_at(script, {next.kind}, "");
    if (cases.empty()) continue;
    return cases[static_cast<std::size_t>(up_to(static_cast<int>(cases.size()), random))];
  }
}

// A preview, to its end or killed after some time. "" or what is wrong.
std::string preview(const Subject& subject, Random& random) {
  const auto database = subject.at_beginning();
  const Folder folder;
  Surroundings surroundings;
  surroundings.folder = folder.path();
  surroundings.timeout = 300s;
  Program program{Words{"preview", subject.plan(), "-d", database->conninfo(subject.user())} +
                      subject.answers(),
                  surroundings};
  const bool killed = up_to(2, random) == 0;
  if (killed) {
    std::this_thread::sleep_for(std::chrono::milliseconds{up_to(4000, random)});
    program.signal(SIGKILL);
  }
  const Ended ended = program.wait();
  const bool expected = ended.status == 0 || ended.status == 8 || ended.status == 10 ||
                        (killed && ended.status == 128 + SIGKILL);
  if (expected && becomes_quiet(*database)) return "";
  return fmt::format("preview of {}: exit {}\n{}", subject.name(), ended.status, ended.all());
}

// Shadows whose engine has gone. The next preview of anybody removes them.
std::string orphans() {
  std::string found;
  for (const char* parent : {"/dev/shm", "/tmp"}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{parent, ignored}) {
      const std::string path = entry.path().string();
      if (path.find("/engine-shadow-") == std::string::npos || !path.ends_with(".lock")) continue;
      if (engine::cluster::FileLock::if_free(path)) found += path + " ";
    }
  }
  return found;
}

// What stands on the test server, besides this process's databases.
std::string standing(const Database& database) {
  return database.value(fmt::format(
      "SELECT format('%s databases, %s roles, %s sessions, %s advisory locks, %s prepared', "
      "(SELECT count(*) FROM pg_database WHERE datname LIKE 't_{}_%'), (SELECT count(*) FROM "
      "pg_roles), (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'engine%' AND "
      "datname LIKE 't_{}_%'), (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = "
      "l.database WHERE locktype = 'advisory' AND datname LIKE 't_{}_%'), (SELECT count(*) FROM "
      "pg_prepared_xacts))",
      getpid(), getpid(), getpid()));
}

}  // namespace

TEST_CASE("a soak of runs, kills, rollbacks and previews leaves nothing behind", "[.]") {
  const auto minutes = std::chrono::minutes{number_from("ENGINE_SOAK_MINUTES", 5)};
  const std::uint64_t seed = seed_of_sweep();
  Random random{seed};
  std::vector<std::unique_ptr<Trial>> trials;
  for (const char* name : {"one", "outside", "atomic", "whole", "backups", "memory", "asked"})
    trials.push_back(std::make_unique<Trial>(Subject::small(name)));
  trials.push_back(std::make_unique<Trial>(Subject::example("director_sessions")));
  const Database database;
  const std::string before = standing(database);

  int cases = 0, previews = 0;
  std::vector<std::string> failures;
  for (const auto end = std::chrono::steady_clock::now() + minutes;
       std::chrono::steady_clock::now() < end;) {
    Trial& trial =
        *trials[static_cast<std::size_t>(up_to(static_cast<int>(trials.size()), random))];
    std::string wrong;
    if (up_to(8, random) == 0) {
      wrong = preview(trial.subject(), random);
      ++previews;
    } else {
      wrong = trial.outcome_of(any_case(trial.script(), random)).value_or("");
      ++cases;
    }
    if (wrong.empty()) continue;
    fmt::print("{}\n", wrong);
    failures.push_back(wrong);
  }
  // The next preview removes what killed ones left.
  if (!orphans().empty()) {
    const Database target;
    run_engine({"preview", source("tests/faults/plans/whole.lua"), "-d", target.conninfo()},
               {fs::temp_directory_path().string(), {}, 300s});
  }
  const std::string after = standing(database);
  fmt::print("soak: {} cases, {} previews, {} failures, seed {}\nbefore: {}\nafter:  {}\n", cases,
             previews, failures.size(), seed, before, after);
  keep_figures("soak", {{"minutes", static_cast<int>(minutes.count())},
                        {"cases", cases},
                        {"previews", previews},
                        {"failures", static_cast<int>(failures.size())}});
  CHECK(failures.empty());
  CHECK(after == before);
  CHECK(orphans().empty());
}
