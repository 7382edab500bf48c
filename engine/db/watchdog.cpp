#include "db/watchdog.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/interrupt.h"
#include "base/time.h"

namespace engine::db {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{50};
// Statements that follow each other need not wake the thread one by one.
constexpr int ticks_awake = 20;
constexpr milliseconds longest_between{60000};
// The operator waits: together less than a second.
constexpr milliseconds urgent_silence{200};
constexpr milliseconds urgent_patience{600};

// What the kernel knows, however libpq reads. Nothing for a Unix socket.
std::optional<milliseconds> since_last_bytes(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return milliseconds{info.tcpi_last_data_recv};
}

}  // namespace

Watchdog::Watchdog(PGconn* handle, const Liveness& liveness)
    : liveness_(liveness), socket_(fcntl(PQsocket(handle), F_DUPFD_CLOEXEC, 0)), probe_(handle) {}

Watchdog::~Watchdog() {
  stopping_ = true;
  { const std::lock_guard lock{mutex_}; }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (socket_ >= 0) close(socket_);
}

Watchdog::Wait::Wait(Watchdog& watchdog) : watchdog_(watchdog) {
  watchdog_.heard();
  const std::lock_guard lock{watchdog_.mutex_};
  watchdog_.waiting_ = true;
  ++watchdog_.waits_;
  if (!watchdog_.thread_.joinable())
    watchdog_.thread_ = std::thread([&dog = watchdog_] { dog.watch(); });
  if (watchdog_.asleep_) watchdog_.changed_.notify_all();
}

Watchdog::Wait::~Wait() {
  const std::lock_guard lock{watchdog_.mutex_};
  watchdog_.waiting_ = false;
}

Watchdog::Pause::Pause(Watchdog& watchdog) : watchdog_(watchdog) {
  const std::lock_guard lock{watchdog_.mutex_};
  waited_ = std::exchange(watchdog_.waiting_, false);
}

// The time of the pause is no silence; what was silent before it still is.
Watchdog::Pause::~Pause() {
  watchdog_.heard_at_ += (Clock::now() - begun_).count();
  const std::lock_guard lock{watchdog_.mutex_};
  watchdog_.waiting_ = waited_;
  if (waited_ && watchdog_.asleep_) watchdog_.changed_.notify_all();
}

void Watchdog::knows(SessionId session) {
  const std::lock_guard lock{mutex_};
  session_ = std::move(session);
}

void Watchdog::heard() noexcept { heard_at_ = Clock::now().time_since_epoch().count(); }

std::string Watchdog::verdict() const {
  const std::lock_guard lock{mutex_};
  return verdict_;
}

bool Watchdog::urgent() const { return hurried_ || interrupt::requested(); }

milliseconds Watchdog::silence() const {
  const Clock::time_point heard{Clock::duration{heard_at_.load()}};
  const auto since = std::chrono::duration_cast<milliseconds>(Clock::now() - heard);
  const std::optional<milliseconds> kernel = since_last_bytes(socket_);
  return kernel ? std::min(since, *kernel) : since;
}

void Watchdog::watch() {
  std::unique_lock lock{mutex_};
  int idle = 0;
  while (!stopping_) {
    if (waiting_ && verdict_.empty()) {
      watch_wait(lock);
      idle = 0;
    } else if (++idle < ticks_awake) {
      changed_.wait_for(lock, tick);
    } else {
      asleep_ = true;
      changed_.wait(lock, [this] { return stopping_ || (waiting_ && verdict_.empty()); });
      asleep_ = false;
    }
  }
}

// One wait, or several that follow each other without a pause.
void Watchdog::watch_wait(std::unique_lock<std::mutex>& lock) {
  long wait = waits_;
  milliseconds between = liveness_.silence;
  milliseconds due = between;
  constexpr auto never = Clock::time_point::max();
  Clock::time_point silent_since = never;
  while (!stopping_ && waiting_ && verdict_.empty()) {
    if (wait != waits_) return;
    const milliseconds silent = silence();
    const bool hurries = urgent();
    if (silent < (hurries ? urgent_silence : due)) {
      if (silent < due - between) {  // something came
        between = due = liveness_.silence;
        silent_since = never;
      }
      changed_.wait_for(lock, tick);
      continue;
    }
    const Clock::time_point asked = Clock::now();
    const std::optional<SessionId> session = session_;
    lock.unlock();
    const Life life = probe_.ask(session, hurries ? urgent_patience : liveness_.patience,
                                 [&] { return stopping_.load() || (!hurries && urgent()); });
    lock.lock();
    const bool interrupted = !hurries && urgent();
    if (stopping_ || !waiting_ || wait != waits_ || interrupted || silence() < silent) continue;
    switch (life) {
      case Life::silent:
        silent_since = std::min(silent_since, asked);
        if (hurries || Clock::now() - silent_since >= liveness_.deadline)
          give_up("the server does not answer: nothing came for " + time::duration(silence()));
        break;
      case Life::waits:
        give_up("the statement or the server's answer did not arrive");
        break;
      case Life::gone:
        give_up("its session no longer exists on the server");
        break;
      case Life::lives:
        silent_since = never;
        between = std::min(between * 2, std::max(longest_between, liveness_.silence));
        due = silence() + between;
        if (hurries) changed_.wait_for(lock, urgent_silence);
        break;
    }
  }
}

void Watchdog::give_up(std::string why) {
  verdict_ = std::move(why);
  shutdown(socket_, SHUT_RDWR);
}

}  // namespace engine::db
