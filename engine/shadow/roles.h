// Roles belong to a server, not to a database: what a plan does to them outlives the database that
// it worked in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/connection.h"

namespace engine::shadow {

class Roles {
 public:
  /// The roles that a server has, with memberships and settings, but its shadow's superuser.
  /// `rows`: what queries/roles.sql gave there.
  static Roles of(const db::Result& rows);
  static Roles of(db::Connection& connection);

  bool operator==(const Roles&) const = default;
  /// Makes them, in this order, but for roles that are there already; what fails is added to
  /// `missing`.
  void make(db::Connection& connection, std::vector<std::string>& missing) const;
  /// Makes the server's roles these again.
  void restore(db::Connection& connection) const;

 private:
  struct Fact {
    std::string statement, again;
    auto operator<=>(const Fact&) const = default;
  };
  std::vector<std::string> order_;  // of the undoing statements, which name the facts
  std::map<std::string, Fact> facts_;
};

}  // namespace engine::shadow
