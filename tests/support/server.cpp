#include "support/server.h"

#include <stdexcept>

#include "base/environment.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

namespace test {

bool Disk::possible() {
  return engine::process::running_as_root() &&
         engine::process::run({"unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"}).status ==
             0;
}

Server::Server(const Disk& disk) {
  const Variable data{"SERVER_DISK", disk.data_size.empty() ? nullptr : disk.data_size.c_str()};
  const Variable wal{"SERVER_WAL_DISK", disk.wal_size.empty() ? nullptr : disk.wal_size.c_str()};
  act("start");
  socket_ = engine::text::trimmed(engine::file::read(folder_.file("socket")));
}

Server::~Server() {
  engine::process::Options options;
  options.environment = engine::environment::matching({"PG_BIN"});
  engine::process::run({SERVER_SCRIPT, "stop", folder_.path()}, options);
}

void Server::limit_files(unsigned kibibytes) const {
  halt();
  const Variable limit{"SERVER_FILE_LIMIT", std::to_string(kibibytes).c_str()};
  start_again();
}

void Server::act(const std::string& action) const {
  engine::process::Options options;
  options.environment = engine::environment::matching(
      {"PG_BIN", "SERVER_FILE_LIMIT", "SERVER_DISK", "SERVER_WAL_DISK"});
  const auto ended = engine::process::run({SERVER_SCRIPT, action, folder_.path()}, options);
  if (ended.status != 0) throw std::runtime_error(action + ": " + ended.output + ended.errors);
}

}  // namespace test
