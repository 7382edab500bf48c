// The line of a step once its outcome is known.
#pragma once

#include <string>

#include "event/event.h"
#include "report/paint.h"

namespace engine::report {

/// Columns of the titles, so that outcomes stand below each other.
std::size_t title_columns(std::size_t longest_title, int width);

struct StepLine {
  const event::StepFinished& step;
  event::Mode mode = event::Mode::run;
  std::string kind;  // as step.started told it
  int checks = 0, failed_checks = 0;
  std::size_t title_columns = 0;
};

/// A title that is too long loses its middle: what tells it from its neighbours is often its end.
/// An outcome that is too long goes on below itself.
std::string step_line(const StepLine& line, const Paint& paint, int width);

/// Did the operator or a rule stop the step, rather than something that went wrong in it?
bool is_stop(const event::StepFinished& step);

}  // namespace engine::report
