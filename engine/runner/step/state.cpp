#include "runner/step/state.h"

#include <array>
#include <map>

#include "base/error.h"

namespace engine::runner {
namespace {

using event::StepState;

constexpr std::size_t events = 12;
using Row = std::array<std::optional<StepState>, events>;

constexpr std::nullopt_t no = std::nullopt;
constexpr StepState intent = StepState::intent, done = StepState::done,
                    found = StepState::found_done, skipped = StepState::skipped,
                    failed = StepState::failed, unverified = StepState::unverified,
                    waiting = StepState::waiting, undone = StepState::rolled_back,
                    unfailed = StepState::rollback_failed;

// The columns are the events, in the order of StepEvent.
const std::map<StepState, Row>& table() {
  // clang-format off
  static const std::map<StepState, Row> rows{
      //                     began   committed found  skipped  failed  cut off     unverified  waits    undone  undo failed  told: done  undone
      {StepState::pending,   {intent, done,    found, skipped, failed, no,         no,         waiting, no,     no,          done,       undone}},
      {StepState::failed,    {intent, done,    found, skipped, failed, no,         no,         waiting, no,     no,          done,       undone}},
      {StepState::waiting,   {intent, done,    found, skipped, failed, no,         no,         waiting, no,     no,          done,       undone}},
      {StepState::intent,    {intent, done,    done,  no,      failed, intent,     unverified, no,      undone, unfailed,    done,       undone}},
      {StepState::unverified,{no,     done,    done,  no,      no,     unverified, unverified, no,      undone, unfailed,    done,       undone}},
      {StepState::done,      {no,     done,    no,    no,      no,     no,         no,         no,      undone, unfailed,    done,       undone}},
      {StepState::found_done,{no,     found,   no,    no,      no,     no,         no,         no,      undone, unfailed,    done,       undone}},
      {StepState::skipped,   {no,     no,      no,    skipped, no,     no,         no,         no,      no,     no,          no,         no}},
      {StepState::rolled_back,
                             {intent, done,    found, skipped, failed, no,         no,         waiting, undone, no,          done,       undone}},
      {StepState::rollback_failed,
                             {no,     no,      no,    no,      no,     no,         no,         no,      undone, unfailed,    done,       undone}},
  };
  // clang-format on
  return rows;
}

}  // namespace

std::optional<event::StepState> next(event::StepState state, StepEvent event) {
  return table().at(state).at(static_cast<std::size_t>(event));
}

event::StepState after(event::StepState state, StepEvent event) {
  if (const auto found = next(state, event)) return *found;
  throw Error{Code::internal, "a step that is {} cannot become another by event {}", name_of(state),
              static_cast<int>(event)};
}

}  // namespace engine::runner
