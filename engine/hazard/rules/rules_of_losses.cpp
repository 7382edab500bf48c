// Hazards of access that closes: who can no longer do what it did, and whose queries fail.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "hazard/rules/access_words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// What statements of an application ask for; TRUNCATE and the like are an owner's.
bool is_used(const std::string& privilege) {
  return privilege == "SELECT" || privilege == "INSERT" || privilege == "UPDATE" ||
         privilege == "DELETE" || privilege == "EXECUTE";
}

bool is_ordinary(const RuleContext& context, const std::string& role) {
  const auto found = context.after.objects.find("role " + role);
  return found != context.after.objects.end() &&
         found->second.find(" SUPERUSER") == std::string::npos;
}

/// What queries find under the old name; else itself, under another one. nullptr: it is gone.
const Relation* found_now(const RuleContext& context, const Relation& was) {
  if (const Relation* now = context.after.relation(was.name.quoted())) return now;
  const auto itself = std::find_if(context.after.relations.begin(), context.after.relations.end(),
                                   [&](const Relation& now) { return now.oid == was.oid; });
  return itself == context.after.relations.end() ? nullptr : &*itself;
}

/// Columns that it may no longer, of those that are there before and after.
std::vector<std::string> columns_lost(const Relation& was, const database_state::Extent& had,
                                      const Relation& now, const database_state::Extent& has) {
  std::vector<std::string> lost;
  if (has.columns.empty()) return lost;
  const auto holds = [](const database_state::Extent& extent, const std::string& column) {
    return extent.columns.empty() ||
           std::find(extent.columns.begin(), extent.columns.end(), column) != extent.columns.end();
  };
  for (const catalog::Column& column : was.columns) {
    const std::string name = quote_identifier(column.name);
    if (now.column(column.name) != nullptr && holds(had, name) && !holds(has, name))
      lost.push_back(name);
  }
  return lost;
}

/// What the role may no longer: the privilege, or the privilege on columns.
std::optional<std::string> lost(const RuleContext& context, const database_state::Right& right,
                                const database_state::Extent& had, const Relation& was,
                                const Relation& now) {
  if (quote_identifier(now.owner) == right.role) return std::nullopt;
  const database_state::Extent& has =
      extent_of(context.after.access, {object_of(now), right.role, right.privilege});
  const bool columns_gone =
      !had.columns.empty() &&
      std::none_of(now.columns.begin(), now.columns.end(), [&](const catalog::Column& column) {
        return std::find(had.columns.begin(), had.columns.end(), quote_identifier(column.name)) !=
               had.columns.end();
      });
  if (database_state::breadth(has) == 0) {
    if (columns_gone) return std::nullopt;
    // Policies that are gone, and row security without any, have rules of their own.
    const bool by_policies = has.what == "no row" && (was.row_security || now.policies.empty());
    if (by_policies) return std::nullopt;
    return has.what.empty() ? right.privilege : fmt::format("{} ({})", right.privilege, has.what);
  }
  const std::vector<std::string> columns = columns_lost(was, had, now, has);
  if (columns.empty()) return std::nullopt;
  return fmt::format("{} {}", right.privilege, text::listed(columns));
}

bool lost_grants(const Relation& was, const Relation& now);

void relations_lost(const RuleContext& context, Alike& alike) {
  for (const Relation& was : context.before.relations) {
    const Relation* now = found_now(context, was);
    if (now == nullptr && database_state::is_table(was))
      continue;  // which is told as a loss of rows
    // A sequence goes where its table goes.
    if (was.kind == 'S' && (now == nullptr || now->name != was.name)) continue;
    if (now != nullptr && now->oid != was.oid && lost_grants(was, *now)) continue;
    Held held;
    each_right(
        context.before.access, object_of(was),
        [&](const database_state::Right& right, const database_state::Extent& had) {
          const bool used = was.kind == 'S' ? right.privilege == "USAGE" : is_used(right.privilege);
          if (!used || database_state::breadth(had) == 0 || !is_ordinary(context, right.role))
            return;
          if (now == nullptr) {
            held.add(right.role, right.privilege);
          } else if (const auto what = lost(context, right, had, was, *now)) {
            held.add(right.role, *what);
          }
        });
    if (held.empty()) continue;
    const std::string words =
        held.told("may no longer") + (now == nullptr ? ", because it no longer exists" : "");
    alike.add(
        words, Severity::warning, was.name.quoted(), object_of(was),
        with_word(context, was.name.quoted(),
                  {"DROP", "REVOKE", "SET SCHEMA", "SECURITY", "security_invoker", "RENAME"}));
  }
}

std::string without_arguments(const std::string& routine) {
  return routine.substr(0, routine.find('('));
}

/// Under its name, with whatever arguments, or itself under another one.
bool may_still_execute(const RuleContext& context, const database_state::Right& right,
                       std::int64_t oid) {
  const auto itself = database_state::with_oid(context.after.routines, oid);
  const auto may = [&](const std::string& object) {
    return database_state::breadth(
               extent_of(context.after.access, {object, right.role, right.privilege})) > 0;
  };
  if (itself != context.after.routines.end()) return may(itself->first);
  const std::string name = without_arguments(right.object) + "(";
  for (auto one = context.after.routines.lower_bound(name);
       one != context.after.routines.end() && one->first.starts_with(name); ++one) {
    if (may(one->first)) return true;
  }
  return false;
}

/// By the last line of a routine's text: "owner somebody {…}".
bool belongs_to(const RuleContext& context, const std::string& routine, const std::string& role) {
  const auto found = context.after.objects.find(routine);
  return found != context.after.objects.end() &&
         found->second.find("\nowner " + role + " ") != std::string::npos;
}

