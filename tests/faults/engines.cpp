#include "faults/engines.h"

#include <signal.h>

#include <chrono>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

namespace test {
namespace {

constexpr auto frozen = 100ms;

constexpr const char* engines = R"(
  SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend' AND application_name <> 'in the way')";

// Ends all sessions of the server.
void crash_server(const Database& database) {
  const std::string pid = database.value(std::string{engines} + " ORDER BY backend_start LIMIT 1");
  if (!pid.empty()) ::kill(std::stoi(pid), SIGKILL);
}

}  // namespace

void end_engines(const Database& database) {
  database.value(std::string{"SELECT count(pg_terminate_backend(pid)) FROM ("} + engines + ") e");
}

bool becomes_quiet(const Database& database) {
  for (const auto give_up = std::chrono::steady_clock::now() + 30s;
       std::chrono::steady_clock::now() < give_up; std::this_thread::sleep_for(10ms)) {
    try {
      if (database.value(engines).empty()) return true;
    } catch (const std::runtime_error&) {
      // A crashed server is not back yet.
    }
  }
  return false;
}

Fault fault_of(const FaultCase& fault_case, const Database& database) {
  using Action = Fault::Action;
  using When = Fault::When;
  Fault fault{Action::cut, When::before, 0, "", fault_case.message};
  switch (fault_case.kind) {
    case FaultKind::cut_before:
      break;
    case FaultKind::cut_waiting:
      fault.delay = 60ms;
      [[fallthrough]];
    case FaultKind::cut_after:
      fault.when = When::after;
      break;
    case FaultKind::cut_after_reply:
      fault.when = When::after_reply;
      break;
    case FaultKind::kill_before:
      fault.action = Action::kill;
      break;
    case FaultKind::kill_waiting:
      fault.delay = 60ms;
      [[fallthrough]];
    case FaultKind::kill_after:
      fault.action = Action::kill;
      fault.when = When::after;
      break;
    case FaultKind::kill_after_reply:
      fault.action = Action::kill;
      fault.when = When::after_reply;
      break;
    case FaultKind::freeze_after:
      fault.when = When::after;
      [[fallthrough]];
    case FaultKind::freeze_before:
      fault.action = Action::freeze;
      fault.lasting = frozen;
      break;
    case FaultKind::end_after:
      fault.when = When::after;
      [[fallthrough]];
    case FaultKind::end_before:
      fault.action = Action::call;
      fault.called = [&database] { end_engines(database); };
      break;
    case FaultKind::taken_over:  // see Trial
      fault.action = Action::call;
      fault.when = When::after;
      break;
    case FaultKind::crash_after:
      fault.when = When::after;
      [[fallthrough]];
    case FaultKind::crash_before:
      fault.action = Action::call;
      fault.called = [&database] { crash_server(database); };
      break;
  }
  return fault;
}

}  // namespace test
