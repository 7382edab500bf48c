// A PostgreSQL of a test's own, for what no other test must feel.
#pragma once

#include <string>

#include "support/folder.h"

namespace test {

/// Where the server's files lie on a disk of their own.
struct Disk {
  std::string data_size{}, wal_size{};  // "80m"; "" is no disk of its own
  /// May this user mount one?
  static bool possible();
};

class Server {
 public:
  explicit Server(const Disk& disk = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// The folder of its socket: test::Database takes it.
  const std::string& socket() const { return socket_; }
  /// SIGKILL to all of its processes at once.
  void kill() const { act("kill"); }
  /// An immediate shutdown, which tells the clients.
  void halt() const { act("halt"); }
  /// All of its processes stopped: the kernel acknowledges for them, and nobody answers. Until
  /// `thaw`.
  void freeze() const { act("freeze"); }
  void thaw() const { act("thaw"); }
  /// Returns when it has recovered.
  void start_again() const { act("start_again"); }
  /// Started anew so that a file ends at this size with a short write, as on a full disk. Files of
  /// WAL need 16 MiB. Until `halt` and `start_again`.
  void limit_files(unsigned kibibytes) const;
  /// Its disks are large from now on.
  void grow() const { act("grow"); }
  /// What a standby has that will be behind. The server and its clients go on.
  void keep() const { act("keep"); }
  /// The server is lost; a standby with what was kept answers in its place.
  void stand_by() const { act("stand_by"); }
  void promote() const { act("promote"); }

 private:
  void act(const std::string& action) const;

  Folder folder_;
  std::string socket_;
};

}  // namespace test
