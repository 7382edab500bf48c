// The embedded server: a private PostgreSQL in .engine/ of the working directory.
#pragma once

#include <optional>
#include <string>

#include "cluster/installation.h"
#include "cluster/server.h"
#include "db/target.h"

namespace engine::cluster {

struct EmbeddedState {
  bool exists = false;
  bool running = false;
  int pid = 0;
  int major = 0;  // of the data
  std::string data, log, socket;
};

/// Sockets only, fsync on, never as root. Two engines that start it at once end up with one server;
/// it outlives them.
///
/// Its data is in .engine/data, or, where the server's user cannot work there, in a folder of this
/// user's (or root's) that .engine/home names. Removing .engine by hand is a reset, too: what it
/// left elsewhere goes at the next start.
class Embedded {
 public:
  /// `folder` is the working directory; its .engine/ is made on start().
  explicit Embedded(const std::string& folder);

  EmbeddedState state() const;
  /// Makes the cluster where there is none (initdb from a cached template), starts it, and waits
  /// until it answers. Where it runs already this costs one connection.
  void start();
  void stop();
  void reset();  // stops it and removes all it holds
  /// A database of the running server, made where it is missing, as the cluster's superuser.
  db::Target target(const std::string& database) const;

 private:
  std::string inside() const;   // .engine
  std::string outside() const;  // where the data lies else
  std::optional<std::string> known_home() const;
  std::string choose_home();
  Server server_in(const std::string& home) const;
  void stop_in(const std::string& home);
  void remove_home(const std::string& home);

  std::string folder_;
  std::string key_;  // of the folder, for paths outside of it
};

}  // namespace engine::cluster
