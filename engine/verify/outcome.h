// What one check found.
#pragma once

#include <string>

namespace engine::verify {

struct Outcome {
  std::string name;  // a sentence: "table esquisse_sessions has column session_name"
  bool ok = false;
  std::string expected;  // beside actual, in the same terms
  std::string actual;
};

}  // namespace engine::verify
