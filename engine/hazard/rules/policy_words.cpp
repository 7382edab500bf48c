#include "hazard/rules/policy_words.h"

#include <algorithm>
#include <regex>

#include "hazard/rules/access_words.h"

namespace engine::hazard {
namespace {

using catalog::Policy;
using catalog::Relation;

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_as_before(const RuleContext& context, const Relation& was, const Policy& before,
                  const Relation& now, const Policy& policy) {
  if (before.command != policy.command || before.permissive != policy.permissive ||
      before.roles != policy.roles)
    return false;
  if (before.using_expression == policy.using_expression &&
      before.check_expression == policy.check_expression)
    return true;
  const database_state::PolicyFacts* had = facts_of(context.before, was, before);
  const database_state::PolicyFacts* has = facts_of(context.after, now, policy);
  return had != nullptr && has != nullptr && had->oid == has->oid && had->tree == has->tree;
}

}  // namespace

const database_state::PolicyFacts* facts_of(const database_state::DatabaseState& picture,
                                            const Relation& table, const Policy& policy) {
  const auto found = picture.policies.find({table.name.quoted(), policy.name});
  return found == picture.policies.end() ? nullptr : &found->second;
}

const Policy* policy_before(const RuleContext& context, const Relation& was, const Relation& now,
                            const Policy& policy) {
  if (const Policy* same = was.policy(policy.name)) return same;
  const database_state::PolicyFacts* facts = facts_of(context.after, now, policy);
  if (facts == nullptr) return nullptr;
  const auto found = std::find_if(was.policies.begin(), was.policies.end(), [&](const Policy& one) {
    const database_state::PolicyFacts* had = facts_of(context.before, was, one);
    return had != nullptr && had->oid == facts->oid;
  });
  return found == was.policies.end() ? nullptr : &*found;
}

void each_new_policy(const RuleContext& context, const NewPolicy& call) {
  for (const Relation& table : context.after.relations) {
    const Relation* was = predecessor(context, table);
    for (const Policy& policy : table.policies) {
      const Policy* before = was == nullptr ? nullptr : policy_before(context, *was, table, policy);
      if (before == nullptr || !is_as_before(context, *was, *before, table, policy))
        call(table, policy, before);
    }
  }
}

std::string asked_plainly(const std::string& expression) {
  static const std::regex asked_once{
      R"(\( ?SELECT (auth\.\w+\(\)|current_setting\([^()]*\)|CURRENT_USER|SESSION_USER)( AS \w+)?\))"};
  return std::regex_replace(expression, asked_once, "$1");
}

bool share_roles(const RuleContext& context, const Relation& table, const Policy& one,
                 const Policy& other) {
  if (has(one.roles, "PUBLIC") || has(other.roles, "PUBLIC")) return true;
  if (std::any_of(one.roles.begin(), one.roles.end(),
                  [&](const std::string& role) { return has(other.roles, role); }))
    return true;
  bool both = false;
  each_right(context.after.access, object_of(table),
             [&](const database_state::Right&, const database_state::Extent& extent) {
               both = both || (has(extent.policies, one.name) && has(extent.policies, other.name));
             });
  return both;
}

bool share_commands(const Policy& one, const Policy& other) {
  return one.command == other.command || one.command == "ALL" || other.command == "ALL";
}

}  // namespace engine::hazard
