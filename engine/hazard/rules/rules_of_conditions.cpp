// Hazards of the conditions of policies: how much they let through, and what they cost.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"
#include "hazard/rules/policy_words.h"

namespace engine::hazard {
namespace {

using catalog::Policy;
using catalog::Relation;

bool names_column(const RuleContext& context, const Relation& table, const Policy& policy,
                  const std::string& expression) {
  if (expression.find(".*") != std::string::npos) return true;
  const database_state::PolicyFacts* facts = facts_of(context.after, table, policy);
  if (facts != nullptr && !facts->names_column) return false;
  // What the facts tell is of both conditions. A function may be called as a column is.
  static const std::regex call{R"((\w+\.)?\w+\()"};
  const std::string bare = std::regex_replace(expression, call, "(");
  return std::any_of(
      table.columns.begin(), table.columns.end(),
      [&](const catalog::Column& column) { return trace::mentions(bare, column.name); });
}

/// Does it tell users of one role apart? By who they are, by other tables, or by functions of one's
/// own, of which nobody knows.
bool tells_users_apart(const std::string& expression) {
  static const std::regex own_function{
      R"(\b(?!auth\.|pg_catalog\.)\w+\.\w+\(|\bpg_has_role\(|\bSELECT\b)"};
  static const std::regex who{
      R"(auth\.(uid|email)\(\)(?!\)* IS (NOT )?NULL)|auth\.jwt\(\)(?! ->> 'role'))"};
  return std::regex_search(expression, own_function) || std::regex_search(expression, who);
}

/// "(id IS NOT NULL)" of a column that never is NULL.
bool holds_by_constraint(const Relation& table, const std::string& expression) {
  static const std::regex not_null{R"(\((\w+) IS NOT NULL\))"};
  std::smatch found;
  if (!std::regex_match(expression, found, not_null)) return false;
  const catalog::Column* column = table.column(found[1].str());
  return column != nullptr && column->not_null;
}

/// Why it holds for every row, whoever of its roles asks; "" where it need not.
std::string whole(const RuleContext& context, const Relation& table, const Policy& policy,
                  const std::string& expression) {
  if (expression.empty() || expression == "false") return "";
  if (expression == "true") return "its condition is true";
  const std::string plain = asked_plainly(expression);
  if (holds_by_constraint(table, plain)) return expression + " is true for all of them";
  if (names_column(context, table, policy, plain) || tells_users_apart(plain)) return "";
  return expression + " names no column of the table";
}

std::string whole(const RuleContext& context, const Relation& table, const Policy& policy) {
  std::string why = whole(context, table, policy, policy.using_expression);
  return why.empty() ? whole(context, table, policy, policy.check_expression) : why;
}

bool is_for_everyone(const RuleContext& context, const Relation& table, const Policy& policy) {
  return policy.permissive && std::any_of(policy.roles.begin(), policy.roles.end(), is_public) &&
         !whole(context, table, policy).empty();
}

std::string doing(const Policy& policy) {
  return policy.command == "ALL" ? "do anything with" : policy.command;
}

void for_everyone(const RuleContext& context, Findings& findings) {
  each_new_policy(context, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (!is_for_everyone(context, table, policy)) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} lets {} {} every row: {}", policy.name,
                             table.name.display(), text::joined(policy.roles, ", "), doing(policy),
                             whole(context, table, policy)),
                 policy.name);
    const bool literal = policy.using_expression == "true" || policy.check_expression == "true";
    if (policy.command != "SELECT" && (literal || policy.command != "INSERT"))
      findings.last().severity = Severity::danger;
  });
}

std::string condition(const Policy& policy) {
  return policy.using_expression.empty() ? policy.check_expression : policy.using_expression;
}

/// Of those that stood, the one beside which it lets through other rows to the same roles; nullptr:
/// none.
const Policy* stood_beside(const RuleContext& context, const Relation& table, const Policy& policy,
                           const Policy* before) {
  const Relation* was = predecessor(context, table);
  if (before != nullptr || was == nullptr || !was->row_security || !policy.permissive ||
      condition(policy) == "false" || is_for_everyone(context, table, policy))
    return nullptr;
  const Policy* beside = nullptr;
  for (const Policy& other : table.policies) {
    if (&other == &policy || !other.permissive || !share_commands(policy, other) ||
        !share_roles(context, table, policy, other) ||
        policy_before(context, *was, table, other) == nullptr)
      continue;
    const bool as_much =
        other.using_expression == "true" ||
        (policy.using_expression == other.using_expression &&
         (policy.check_expression == other.check_expression || policy.check_expression.empty()));
    if (as_much) return nullptr;
    beside = &other;
  }
  return beside;
}

