#include "runner/session/pause.h"

#include <algorithm>
#include <random>
#include <thread>

#include "base/interrupt.h"

namespace engine::runner {

void pause(std::chrono::milliseconds length) {
  constexpr std::chrono::milliseconds slice{20};
  const auto end = std::chrono::steady_clock::now() + length;
  for (;;) {
    interrupt::check();
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) return;
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(slice, end - now));
  }
}

std::chrono::milliseconds jittered(std::chrono::milliseconds length) {
  thread_local std::mt19937 random{std::random_device{}()};
  return std::chrono::milliseconds{
      std::uniform_int_distribution<long>{length.count() / 2, length.count()}(random)};
}

}  // namespace engine::runner
