// What rules of row security ask of policies.
#pragma once

#include <functional>

#include "hazard/rules/rule_words.h"

namespace engine::hazard {

/// Its facts; nullptr where the picture has none.
const database_state::PolicyFacts* facts_of(const database_state::DatabaseState& picture,
                                            const catalog::Relation& table,
                                            const catalog::Policy& policy);

/// The policy of that table which it was before, also under another name; nullptr: none.
const catalog::Policy* policy_before(const RuleContext& context, const catalog::Relation& was,
                                     const catalog::Relation& now, const catalog::Policy& policy);

using NewPolicy = std::function<void(const catalog::Relation& table, const catalog::Policy& policy,
                                     const catalog::Policy* before)>;
/// Policies that are new, or that let through something else than before. One whose condition only
/// is printed with other names, since what it names was renamed, is as it was.
void each_new_policy(const RuleContext& context, const NewPolicy& call);

/// Without the sub-select that makes a query ask once who the user is.
std::string asked_plainly(const std::string& expression);

/// Are there roles for whom both count?
bool share_roles(const RuleContext& context, const catalog::Relation& table,
                 const catalog::Policy& one, const catalog::Policy& other);
/// And commands?
bool share_commands(const catalog::Policy& one, const catalog::Policy& other);

}  // namespace engine::hazard
