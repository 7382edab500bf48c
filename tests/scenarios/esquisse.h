// The esquisse plan, and the states of its database that tests begin with.
#pragma once

#include "scenarios/example.h"

namespace test {

class Esquisse : public Example {
 public:
  enum class Start { as_the_guide_finds_it, with_few_sessions, without_sessions };
  explicit Esquisse(Start start = Start::as_the_guide_finds_it,
                    const std::string& server = socket_folder());
};

}  // namespace test
