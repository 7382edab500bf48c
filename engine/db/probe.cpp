#include "db/probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <thread>

namespace engine::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds slice{20};
// Between two looks at a session: what it sent before the first has come by the second.
constexpr milliseconds between_looks{200};

// GSSENCRequest: a server answers it with one byte, G or N, whatever its settings, and says nothing
// to its log when the client then leaves.
constexpr std::array<unsigned char, 8> request{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30};

class Deadline {
 public:
  Deadline(milliseconds patience, const Probe::Stop& stop)
      : end_(Clock::now() + patience), stop_(stop) {}

  bool passed() const { return stop_() || Clock::now() >= end_; }

  /// False where it passed before the socket was ready.
  bool wait(int socket, short events) const {
    while (!passed()) {
      pollfd one{socket, events, 0};
      const int ready = poll(&one, 1, static_cast<int>(slice.count()));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return false;
    }
    return false;
  }

  bool sleep(milliseconds length) const {
    const auto end = Clock::now() + length;
    while (Clock::now() < end) {
      if (passed()) return false;
      std::this_thread::sleep_for(slice);
    }
    return true;
  }

 private:
  Clock::time_point end_;
  const Probe::Stop& stop_;
};

class Socket {
 public:
  explicit Socket(int family)
      : fd_(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Only silence says that nobody is there. A refusal is an answer: a machine lives, and TCP tells
// the session itself when its peer has gone; a socket's file may have been removed.
bool byte_comes(const Socket& socket, const sockaddr* address, socklen_t size,
                const Deadline& deadline) {
  while (connect(socket.get(), address, size) != 0) {
    if (errno == EINPROGRESS) break;
    if (errno != EAGAIN && errno != EINTR) return true;
    // The queue of a Unix socket is full: nobody accepts.
    if (!deadline.sleep(slice)) return false;
  }
  if (!deadline.wait(socket.get(), POLLOUT)) return false;
  if (send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN)
    return true;
  return deadline.wait(socket.get(), POLLIN);
}

using Connected = std::unique_ptr<PGconn, decltype(&PQfinish)>;

bool connect_within(PGconn* handle, const Deadline& deadline) {
  if (PQstatus(handle) == CONNECTION_BAD) return false;
  for (PostgresPollingStatusType next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
       next = PQconnectPoll(handle)) {
    if (next == PGRES_POLLING_FAILED) return false;
    if (!deadline.wait(PQsocket(handle), next == PGRES_POLLING_READING ? POLLIN : POLLOUT))
      return false;
  }
  return true;
}

using Rows = std::unique_ptr<PGresult, decltype(&PQclear)>;

// The last result of a statement, in binary; nothing where it failed or did not come.
Rows rows_of(PGconn* handle, const char* sql, const char* pid, const Deadline& deadline) {
  constexpr Oid int4 = 23;
  Rows rows{nullptr, PQclear};
  if (PQsendQueryParams(handle, sql, 1, &int4, &pid, nullptr, nullptr, 1) == 0) return rows;
  for (;;) {
    while (PQflush(handle) > 0 || PQisBusy(handle) != 0) {
      if (!deadline.wait(PQsocket(handle), POLLIN) || PQconsumeInput(handle) == 0)
        return {nullptr, PQclear};
    }
    PGresult* next = PQgetResult(handle);
    if (next == nullptr) break;
    rows.reset(next);
  }
  if (PQresultStatus(rows.get()) != PGRES_TUPLES_OK) rows.reset();
  return rows;
}

// Without an operator or a cast: the role's search_path may lead to those of others.
constexpr const char* look_sql =
    "SELECT pg_catalog.pg_postmaster_start_time(), a.pid, a.state, a.wait_event"
    " FROM (SELECT $1 AS pid) AS w LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(w.pid) AS a"
    " ON true";

std::string field(const PGresult* rows, int column) {
  return {PQgetvalue(rows, 0, column), static_cast<std::size_t>(PQgetlength(rows, 0, column))};
}

Life look(PGconn* handle, const SessionId& session, const Deadline& deadline) {
  const Rows rows = rows_of(handle, look_sql, std::to_string(session.pid).c_str(), deadline);
  // Another server, to which something in between has led.
  if (!rows || PQntuples(rows.get()) != 1 || field(rows.get(), 0) != session.server_started)
    return Life::lives;
  if (PQgetisnull(rows.get(), 0, 1) != 0) return Life::gone;
  const std::string state = field(rows.get(), 2);
  const std::string event = field(rows.get(), 3);
  const bool waits = state.starts_with("idle") ||
                     (state == "active" && (event == "ClientRead" || event == "ClientWrite"));
  return waits ? Life::waits : Life::lives;
}

}  // namespace

Probe::Probe(PGconn* handle)
    : host_(PQhost(handle) == nullptr ? "" : PQhost(handle)),
      address_(PQhostaddr(handle) == nullptr ? "" : PQhostaddr(handle)),
      port_(PQport(handle) == nullptr ? "" : PQport(handle)) {
  PQconninfoOption* const options = PQconninfo(handle);
  const auto add = [this](const std::string& keyword, const std::string& value) {
    conninfo_ += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') conninfo_ += '\\';
      conninfo_ += c;
    }
    conninfo_ += "' ";
  };
  for (const auto* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    const std::string keyword = option->keyword;
    const bool elsewhere = keyword == "host" || keyword == "hostaddr" || keyword == "port" ||
                           keyword == "target_session_attrs" || keyword == "application_name" ||
                           keyword == "service";
    if (!elsewhere && option->val != nullptr) add(keyword, option->val);
  }
  PQconninfoFree(options);
  add("host", host_);
  add("hostaddr", address_);
  add("port", port_);
  add("application_name", "engine, looking after a session");
}

Life Probe::ask(const std::optional<SessionId>& session, milliseconds patience,
                const Stop& stop) const {
  if (!answers(patience, stop)) return Life::silent;
  if (!session || session->server_started.empty()) return Life::lives;
  return life_of(*session, patience, stop);
}

bool Probe::answers(milliseconds patience, const Stop& stop) const {
  const Deadline deadline{patience, stop};
  // As libpq takes it: a path, or an abstract name.
  if (host_.starts_with('/') || host_.starts_with('@')) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = host_ + "/.s.PGSQL." + port_;
    if (path.size() >= sizeof address.sun_path) return true;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() +
                                             (path.front() == '@' ? 0U : 1U));
    return byte_comes(Socket{AF_UNIX}, reinterpret_cast<const sockaddr*>(&address), size, deadline);
  }
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address_.c_str(), port_.c_str(), &hints, &found) != 0) return true;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned{found, freeaddrinfo};
  return byte_comes(Socket{found->ai_family}, found->ai_addr, found->ai_addrlen, deadline);
}

// Inconclusive is alive: places may be taken, a password changed, a catalog locked by the very
// statement that is waited for.
Life Probe::life_of(const SessionId& session, milliseconds patience, const Stop& stop) const {
  const Deadline deadline{patience, stop};
  const Connected connection{PQconnectStart(conninfo_.c_str()), PQfinish};
  if (!connection || !connect_within(connection.get(), deadline)) return Life::lives;
  PQsetnonblocking(connection.get(), 1);
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);
  const Life first = look(connection.get(), session, deadline);
  if (first == Life::lives || !deadline.sleep(between_looks)) return Life::lives;
  return look(connection.get(), session, deadline) == first ? first : Life::lives;
}

}  // namespace engine::db