/// Told with the policies whose queries then fail.
bool is_denied_to_policies(const RuleContext& context, const std::string& routine,
                           const std::string& role) {
  return std::any_of(context.after.policies.begin(), context.after.policies.end(),
                     [&](const auto& one) {
                       const auto called = one.second.calls.find(routine);
                       return called != one.second.calls.end() && called->second.contains(role);
                     });
}

void routines_lost(const RuleContext& context, Alike& alike) {
  for (const auto& [object, routine] : context.before.routines) {
    Held held;
    each_right(context.before.access, object,
               [&](const database_state::Right& right, const database_state::Extent&) {
                 if (is_ordinary(context, right.role) &&
                     !may_still_execute(context, right, routine.oid) &&
                     !belongs_to(context, object, right.role) &&
                     !is_denied_to_policies(context, object, right.role))
                   held.add(right.role, right.privilege);
               });
    if (held.empty()) continue;
    const std::string name = without_arguments(object).substr(object.find(' ') + 1);
    const bool gone = database_state::with_oid(context.after.routines, routine.oid) ==
                      context.after.routines.end();
    alike.add(held.told("may no longer") + (gone ? ", because it no longer exists" : ""),
              Severity::warning, name, object,
              with_word(context, name, {"DROP", "REVOKE", "SET SCHEMA"}));
  }
}

void rights_lost(const RuleContext& context, Findings& findings) {
  Alike alike;
  relations_lost(context, alike);
  routines_lost(context, alike);
  for (const auto& [key, objects] : alike.all())
    findings.add_at(objects.statement, objects.first,
                    fmt::format("{}: {}", Alike::listed(objects.names), std::get<1>(key)));
}

/// Roles whose grants on the old one are not on the new one.
std::set<std::string> roles_without(const Relation& was, const Relation& now) {
  std::set<std::string> roles;
  const bool same_sort = was.kind == now.kind;
  const auto compare = [&](const std::vector<catalog::Grant>& had,
                           const std::vector<catalog::Grant>& has) {
    for (const catalog::Grant& grant : had) {
      if (grant.grantee == was.owner || (!same_sort && !is_used(grant.privilege))) continue;
      if (std::none_of(has.begin(), has.end(), [&](const catalog::Grant& one) {
            return one.grantee == grant.grantee && one.privilege == grant.privilege &&
                   (one.grantable || !grant.grantable);
          }))
        roles.insert(grant.grantee);
    }
  };
  compare(was.grants, now.grants);
  for (const catalog::Column& column : was.columns) {
    const catalog::Column* kept = now.column(column.name);
    if (kept == nullptr) continue;
    std::vector<catalog::Grant> has = kept->grants;
    has.insert(has.end(), now.grants.begin(), now.grants.end());
    compare(column.grants, has);
  }
  return roles;
}

bool lost_grants(const Relation& was, const Relation& now) {
  return !roles_without(was, now).empty();
}

/// Another one under the same name: what was granted on the old one is not on the new one.
void lost_on_recreate(const RuleContext& context, Findings& findings) {
  for (const Relation& now : context.after.relations) {
    const Relation* was = context.before.relation(now.name.quoted());
    if (was == nullptr || was->oid == now.oid || was->kind == 'S') continue;
    const std::set<std::string> roles = roles_without(*was, now);
    if (roles.empty()) continue;
    findings.add(now.name.quoted(),
                 fmt::format("The plan recreates {} as a new {} without the privileges of {}",
                             now.name.display(), now.kind_name(),
                             text::listed({roles.begin(), roles.end()})),
                 "CREATE");
  }
}

void without_policy(const RuleContext& context, Findings& findings) {
  for (const Relation& relation : context.after.relations) {
    const Relation* was = predecessor(context, relation);
    if (!relation.row_security || !relation.policies.empty()) continue;
    if (was != nullptr && was->row_security && was->policies.empty()) continue;
    Held held;
    if (was != nullptr && !was->row_security) {
      each_right(context.before.access, object_of(*was),
                 [&](const database_state::Right& right, const database_state::Extent& had) {
                   const database_state::Extent& has = extent_of(
                       context.after.access, {object_of(relation), right.role, right.privilege});
                   if (is_used(right.privilege) && database_state::breadth(had) > 0 &&
                       has.what == "no row")
                     held.add(right.role, right.privilege);
                 });
    }
    findings.add(
        relation.name.quoted(),
        fmt::format("{} has row security and no policy: {}", relation.name.display(),
                    held.empty() ? "only its owner and roles that bypass row security see rows"
                                 : held.told("may") + " no row"),
        "SECURITY");
    if (!held.empty()) findings.last().severity = Severity::warning;
  }
}

constexpr std::array rules{
    Rule{"access.lost", Severity::warning, Evidence::proved,
         "Queries of these roles that worked before the plan now fail or return no rows.",
         "Keep the object or privilege for as long as somebody uses it, or GRANT again in the same "
         "step.",
         rights_lost},
    Rule{"access.lost-on-recreate", Severity::warning, Evidence::proved,
         "DROP and CREATE lose grants, comments and options; default privileges apply to the new "
         "object.",
         "Use CREATE OR REPLACE or ALTER, or GRANT again in the same step.", lost_on_recreate},
    Rule{"access.row-security-without-policy", Severity::info, Evidence::proved,
         "An application that reads the table as another role sees an empty table.",
         "CREATE POLICY, or accept = { … } if this is intended.", without_policy},
};

}  // namespace

std::span<const Rule> loss_rules() { return rules; }

}  // namespace engine::hazard
