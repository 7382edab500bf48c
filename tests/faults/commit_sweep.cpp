#include "faults/commit_sweep.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "faults/disturbed.h"
#include "support/catch.h"

namespace test {
namespace {

constexpr int commits = 20;  // of a run, at least

bool everywhere() { return std::getenv("ENGINE_FULL_FAULTS") != nullptr; }

// What an undisturbed command does and leaves.
struct Course {
  Changes changes;
  Picture picture;
  std::string journal;
};

std::string step_of(const std::string& change) { return change.substr(0, change.find(" | ")); }

// A step outside a transaction says what it begins and may begin again; an index that its end left
// INVALID is dropped.
bool may_repeat(const std::string& change) {
  return change.ends_with(" | intent") || change.starts_with("outside | DROP INDEX ");
}

bool is_outside(const std::string& change) { return change.starts_with("outside | "); }

template <typename Kind>
Changes without(Changes changes, Kind kind) {
  std::erase_if(changes, kind);
  return changes;
}

// The changes of the steps that the journal calls finished, and no others.
Changes told_by_journal(const Course& course, const Changes& now) {
  std::vector<std::string> finished;
  for (const char* status : {"done", "skipped", "rolled_back"}) {
    for (const std::string& change : now) {
      if (change.ends_with(std::string{" | "} + status)) finished.push_back(step_of(change));
    }
  }
  return without(course.changes, [&](const std::string& change) {
    return std::find(finished.begin(), finished.end(), step_of(change)) == finished.end();
  });
}

Course undisturbed(const Disturbed& disturbed, const std::string& command) {
  disturbed.forget_changes();
  const Ended ended = disturbed.command(command);
  INFO(ended.all());
  REQUIRE(ended.status == 0);
  return {disturbed.changes(), disturbed.esquisse.picture(), disturbed.journal()};
}

// The command with a fault, and again without one. False where the fault found nothing to strike.
bool survives(Disturbed& disturbed, const std::string& command, const Fault& fault,
              const std::function<void()>& mend, const Course& course) {
  disturbed.forget_changes();
  disturbed.proxy.arm(fault);
  const Ended struck = disturbed.command(command);
  const bool happened = disturbed.proxy.fault_happened();
  disturbed.proxy.disarm();
  INFO(command << ": exit " << struck.status << "\n" << struck.all());
  if (happened) mend();
  REQUIRE(disturbed.becomes_quiet());
  if (fault.action == Fault::Action::kill) {
    REQUIRE(struck.status == (happened ? 128 + SIGKILL : 0));
  } else {
    const bool explained = struck.status == 0 || struck.status == 3 || struck.status == 7;
    REQUIRE(explained);
  }
  const Changes now = disturbed.changes();
  const auto repeats = [](const std::string& line) { return may_repeat(line) || is_outside(line); };
  REQUIRE(changes(without(told_by_journal(course, now), repeats), without(now, repeats)) ==
          Words{});

  if (struck.status != 0) {
    const Ended again = disturbed.command(command);
    INFO("again: exit " << again.status << "\n" << again.all());
    REQUIRE(again.status == 0);
  }
  REQUIRE(changes(without(course.changes, may_repeat), without(disturbed.changes(), may_repeat)) ==
          Words{});
  REQUIRE(disturbed.journal() == course.journal);
  REQUIRE(changes(course.picture, disturbed.esquisse.picture()) == Words{});
  return happened;
}

// Type and text of the messages that faults of this kind strike.
Fault fault_of(Fault::Action action, Fault::When when) {
  if (!everywhere()) return {action, when, 'E', "COMMIT", 1};
  return {action, when, when == Fault::When::after_reply ? 'S' : 'E', "", 1};
}

}  // namespace

void sweep_commits(Fault::Action action, Fault::When when, int every) {
  sweep_commits(socket_folder(), fault_of(action, when), everywhere() ? 1 : every, [] {});
}

void sweep_commits(const std::string& server, Fault fault, int every,
                   const std::function<void()>& mend) {
  Disturbed disturbed{server};
  const Picture before = disturbed.esquisse.picture();
  // The first run makes the journal and the schema of the backups, which stay.
  undisturbed(disturbed, "run");
  undisturbed(disturbed, "rollback");
  const Course run = undisturbed(disturbed, "run");
  const Course rollback = undisturbed(disturbed, "rollback");
  REQUIRE(changes(before, rollback.picture) == Words{});
  REQUIRE(without(run.changes, [](const std::string& line) { return !is_outside(line); }).size() ==
          5);

  for (bool happened = true; happened; fault.nth += every) {
    INFO("message " << fault.nth);
    happened = survives(disturbed, "run", fault, mend, run);
    happened = survives(disturbed, "rollback", fault, mend, rollback) || happened;
  }
  CHECK(fault.nth > commits);
}

}  // namespace test
