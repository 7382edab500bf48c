// The rows that a task reads, as CSV (RFC 4180).
#pragma once

#include "event/event.h"
#include "report/screen.h"

namespace engine::report {

/// A listener of the event stream: each table with its header line on standard output, an empty
/// line before every further one; a failure on standard error. NULL is empty, an empty text is "".
class Csv {
 public:
  explicit Csv(Screen& screen) : screen_(screen) {}
  void operator()(const event::Event& event);

 private:
  Screen& screen_;
  bool further_ = false;
};

}  // namespace engine::report
