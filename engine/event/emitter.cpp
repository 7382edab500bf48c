#include "event/emitter.h"

#include "base/time.h"

namespace engine::event {
void Emitter::emit(EventBody body) {
  count(body);
  if (listener_) listener_(Event{time::now(), run_, std::move(body)});
}

void Emitter::count(const EventBody& body) {
  if (const auto* finished = std::get_if<StepFinished>(&body))
    ++counts_[std::string{name_of(finished->status)}];
  if (const auto* check = std::get_if<CheckDone>(&body)) {
    ++counts_["checks"];
    if (!check->ok) ++counts_["failed_checks"];
  }
}

}  // namespace engine::event
