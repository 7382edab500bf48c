// The event stream for programs: one JSON object a line. docs/reference/events.md describes it.
#pragma once

#include <string>

#include "event/event.h"
#include "report/sink.h"

namespace engine::report {

/// One line without its end; ASCII only, every string redacted. "" for what has no event of its
/// own.
std::string json_line(const event::Event& event);

/// A listener of the event stream; every line is written at once.
class JsonLines {
 public:
  explicit JsonLines(Sink& out) : out_(out) {}
  void operator()(const event::Event& event);

 private:
  Sink& out_;
};

}  // namespace engine::report
