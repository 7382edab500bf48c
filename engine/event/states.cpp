#include "event/states.h"

#include <array>
#include <utility>

#include "base/error.h"

namespace engine::event {
namespace {

template <typename State, std::size_t Size>
using Names = std::array<std::pair<State, std::string_view>, Size>;

constexpr Names<StepState, 10> step_states{{{StepState::pending, "pending"},
                                            {StepState::intent, "intent"},
                                            {StepState::done, "done"},
                                            {StepState::found_done, "found_done"},
                                            {StepState::skipped, "skipped"},
                                            {StepState::failed, "failed"},
                                            {StepState::unverified, "unverified"},
                                            {StepState::waiting, "waiting"},
                                            {StepState::rolled_back, "rolled_back"},
                                            {StepState::rollback_failed, "rollback_failed"}}};

constexpr Names<RunState, 7> run_states{{{RunState::running, "running"},
                                         {RunState::done, "done"},
                                         {RunState::failed, "failed"},
                                         {RunState::waiting, "waiting"},
                                         {RunState::stopped, "stopped"},
                                         {RunState::rolling_back, "rolling_back"},
                                         {RunState::rolled_back, "rolled_back"}}};

constexpr Names<StepStatus, 5> step_statuses{{{StepStatus::done, "done"},
                                              {StepStatus::skipped, "skipped"},
                                              {StepStatus::failed, "failed"},
                                              {StepStatus::rolled_back, "rolled_back"},
                                              {StepStatus::waiting, "waiting"}}};

constexpr Names<Ending, 8> endings{{{Ending::done, "done"},
                                    {Ending::nothing_to_do, "nothing_to_do"},
                                    {Ending::rolled_back, "rolled_back"},
                                    {Ending::failed, "failed"},
                                    {Ending::refused, "refused"},
                                    {Ending::waiting, "waiting"},
                                    {Ending::interrupted, "interrupted"},
                                    {Ending::blocked, "blocked"}}};

constexpr Names<Severity, 3> severities{
    {{Severity::info, "info"}, {Severity::warning, "warning"}, {Severity::danger, "danger"}}};

constexpr Names<Evidence, 4> evidences{{{Evidence::proved, "proved"},
                                        {Evidence::estimated, "estimated"},
                                        {Evidence::assumed, "assumed"},
                                        {Evidence::unrehearsable, "unrehearsable"}}};

constexpr Names<VerdictKind, 3> verdicts{{{VerdictKind::clean, "clean"},
                                          {VerdictKind::attention, "attention"},
                                          {VerdictKind::blocked, "blocked"}}};

template <typename State, std::size_t Size>
std::string_view name_in(const Names<State, Size>& names, State state) {
  for (const auto& [value, name] : names)
    if (value == state) return name;
  return "";
}

template <typename State, std::size_t Size>
State state_in(const Names<State, Size>& names, std::string_view wanted, const char* of) {
  for (const auto& [value, name] : names)
    if (name == wanted) return value;
  throw Error{Code::internal, "the journal has {} \"{}\", which this engine does not know", of,
              wanted}
      .hint("A newer engine may have written it: use that one.");
}

}  // namespace

std::string_view name_of(StepState state) { return name_in(step_states, state); }
std::string_view name_of(RunState state) { return name_in(run_states, state); }
std::string_view name_of(StepStatus status) { return name_in(step_statuses, status); }
std::string_view name_of(Ending ending) { return name_in(endings, ending); }
std::string_view name_of(Severity severity) { return name_in(severities, severity); }
std::string_view name_of(Evidence evidence) { return name_in(evidences, evidence); }
std::string_view name_of(VerdictKind verdict) { return name_in(verdicts, verdict); }

StepState step_state(std::string_view name) {
  return state_in(step_states, name, "a step in state");
}

RunState run_state(std::string_view name) { return state_in(run_states, name, "a run in state"); }

std::optional<VerdictKind> verdict_of(std::string_view name) {
  for (const auto& [value, known] : verdicts)
    if (known == name) return value;
  return std::nullopt;
}

}  // namespace engine::event
