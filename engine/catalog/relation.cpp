#include "catalog/relation.h"

#include <algorithm>

namespace engine::catalog {
namespace {

const std::string& name_of(const Index& index) { return index.name.name; }
template <typename Part>
const std::string& name_of(const Part& part) {
  return part.name;
}

template <typename Part>
const Part* named(const std::vector<Part>& parts, std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const Part& part) { return name_of(part) == name; });
  return found == parts.end() ? nullptr : &*found;
}

}  // namespace

std::string_view Relation::kind_name() const {
  switch (kind) {
    case 'p':
      return "partitioned table";
    case 'v':
      return "view";
    case 'm':
      return "materialized view";
    case 'S':
      return "sequence";
    case 'f':
      return "foreign table";
    default:
      return "table";
  }
}

const Column* Relation::column(std::string_view column_name) const {
  return named(columns, column_name);
}
const Index* Relation::index(std::string_view index_name) const {
  return named(indexes, index_name);
}
const Constraint* Relation::constraint(std::string_view constraint_name) const {
  return named(constraints, constraint_name);
}
const Policy* Relation::policy(std::string_view policy_name) const {
  return named(policies, policy_name);
}
const Trigger* Relation::trigger(std::string_view trigger_name) const {
  return named(triggers, trigger_name);
}

const Constraint* Relation::primary_key() const {
  const auto found = std::find_if(constraints.begin(), constraints.end(),
                                  [](const Constraint& c) { return c.type == 'p'; });
  return found == constraints.end() ? nullptr : &*found;
}

}  // namespace engine::catalog
