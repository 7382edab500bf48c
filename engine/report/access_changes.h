// Who may do more, or less, once a plan has run.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "report/paint.h"

namespace engine::report {

/// Roles that gained or lost the same of an object.
struct AccessChange {
  std::string mark;  // opened, closed, changed
  std::string object, before, after;
  std::vector<std::string> roles, privileges;
};

/// What opened first, then what closed; objects in the order in which they were told.
std::vector<AccessChange> access_changes(const std::vector<event::Difference>& differences);

/// "anon, authenticated: SELECT, INSERT on table public.t (every row -> rows by policy own)"
std::string sentence(const AccessChange& change);

/// For a terminal, without a heading; cut where it gets long, and saying so.
std::string changed_access(const std::vector<event::Difference>& differences, const Paint& paint,
                           int width);

}  // namespace engine::report
