// Times as people and machines read them.
#pragma once

#include <chrono>
#include <string>

namespace engine::time {

/// Now, UTC: "2026-11-20T23:15:02.417Z".
std::string now();
/// "2026-11-20 23:15:02" of "2026-11-20T23:15:02.417Z".
std::string to_the_second(std::string instant);
/// "8 ms", "1.2 s", "3 min 20 s", "2 h 5 min".
std::string duration(std::chrono::milliseconds elapsed);

/// Milliseconds since it was made, by a clock that is never set back.
class Stopwatch {
 public:
  std::chrono::milliseconds elapsed() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace engine::time
