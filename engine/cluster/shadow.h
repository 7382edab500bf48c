// The shadow: a throwaway server of this process, on which a preview runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cluster/file_lock.h"
#include "cluster/installation.h"
#include "cluster/server.h"
#include "db/target.h"

namespace engine::cluster {

/// A server on which a preview runs, as its superuser where it has that right.
class ShadowServer {
 public:
  virtual ~ShadowServer() = default;
  /// What a database of the preview is called there.
  virtual std::string name_of(const std::string& database) const = 0;
  /// One of them, or `postgres`, which is there from the start.
  virtual db::Target target(const std::string& database) const = 0;
  /// The same for a plan that runs as that role; "" is the superuser.
  virtual db::Target target(const std::string& database, const std::string& role) const = 0;
  /// Why what is seen there is weaker evidence: sentences.
  virtual std::vector<std::string> remarks() const { return {}; }
};

/// Made from the cached template, without fsync, and removed with its scope; where the engine is
/// killed by its watchdog, and where that was killed too by the next engine that makes a shadow.
class Shadow : public ShadowServer {
 public:
  /// Throws Error{refused} or Error{unreachable}.
  explicit Shadow(const Installation& installation);
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;
  ~Shadow() override;

  const Installation& installation() const { return installation_; }
  /// A database of it as its superuser; `postgres` is there from the start.
  db::Target target(const std::string& database) const override { return server_.target(database); }
  db::Target target(const std::string& database, const std::string& role) const override;
  std::string name_of(const std::string& database) const override { return database; }

 private:
  Installation installation_;
  std::string folder_;
  std::unique_ptr<FileLock> lock_;
  Server server_;
};

}  // namespace engine::cluster
