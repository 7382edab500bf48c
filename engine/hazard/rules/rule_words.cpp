#include "hazard/rules/rule_words.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace engine::hazard {
namespace {

using catalog::Relation;

/// Tables, what shows rows of others, sequences: what one is cannot stand in for another.
char sort_of(const Relation& relation) {
  if (relation.kind == 'v' || relation.kind == 'm') return 'v';
  return relation.kind == 'S' ? 'S' : 't';
}

/// Under another name, or what was at its place.
const Relation* was_of(const RuleContext& context, const Relation& now) {
  const Relation* was = context.origin(now);
  return was == nullptr ? predecessor(context, now) : was;
}

}  // namespace

const Relation* predecessor(const RuleContext& context, const Relation& now) {
  const Relation* was = context.before.relation(now.name.quoted());
  return was != nullptr && sort_of(*was) == sort_of(now) ? was : context.origin(now);
}

void each_kept(const RuleContext& context, const Changed& call) {
  for (const Relation& now : context.after.relations) {
    if (const Relation* was = predecessor(context, now)) call(*was, now);
  }
}

void each_new_table(const RuleContext& context, const std::function<void(const Relation&)>& call) {
  for (const Relation& now : context.after.relations) {
    if (database_state::is_table(now) && was_of(context, now) == nullptr) call(now);
  }
}

void each_new_column(const RuleContext& context,
                     const std::function<void(const Relation&, const catalog::Column&)>& call) {
  for (const Relation& now : context.after.relations) {
    if (!database_state::is_table(now)) continue;
    const Relation* was = was_of(context, now);
    for (const catalog::Column& column : now.columns) {
      if (was == nullptr || context.origin(*was, now, column) == nullptr) call(now, column);
    }
  }
}

void each_new_constraint(
    const RuleContext& context,
    const std::function<void(const Relation&, const catalog::Constraint&)>& call) {
  for (const Relation& now : context.after.relations) {
    const Relation* was = was_of(context, now);
    for (const catalog::Constraint& constraint : now.constraints) {
      if (was == nullptr || was->constraint(constraint.name) == nullptr) call(now, constraint);
    }
  }
}

bool is_public(const std::string& role) {
  constexpr std::array<std::string_view, 3> names{"PUBLIC", "anon", "authenticated"};
  return std::find(names.begin(), names.end(), role) != names.end();
}

std::vector<std::string> open_to(const Relation& relation) {
  std::vector<std::string> roles;
  for (const catalog::Grant& grant : relation.grants) {
    if (is_public(grant.grantee) &&
        std::find(roles.begin(), roles.end(), grant.grantee) == roles.end())
      roles.push_back(grant.grantee);
  }
  return roles;
}

}  // namespace engine::hazard
