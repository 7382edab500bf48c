// A shadow on a server that the user supplies.
#pragma once

#include <string>
#include <vector>

#include "cluster/shadow.h"
#include "db/connection.h"
#include "shadow/roles.h"

namespace engine::shadow {

/// A database of a server, which tells whether two addresses lead to the same.
struct Identity {
  std::string system, database;
  bool operator==(const Identity&) const = default;
};
Identity identity_of(db::Connection& connection);

/// The preview's databases are made beside the one that is lent, which stays empty, and go with
/// their scope; so do roles that were made meanwhile. What an engine that was killed left there is
/// removed by the next one that is lent the same database.
class ExternalShadow : public cluster::ShadowServer {
 public:
  /// Throws Error{refused} where the database is the `forbidden` one, holds anything, is in use by
  /// another preview, or its role may not make databases.
  ExternalShadow(const db::Target& lent, const Identity& forbidden);
  ExternalShadow(const ExternalShadow&) = delete;
  ExternalShadow& operator=(const ExternalShadow&) = delete;
  ~ExternalShadow() override;

  std::string name_of(const std::string& database) const override;
  db::Target target(const std::string& database) const override;
  db::Target target(const std::string& database, const std::string& role) const override;
  std::vector<std::string> remarks() const override { return remarks_; }

 private:
  void refuse_unfit(const Identity& forbidden);
  void drop_databases();

  db::Target lent_;
  db::Connection keeper_;  // holds the lock
  std::string prefix_;
  bool superuser_ = false;
  Roles roles_;
  std::vector<std::string> remarks_;
};

}  // namespace engine::shadow
