#include "trace/trace.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace engine::trace {
namespace {

using Mode = std::pair<std::string_view, std::string_view>;

// In the order of PostgreSQL's documentation, weakest first.
constexpr std::array<Mode, 8> modes{{{"AccessShareLock", "ACCESS SHARE"},
                                     {"RowShareLock", "ROW SHARE"},
                                     {"RowExclusiveLock", "ROW EXCLUSIVE"},
                                     {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"},
                                     {"ShareLock", "SHARE"},
                                     {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"},
                                     {"ExclusiveLock", "EXCLUSIVE"},
                                     {"AccessExclusiveLock", "ACCESS EXCLUSIVE"}}};

}  // namespace

int strength(const std::string& mode) {
  const auto found = std::find_if(modes.begin(), modes.end(),
                                  [&](const Mode& known) { return known.first == mode; });
  return found == modes.end() ? 0 : static_cast<int>(found - modes.begin()) + 1;
}

std::string spoken(const std::string& mode) {
  const int number = strength(mode);
  return number == 0 ? mode : std::string{modes[static_cast<std::size_t>(number - 1)].second};
}

std::string reason_of_rewrite(int bits) {
  if ((bits & 4) != 0) return "another type";
  if ((bits & 2) != 0) return "a default that each row needs";
  if ((bits & 1) != 0) return "logged or unlogged";
  if ((bits & 8) != 0) return "another access method";
  return "unknown";
}

std::vector<std::string> blocked_by(const std::string& mode) {
  switch (strength(mode)) {
    case 8:
      return {"reads", "writes", "DDL"};
    case 7:
    case 6:
    case 5:
      return {"writes", "DDL"};
    case 4:
      return {"DDL"};
    default:
      return {};
  }
}

}  // namespace engine::trace
