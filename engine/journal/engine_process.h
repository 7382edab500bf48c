// The process of an engine, as the journal knows it: so that a session on the server whose engine
// has been killed can be told from one whose engine lives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace engine::journal {

struct EngineProcess {
  std::string host;
  std::string user;      // of the operating system; with sudo both: "root (sudo by sam)"
  std::int64_t pid = 0;  // 0: not recorded
  std::string started;   // in the kernel's clock ticks: with the pid the identity of the process
};

EngineProcess this_process();

/// Nothing where it cannot be known: the process was not recorded, or belongs to another machine.
std::optional<bool> is_alive(const EngineProcess& process);

}  // namespace engine::journal
