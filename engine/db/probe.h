// Asks a server, over a connection of its own, whether it answers and what a session of it does.
// Private to db.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace engine::db {

struct SessionId {
  int pid = 0;
  std::string server_started;  // pg_postmaster_start_time(), binary; "" : not known
};

enum class Life {
  silent,  // nothing answered
  lives,   // the server answers, and nothing says that the session is lost
  waits,   // the session waits for this client, which waits for it: what was sent is lost
  gone,    // the server has no such session
};

class Probe {
 public:
  using Stop = std::function<bool()>;

  /// Remembers where the handle is connected to.
  explicit Probe(PGconn* handle);

  /// Never throws; ends soon when `stop` holds. First one byte is asked for, which the server gives
  /// before it looks at any catalog or password; then, where the session is known, what it does.
  Life ask(const std::optional<SessionId>& session, std::chrono::milliseconds patience,
           const Stop& stop) const;

 private:
  bool answers(std::chrono::milliseconds patience, const Stop& stop) const;
  Life life_of(const SessionId& session, std::chrono::milliseconds patience,
               const Stop& stop) const;

  std::string host_, address_, port_;
  std::string conninfo_;  // of the session, with its password, to this server alone
};

}  // namespace engine::db
