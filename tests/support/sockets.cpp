#include "support/sockets.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace test {
namespace {

sockaddr_un unix_address(const std::string& folder) {
  const std::string path = socket_path(folder);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("path too long: " + path);
  path.copy(address.sun_path, path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Socket connect_tcp(const std::string& server) {
  const auto colon = server.rfind(':');
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(server.substr(0, colon).c_str(), server.substr(colon + 1).c_str(), &wanted,
                  &found) != 0) {
    throw std::runtime_error("proxy: unknown host " + server);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses{found, freeaddrinfo};
  Socket socket{::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0) fail("connect");
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace

std::string socket_path(const std::string& folder) { return folder + "/.s.PGSQL.5432"; }

void fail(const std::string& what) {
  throw std::runtime_error("proxy: " + what + ": " + std::strerror(errno));
}

Socket listen_in(const std::string& folder) {
  mkdir(folder.c_str(), 0755);
  const sockaddr_un address = unix_address(folder);
  unlink(address.sun_path);
  Socket socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (bind(socket.get(), generic(address), sizeof address) != 0) fail("bind");
  chmod(address.sun_path, 0777);
  if (listen(socket.get(), 64) != 0) fail("listen");
  return socket;
}

Socket connect_to(const std::string& server) {
  if (server.find('/') == std::string::npos) return connect_tcp(server);
  const sockaddr_un address = unix_address(server);
  Socket socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (connect(socket.get(), generic(address), sizeof address) != 0) fail("connect");
  return socket;
}

void never_block(const Socket& socket) {
  fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
}

std::string receive(const Socket& socket, bool& open) {
  std::string bytes;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      bytes.append(buffer.data(), static_cast<std::size_t>(count));
      continue;
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) open = false;
    return bytes;
  }
}

void Outbox::add(std::string bytes, Clock::time_point due) {
  if (!bytes.empty()) portions_.push_back({std::move(bytes), due});
}

std::optional<Outbox::Clock::time_point> Outbox::due() const {
  return portions_.empty() ? std::nullopt : std::optional{portions_.front().due};
}

bool Outbox::send_to(const Socket& socket, bool& open) {
  bool sent = false;
  while (ready()) {
    std::string& bytes = portions_.front().bytes;
    const ssize_t count = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) {
      if (errno != EAGAIN && errno != EINTR) open = false;
      return sent;
    }
    sent = true;
    bytes.erase(0, static_cast<std::size_t>(count));
    if (bytes.empty()) portions_.pop_front();
  }
  return sent;
}

void Outbox::flush_to(const Socket& socket) {
  for (Portion& portion : portions_) portion.due = Clock::now();
  for (bool open = true; open && !empty(); send_to(socket, open)) {
    pollfd writable{socket.get(), POLLOUT, 0};
    poll(&writable, 1, -1);
  }
}

}  // namespace test
