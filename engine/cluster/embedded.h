// The embedded server: a private PostgreSQL in .engine/ of the working directory.
#pragma once

#include <optional>
#include <string>

#include "db/target.h"

namespace engine::cluster {

/// One PostgreSQL installation of this machine.
struct Installation {
  int major = 0;
  std::string version;  // "15.18"
  std::string bin;      // folder of initdb, pg_ctl, postgres
};

struct EmbeddedState {
  bool exists = false;
  bool running = false;
  int pid = 0;
  std::string version, data, socket;
};

/// Sockets only, fsync on, never as root. Two engines that start it at once end up with one server.
class Embedded {
 public:
  /// `folder` is the working directory; its .engine/ is made on start().
  explicit Embedded(std::string folder);

  EmbeddedState state() const;
  /// Makes the cluster where there is none (initdb from a cached template), starts it, and waits until it answers.
  void start();
  void stop();
  void reset();  // stops it and removes all it holds
  /// A database of the running server, made where it is missing. `superuser` is the cluster's own.
  db::Target target(const std::string& database) const;

 private:
  std::string folder_;
};

}  // namespace engine::cluster
