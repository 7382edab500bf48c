// The shadow: a throwaway server of this process, on which a preview runs.
#pragma once

#include <memory>
#include <string>

#include "cluster/file_lock.h"
#include "cluster/installation.h"
#include "cluster/server.h"
#include "db/target.h"

namespace engine::cluster {

/// Made from the cached template, without fsync, and removed with its scope. What an engine that
/// was killed left behind is removed by the next one that makes a shadow.
class Shadow {
 public:
  /// Throws Error{refused} or Error{unreachable}.
  explicit Shadow(const Installation& installation);
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;
  ~Shadow();

  const Installation& installation() const { return installation_; }
  /// A database of it as its superuser; `postgres` is there from the start.
  db::Target target(const std::string& database) const { return server_.target(database); }

 private:
  Installation installation_;
  std::string folder_;
  std::unique_ptr<FileLock> lock_;
  Server server_;
};

}  // namespace engine::cluster
