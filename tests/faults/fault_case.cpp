#include "faults/fault_case.h"

#include <cmath>

namespace test {
namespace {

constexpr Flow flows[] = {Flow::run, Flow::rollback, Flow::undo};

bool is_concurrent(const std::string& message) {
  return (message[0] == 'E' || message[0] == 'Q') &&
         message.find("CONCURRENTLY") != std::string::npos;
}

// The numbers of the messages that this kind may strike.
std::vector<int> places(const std::vector<std::string>& messages, FaultKind kind,
                        const std::string& containing) {
  std::vector<int> found;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (waits(kind) && !is_concurrent(messages[i])) continue;
    if (messages[i].find(containing) != std::string::npos) found.push_back(static_cast<int>(i) + 1);
  }
  return found;
}

double fraction(double number) { return number - std::floor(number); }

}  // namespace

std::string name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::cut_before:
      return "cut before";
    case FaultKind::cut_after:
      return "cut after";
    case FaultKind::cut_after_reply:
      return "reply lost";
    case FaultKind::kill_before:
      return "killed before";
    case FaultKind::kill_after:
      return "killed after";
    case FaultKind::kill_after_reply:
      return "killed, reply lost";
    case FaultKind::freeze_before:
      return "frozen before";
    case FaultKind::freeze_after:
      return "frozen after";
    case FaultKind::end_before:
      return "session ended before";
    case FaultKind::end_after:
      return "session ended after";
    case FaultKind::cut_waiting:
      return "cut while waiting";
    case FaultKind::kill_waiting:
      return "killed while waiting";
    case FaultKind::taken_over:
      return "taken over";
    case FaultKind::crash_before:
      return "server crash before";
    case FaultKind::crash_after:
      return "server crash after";
  }
  return "";
}

const std::vector<FaultKind>& kinds_on_any_server() {
  static const std::vector<FaultKind> kinds{
      FaultKind::cut_before,    FaultKind::kill_after,   FaultKind::cut_after_reply,
      FaultKind::kill_before,   FaultKind::cut_after,    FaultKind::kill_after_reply,
      FaultKind::freeze_before, FaultKind::end_after,    FaultKind::freeze_after,
      FaultKind::end_before,    FaultKind::kill_waiting, FaultKind::cut_waiting,
      FaultKind::taken_over};
  return kinds;
}

bool kills_engine(FaultKind kind) {
  return kind == FaultKind::kill_before || kind == FaultKind::kill_after ||
         kind == FaultKind::kill_after_reply || kind == FaultKind::kill_waiting;
}

bool waits(FaultKind kind) {
  return kind == FaultKind::cut_waiting || kind == FaultKind::kill_waiting;
}

std::string name_of(Flow flow) {
  switch (flow) {
    case Flow::run:
      return "run, run";
    case Flow::undo:
      return "run, rollback";
    case Flow::rollback:
      return "rollback, rollback";
  }
  return "";
}

std::string FaultCase::describe() const {
  return name_of(flow) + ": " + name_of(kind) + " message " + std::to_string(message);
}

std::vector<FaultCase> sample(const Script& script, const std::vector<FaultKind>& kinds, int wanted,
                              std::uint64_t seed) {
  constexpr double golden = 0.6180339887498949;
  std::vector<FaultCase> cases;
  // A stratum without a place (nothing waits in this plan) is passed over.
  for (std::size_t j = 0; static_cast<int>(cases.size()) < wanted && j < 100000; ++j) {
    FaultCase next;
    next.flow = flows[(j + seed) % std::size(flows)];
    next.kind = kinds[(j / std::size(flows) + j + seed) % kinds.size()];
    // Every other one strikes a COMMIT, where most is at stake.
    const bool at_commit = j % 2 == 1 && !waits(next.kind);
    const auto where = places(script.of(next.flow), next.kind, at_commit ? "E COMMIT" : "");
    if (where.empty()) continue;
    const double at = fraction(golden * static_cast<double>(j + seed % 1000));
    next.message = where[static_cast<std::size_t>(at * static_cast<double>(where.size()))];
    cases.push_back(next);
  }
  return cases;
}

std::vector<FaultCase> all_at(const Script& script, const std::vector<FaultKind>& kinds,
                              const std::string& containing) {
  std::vector<FaultCase> cases;
  for (const Flow flow : flows) {
    for (const FaultKind kind : kinds) {
      for (const int message : places(script.of(flow), kind, containing)) {
        cases.push_back({flow, kind, message});
      }
    }
  }
  return cases;
}

}  // namespace test
