// The machine that an engine works on, as the journal names it.
#pragma once

#include <unistd.h>

#include <array>
#include <string>

namespace engine::journal {

inline std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace engine::journal
