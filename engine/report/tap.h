// Checks for what reads the Test Anything Protocol, version 14: https://testanything.org.
#pragma once

#include <map>
#include <string>

#include "event/event.h"
#include "report/sink.h"

namespace engine::report {

/// A listener of the event stream: a test point for each check, written at once, and the plan line
/// at the end, or `Bail out!` where the command failed for another reason than its checks.
class Tap {
 public:
  explicit Tap(Sink& out) : out_(out) {}
  void operator()(const event::Event& event);

 private:
  void show(const event::RunStarted& started);
  void show(const event::CheckDone& check);
  void show(const event::Note& note);
  void show(const event::RunFinished& finished);
  template <typename Other>
  void show(const Other&) {}

  void begin();  // the version line, once

  Sink& out_;
  std::map<std::string, std::string> titles_;  // of the steps, by id
  bool begun_ = false;
  int checks_ = 0;
};

}  // namespace engine::report
