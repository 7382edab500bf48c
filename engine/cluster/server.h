// One server on one data folder: started so that it outlives the engine, found again, stopped.
#pragma once

#include <optional>
#include <string>

#include "cluster/account.h"
#include "cluster/installation.h"
#include "db/target.h"

namespace engine::cluster {

struct ServerPlace {
  std::string data;
  std::string log;            // a file
  std::string socket;         // a folder with a short path; the socket is the only way in
  std::string settings = "";  // that it is started with besides: "-c fsync=off"
};

class Server {
 public:
  Server(ServerPlace place, Account account) : place_(std::move(place)), account_(account) {}

  /// The process that serves the data folder; nothing where none does, whatever postmaster.pid
  /// says.
  std::optional<int> pid() const;
  /// Connects; false where it does not answer (yet).
  bool answers() const { return refusal().empty(); }
  /// Starts it and waits until it answers. Throws Error{unreachable} with the end of the log. One
  /// process at a time.
  void start(const Installation& installation) const;
  /// Ends its sessions and waits until it is gone; nothing happens where it does not run.
  void stop(const Installation& installation) const;

  /// A database of it as superuser; nothing of the environment leads elsewhere.
  db::Target target(const std::string& database) const;

 private:
  std::string pid_file() const;
  std::string refusal() const;  // why a connection is not had; empty where one is
  void remove_stale_locks() const;
  std::string log_end() const;

  ServerPlace place_;
  Account account_;
};

}  // namespace engine::cluster
