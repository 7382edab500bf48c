// Hazards of the conditions of policies: how much they let through, and what they cost.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"
#include "preview/rules/policy_words.h"

namespace engine::preview {
namespace {

using catalog::Policy;
using catalog::Relation;

bool names_column(const Scene& scene, const Relation& table, const Policy& policy,
                  const std::string& expression) {
  if (expression.find(".*") != std::string::npos) return true;
  const PolicyFacts* facts = facts_of(scene.after, table, policy);
  if (facts != nullptr && !facts->names_column) return false;
  // What the facts tell is of both conditions. A function may be called as a column is.
  static const std::regex call{R"((\w+\.)?\w+\()"};
  const std::string bare = std::regex_replace(expression, call, "(");
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const catalog::Column& column) { return mentions(bare, column.name); });
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
std::string whole(const Scene& scene, const Relation& table, const Policy& policy,
                  const std::string& expression) {
  if (expression.empty() || expression == "false") return "";
  if (expression == "true") return "its condition is true";
  const std::string plain = asked_plainly(expression);
  if (holds_by_constraint(table, plain)) return expression + " holds for all of them";
  if (names_column(scene, table, policy, plain) || tells_users_apart(plain)) return "";
  return expression + " names no column of it";
}

std::string whole(const Scene& scene, const Relation& table, const Policy& policy) {
  std::string why = whole(scene, table, policy, policy.using_expression);
  return why.empty() ? whole(scene, table, policy, policy.check_expression) : why;
}

bool is_for_everyone(const Scene& scene, const Relation& table, const Policy& policy) {
  return policy.permissive && std::any_of(policy.roles.begin(), policy.roles.end(), is_public) &&
         !whole(scene, table, policy).empty();
}

std::string doing(const Policy& policy) {
  return policy.command == "ALL" ? "do anything with" : policy.command;
}

void for_everyone(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (!is_for_everyone(scene, table, policy)) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} lets {} {} every row: {}", policy.name,
                             table.name.display(), text::joined(policy.roles, ", "), doing(policy),
                             whole(scene, table, policy)),
                 policy.name);
    const bool literal = policy.using_expression == "true" || policy.check_expression == "true";
    if (policy.command != "SELECT" && (literal || policy.command != "INSERT"))
      findings.last().severity = "danger";
  });
}

std::string condition(const Policy& policy) {
  return policy.using_expression.empty() ? policy.check_expression : policy.using_expression;
}

/// Of those that stood, the one beside which it lets through other rows to the same roles; nullptr:
/// none.
const Policy* stood_beside(const Scene& scene, const Relation& table, const Policy& policy,
                           const Policy* before) {
  const Relation* was = predecessor(scene, table);
  if (before != nullptr || was == nullptr || !was->row_security || !policy.permissive ||
      condition(policy) == "false" || is_for_everyone(scene, table, policy))
    return nullptr;
  const Policy* beside = nullptr;
  for (const Policy& other : table.policies) {
    if (&other == &policy || !other.permissive || !share_commands(policy, other) ||
        !share_roles(scene, table, policy, other) ||
        policy_before(scene, *was, table, other) == nullptr)
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

void adds_to_others(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy* before) {
    const Policy* other = stood_beside(scene, table, policy, before);
    if (other == nullptr) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} lets {} {} rows where {}, beside those that "
                             "policy \"{}\" lets through",
                             policy.name, table.name.display(), text::joined(policy.roles, ", "),
                             doing(policy), condition(policy), other->name),
                 policy.name);
  });
}

void by_user_metadata(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (policy.using_expression.find("user_metadata") == std::string::npos &&
        policy.check_expression.find("user_metadata") == std::string::npos)
      return;
    findings.add(
        table.name.quoted(),
        fmt::format("Policy \"{}\" of {} goes by user_metadata", policy.name, table.name.display()),
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

void per_row(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy*) {
    if (!asks_each_row(policy.using_expression) && !asks_each_row(policy.check_expression)) return;
    findings.add(table.name.quoted(),
                 fmt::format("Policy \"{}\" of {} asks who the user is for each row", policy.name,
                             table.name.display()),
                 policy.name);
  });
}

void several_permissive(const Scene& scene, Findings& findings) {
  each_new_policy(scene, [&](const Relation& table, const Policy& policy, const Policy* before) {
    if (before != nullptr || !policy.permissive ||
        stood_beside(scene, table, policy, before) != nullptr)
      return;
    for (const Policy& other : table.policies) {
      if (&other == &policy || !other.permissive || !share_commands(policy, other) ||
          !share_roles(scene, table, policy, other))
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
    Rule{"access.policy-for-everyone", "warning", "proved",
         "Row security then narrows nothing for them.",
         "Name whose rows they are: USING (user_id = (SELECT auth.uid())).", for_everyone},
    Rule{"access.policy-adds", "warning", "proved",
         "Permissive policies add up: a row is let through where one of them does.",
         "CREATE POLICY … AS RESTRICTIVE where it is to narrow, or ALTER POLICY of the one that "
         "stands: USING (this AND that).",
         adds_to_others},
    Rule{"access.policy-user-metadata", "danger", "proved",
         "Users write their user_metadata themselves.",
         "auth.jwt() -> 'app_metadata', which they cannot change.", by_user_metadata},
    Rule{"access.policy-per-row", "info", "proved",
         "A scan of many rows then takes many times longer.",
         "(SELECT auth.uid()), which is asked once a query.", per_row},
    Rule{"access.policies-overlap", "info", "proved",
         "Each is evaluated for every row, and the wider one decides.",
         "One policy: USING (this OR that).", several_permissive},
};

}  // namespace

std::span<const Rule> condition_rules() { return rules; }

}  // namespace engine::preview
