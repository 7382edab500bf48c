// Who may do what with which object, as far as privileges, memberships and row security go.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "catalog/relation.h"
#include "db/connection.h"
#include "event/event.h"

namespace engine::database_state {

struct Right {
  std::string object;  // "table public.t", "function public.f(integer)", "schema public"
  std::string role;    // quoted
  std::string privilege;
  auto operator<=>(const Right&) const = default;
};

/// How far a right goes.
struct Extent {
  /// "every row", with "past row security" or "as its owner" where that is why; "rows by policy",
  /// "no row"; of views and routines "as its owner" or "as the caller", of a view also "as the
  /// caller, who may not read public.t"; else "allowed".
  std::string what;
  std::vector<std::string> policies;  // that apply, by name
  std::vector<std::string> columns;   // quoted; none: all of them

  std::string told() const;
};

/// Of roles that are no superusers and objects that they do not own.
using Access = std::map<Right, Extent>;

/// `journal`: the engine's own schema, which is left out.
Access read_access(db::Connection& connection, const std::string& journal);

/// How much it lets through, as far as that has an order; no right at all is as much as one on no
/// row.
int breadth(const Extent& extent);

/// The table that such an object is, by a picture; nullptr where it is none.
using TableOf = std::function<const catalog::Relation*(const std::string& object)>;

/// What opened, what closed, and what changed in a way that cannot be called either: other columns,
/// other policies.
std::vector<event::Difference> differences(const Access& before, const TableOf& table_before,
                                           const Access& after, const TableOf& table_after);

}  // namespace engine::database_state
