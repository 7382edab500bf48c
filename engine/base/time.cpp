#include "base/time.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <string_view>

namespace engine::time {

std::string now() {
  const auto instant = std::chrono::system_clock::now();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(instant - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), milliseconds);
}

std::string to_the_second(std::string instant) {
  instant.resize(std::min(instant.size(), std::string_view{"2026-11-20T23:15:02"}.size()));
  std::replace(instant.begin(), instant.end(), 'T', ' ');
  return instant;
}

std::string duration(std::chrono::milliseconds elapsed) {
  const auto ms = elapsed.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0);
  const auto seconds = ms / 1000;
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::chrono::milliseconds Stopwatch::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start_);
}

}  // namespace engine::time
