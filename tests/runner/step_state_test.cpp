#include "runner/step/state.h"

#include <set>

#include "base/error.h"
#include "support/catch.h"
#include "support/errors.h"

using engine::event::is_finished;
using engine::event::is_standing;
using engine::event::StepState;
using engine::runner::after;
using engine::runner::next;
using engine::runner::StepEvent;

namespace {

constexpr int states = static_cast<int>(StepState::rollback_failed) + 1;
constexpr int events = static_cast<int>(StepEvent::was_told_undone) + 1;

template <typename Call>
void for_each_pair(Call call) {
  for (int state = 0; state < states; ++state)
    for (int event = 0; event < events; ++event)
      call(static_cast<StepState>(state), static_cast<StepEvent>(event));
}

}  // namespace

TEST_CASE("each state and event has a next state, or is refused") {
  int possible = 0;
  for_each_pair([&](StepState state, StepEvent event) {
    INFO(name_of(state) << ", event " << static_cast<int>(event));
    if (const auto then = next(state, event)) {
      ++possible;
      CHECK(after(state, event) == *then);
      CHECK(*then != StepState::pending);
    } else {
      CHECK(test::error_of([&] { after(state, event); }).code() == engine::Code::internal);
    }
  });
  CHECK(possible == 66);
}

TEST_CASE("each state is reached from a step that nothing has happened to") {
  std::set<StepState> reached{StepState::pending};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for_each_pair([&](StepState state, StepEvent event) {
      if (!reached.contains(state)) return;
      if (const auto then = next(state, event)) reached.insert(*then);
    });
  }
  CHECK(reached.size() == static_cast<std::size_t>(states));
}

TEST_CASE("what an event says of the database is what its state says") {
  for_each_pair([&](StepState state, StepEvent event) {
    const auto then = next(state, event);
    if (!then) return;
    INFO(name_of(state) << ", event " << static_cast<int>(event));
    switch (event) {
      case StepEvent::committed:
      case StepEvent::was_found:
      case StepEvent::was_told_done:
        CHECK((is_finished(*then) && is_standing(*then)));
        break;
      case StepEvent::was_skipped:
        CHECK((is_finished(*then) && !is_standing(*then)));
        break;
      case StepEvent::began:
      case StepEvent::was_cut_off:
      case StepEvent::verify_failed:
      case StepEvent::undo_failed:
        CHECK((!is_finished(*then) && is_standing(*then)));
        break;
      case StepEvent::failed:
      case StepEvent::waits:
      case StepEvent::was_undone:
      case StepEvent::was_told_undone:
        CHECK((!is_finished(*then) && !is_standing(*then)));
        break;
    }
  });
}

TEST_CASE("a skipped step is final, and what stands can be undone") {
  for_each_pair([&](StepState state, StepEvent event) {
    if (state == StepState::skipped && event != StepEvent::was_skipped) CHECK(!next(state, event));
    if (event == StepEvent::was_undone && is_standing(state)) CHECK(next(state, event));
  });
}
