#include "journal/engine_process.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "journal/host.h"

namespace engine::journal {
namespace {

std::string user_name() {
  std::array<char, 1024> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known =
      getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  std::string name = known ? found->pw_name : "uid " + std::to_string(geteuid());
  const char* behind = std::getenv("SUDO_USER");
  if (behind != nullptr && *behind != '\0' && name != behind)
    name += std::string{" (sudo by "} + behind + ")";
  return name;
}

/// Field 22 of /proc/PID/stat; "" where there is no such process, or only its exit status is left.
/// The second field, the program's name in parentheses, may hold blanks.
std::string start_of(std::int64_t pid) {
  constexpr int after_name = 22 - 2;
  std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream fields{text.substr(name_end + 1)};
  std::string field;
  for (int i = 0; i < after_name; ++i) {
    fields >> field;
    if (i == 0 && (field == "Z" || field == "X")) return "";
  }
  return field;
}

}  // namespace

EngineProcess this_process() {
  const std::int64_t pid = getpid();
  return {host_name(), user_name(), pid, start_of(pid)};
}

std::optional<bool> is_alive(const EngineProcess& process) {
  if (process.pid == 0 || process.started.empty() || process.host != host_name())
    return std::nullopt;
  return start_of(process.pid) == process.started;
}

}  // namespace engine::journal