void adds_to_others(const RuleContext& context, Findings& findings) {
  each_new_policy(context, [&](const Relation& table, const Policy& policy, const Policy* before) {
    const Policy* other = stood_beside(context, table, policy, before);
    if (other == nullptr) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} lets {} {} rows where {}, in addition to the "
                             "rows that policy \"{}\" allows",
                             policy.name, table.name.display(), text::joined(policy.roles, ", "),
                             doing(policy), condition(policy), other->name),
                 policy.name);
  });
}

void by_user_metadata(const RuleContext& context, Findings& findings) {
  each_new_policy(context, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (policy.using_expression.find("user_metadata") == std::string::npos &&
        policy.check_expression.find("user_metadata") == std::string::npos)
      return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} trusts user_metadata, which users can change",
                             policy.name, table.name.display()),
                 policy.name);
  });
}

/// A call of auth.uid() and its like that is not in a sub-select.
bool asks_each_row(const std::string& expression) {
  for (const char* call : {"auth.uid()", "auth.jwt()", "auth.role()", "current_setting("}) {
    for (auto at = expression.find(call); at != std::string::npos;
         at = expression.find(call, at + 1)) {
      if (at < 7 || expression.substr(at - 7, 7) != "SELECT ") return true;
    }
  }
  return false;
}

void per_row(const RuleContext& context, Findings& findings) {
  each_new_policy(context, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (!asks_each_row(policy.using_expression) && !asks_each_row(policy.check_expression)) return;
    findings.add(
        table.name.quoted(),
        fmt::format("Policy \"{}\" of {} calls auth.uid(), or a function like it, once per row",
                    policy.name, table.name.display()),
        policy.name);
  });
}

void several_permissive(const RuleContext& context, Findings& findings) {
  each_new_policy(context, [&](const Relation& table, const Policy& policy, const Policy* before) {
    if (before != nullptr || !policy.permissive ||
        stood_beside(context, table, policy, before) != nullptr)
      return;
    for (const Policy& other : table.policies) {
      if (&other == &policy || !other.permissive || !share_commands(policy, other) ||
          !share_roles(context, table, policy, other))
        continue;
      findings.add(
          table.name.quoted(),
          fmt::format("Policies \"{}\" and \"{}\" of {} both let {} {}", policy.name, other.name,
                      table.name.display(), text::joined(policy.roles, ", "), policy.command),
          policy.name);
      break;
    }
  });
}

constexpr std::array rules{
    Rule{"access.policy-for-everyone", Severity::warning, Evidence::proved,
         "A policy whose condition is always true restricts nothing for its roles.",
         "Name whose rows they are: USING (user_id = (SELECT auth.uid())).", for_everyone},
    Rule{"access.policy-adds", Severity::warning, Evidence::proved,
         "PostgreSQL combines permissive policies with OR: a row is allowed if one of them allows "
         "it.",
         "Use CREATE POLICY … AS RESTRICTIVE to narrow access, or ALTER POLICY of the existing "
         "one: USING (this AND that).",
         adds_to_others},
    Rule{"access.policy-user-metadata", Severity::danger, Evidence::proved,
         "Users can write their own user_metadata, and so give themselves access.",
         "Use auth.jwt() -> 'app_metadata', which users cannot change.", by_user_metadata},
    Rule{"access.policy-per-row", Severity::info, Evidence::proved,
         "A function call for each row makes scans of many rows many times slower.",
         "Write (SELECT auth.uid()), so that it is evaluated once per query.", per_row},
    Rule{"access.policies-overlap", Severity::info, Evidence::proved,
         "PostgreSQL evaluates both policies for every row, and the wider one decides.",
         "Use one policy: USING (this OR that).", several_permissive},
};

}  // namespace

std::span<const Rule> condition_rules() { return rules; }

}  // namespace engine::hazard
