// The event stream for programs: one JSON object a line. docs/reference/events.md describes it.
#pragma once

#include <string>

#include "report/sink.h"
#include "runner/event.h"

namespace engine::report {

/// One line without its end; ASCII only, every string redacted. "" for what has no event of its
/// own.
std::string json_line(const runner::Event& event);

/// A listener of the event stream; every line is written at once.
class JsonLines {
 public:
  explicit JsonLines(Sink& out) : out_(out) {}
  void operator()(const runner::Event& event);

 private:
  Sink& out_;
};

}  // namespace engine::report
