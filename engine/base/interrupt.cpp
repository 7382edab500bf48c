#include "base/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.h"

namespace engine::interrupt {
namespace {

constexpr int exit_interrupted = 130;
constexpr std::chrono::seconds patience{10};

std::atomic<bool> flag{false};

struct Reactions {
  std::mutex mutex;
  std::map<int, std::function<void()>> by_id;
  int last = 0;
};

Reactions& reactions() {
  static Reactions instance;
  return instance;
}

void write_error(const char* text, std::size_t size) {
  // Nothing useful can be done where standard error is closed.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, size);
}

// The journal makes a hard end safe: whatever was not committed is rolled back by the server.
[[noreturn]] void end_now() { _exit(exit_interrupted); }

void serve(sigset_t signals) {
  int count = 0;
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) return;
    switch (++count) {
      case 1:
        // Before the reactions: one that hangs must not keep the end away.
        std::thread([] {
          std::this_thread::sleep_for(patience);
          if (requested()) end_now();
        }).detach();
        request();
        break;
      case 2: {
        constexpr char text[] =
            "\nstopping; once more ends the engine at once: the server rolls back what is open\n";
        write_error(text, sizeof text - 1);
        break;
      }
      default:
        end_now();
    }
  }
}

}  // namespace

bool requested() noexcept { return flag.load(); }

void check() {
  if (requested()) throw Error{Code::interrupted, "interrupted"};
}

void request() {
  flag.store(true);
  Reactions& known = reactions();
  const std::lock_guard lock{known.mutex};
  for (const auto& [id, react] : known.by_id) react();
}

void clear() noexcept { flag.store(false); }

Reaction::Reaction(std::function<void()> react) {
  Reactions& known = reactions();
  const std::lock_guard lock{known.mutex};
  id_ = ++known.last;
  known.by_id.emplace(id_, std::move(react));
}

Reaction::~Reaction() {
  Reactions& known = reactions();
  const std::lock_guard lock{known.mutex};
  known.by_id.erase(id_);
}

void handle_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(serve, signals).detach();
}

}  // namespace engine::interrupt
