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
#include "base/last_act.h"

namespace engine::interrupt {
namespace {

constexpr int exit_interrupted = 130;
constexpr std::chrono::seconds patience{10};

std::atomic<bool> flag{false};

/// What runs when something happens, as long as who registered it lives.
class Reactions {
 public:
  int add(std::function<void()> react) {
    const std::lock_guard lock{mutex_};
    by_id_.emplace(++last_, std::move(react));
    return last_;
  }
  void remove(int id) {
    const std::lock_guard lock{mutex_};
    by_id_.erase(id);
  }
  void run() {
    const std::lock_guard lock{mutex_};
    for (const auto& [id, react] : by_id_) react();
  }

 private:
  std::mutex mutex_;
  std::map<int, std::function<void()>> by_id_;
  int last_ = 0;
};

Reactions& reactions() {
  static Reactions instance;
  return instance;
}

Reactions& last_acts() {
  static Reactions instance;
  return instance;
}

void write_error(const char* text, std::size_t size) {
  // Nothing useful can be done where standard error is closed.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, size);
}

// The journal makes a hard end safe: whatever was not committed is rolled back by the server.
[[noreturn]] void end_now() {
  last_acts().run();
  _exit(exit_interrupted);
}

/// As if it had never been handled.
[[noreturn]] void quit(int number) {
  last_acts().run();
  signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  kill(getpid(), number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  _exit(128 + number);
}

void serve(sigset_t signals) {
  int count = 0;
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) return;
    if (number == SIGQUIT) quit(number);
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
  reactions().run();
}

void clear() noexcept { flag.store(false); }

Reaction::Reaction(std::function<void()> react) : id_(reactions().add(std::move(react))) {}
Reaction::~Reaction() { reactions().remove(id_); }

LastAct::LastAct(std::function<void()> act) : id_(last_acts().add(std::move(act))) {}
LastAct::~LastAct() { last_acts().remove(id_); }

void handle_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction before {};
    const bool may_stay = number == SIGHUP || number == SIGQUIT;
    // One that is blocked would be delivered although it is ignored.
    if (may_stay && sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN)
      continue;
    sigaddset(&signals, number);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(serve, signals).detach();
}

}  // namespace engine::interrupt
