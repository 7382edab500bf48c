// Sockets that do not block, and what waits to leave through them.
#pragma once

#include <unistd.h>

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace test {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

/// FOLDER/.s.PGSQL.5432
std::string socket_path(const std::string& folder);
/// Listens there; the folder is made where missing.
Socket listen_in(const std::string& folder);
/// To a server: the folder of its socket, or HOST:PORT. Throws std::runtime_error.
Socket connect_to(const std::string& server);
void never_block(const Socket& socket);
/// What has arrived; `open` becomes false at the end of the stream.
std::string receive(const Socket& socket, bool& open);
[[noreturn]] void fail(const std::string& what);

/// Bytes on their way to one side, each portion with the moment when it may leave.
class Outbox {
 public:
  using Clock = std::chrono::steady_clock;

  void add(std::string bytes, Clock::time_point due = Clock::now());
  bool ready() const { return !portions_.empty() && portions_.front().due <= Clock::now(); }
  bool empty() const { return portions_.empty(); }
  std::optional<Clock::time_point> due() const;

  /// Whether bytes left; `open` becomes false when the other side is gone.
  bool send_to(const Socket& socket, bool& open);
  /// Sends all of it now, due or not.
  void flush_to(const Socket& socket);

 private:
  struct Portion {
    std::string bytes;
    Clock::time_point due;
  };
  std::deque<Portion> portions_;
};

}  // namespace test
