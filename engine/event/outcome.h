// What one check found.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace engine::event {

struct Outcome {
  std::string name;  // a sentence: "table esquisse_sessions has column session_name"
  bool ok = false;
  std::string expected;  // beside actual, in the same terms
  std::string actual;
  std::optional<Error> error{};  // why there is nothing to compare: the server refused a statement
  Source at{};                   // of the check in the plan
};

}  // namespace engine::event
