// Hazards of access that closes: who can no longer do what it did, and whose queries fail.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "preview/rules/access_words.h"

namespace engine::preview {
namespace {

using catalog::Relation;

/// What statements of an application ask for; TRUNCATE and the like are an owner's.
bool is_used(const std::string& privilege) {
  return privilege == "SELECT" || privilege == "INSERT" || privilege == "UPDATE" ||
         privilege == "DELETE" || privilege == "EXECUTE";
}

bool is_ordinary(const Scene& scene, const std::string& role) {
  const auto found = scene.after.objects.find("role " + role);
  return found != scene.after.objects.end() &&
         found->second.find(" SUPERUSER") == std::string::npos;
}

/// What queries find under the old name; else itself, under another one. nullptr: it is gone.
const Relation* found_now(const Scene& scene, const Relation& was) {
  if (const Relation* now = scene.after.relation(was.name.quoted())) return now;
  const auto itself = std::find_if(scene.after.relations.begin(), scene.after.relations.end(),
                                   [&](const Relation& now) { return now.oid == was.oid; });
  return itself == scene.after.relations.end() ? nullptr : &*itself;
}

/// Columns that it may no longer, of those that are there before and after.
std::vector<std::string> columns_lost(const Relation& was, const Extent& had, const Relation& now,
                                      const Extent& has) {
  std::vector<std::string> lost;
  if (has.columns.empty()) return lost;
  const auto holds = [](const Extent& extent, const std::string& column) {
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
std::optional<std::string> lost(const Scene& scene, const Right& right, const Extent& had,
                                const Relation& was, const Relation& now) {
  if (quote_identifier(now.owner) == right.role) return std::nullopt;
  const Extent& has = extent_of(scene.after.access, {object_of(now), right.role, right.privilege});
  const bool columns_gone =
      !had.columns.empty() &&
      std::none_of(now.columns.begin(), now.columns.end(), [&](const catalog::Column& column) {
        return std::find(had.columns.begin(), had.columns.end(), quote_identifier(column.name)) !=
               had.columns.end();
      });
  if (breadth(has) == 0) {
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

void relations_lost(const Scene& scene, Alike& alike) {
  for (const Relation& was : scene.before.relations) {
    const Relation* now = found_now(scene, was);
    if (now == nullptr && is_table(was)) continue;  // which is told as a loss of rows
    // A sequence goes where its table goes.
    if (was.kind == 'S' && (now == nullptr || now->name != was.name)) continue;
    if (now != nullptr && now->oid != was.oid && lost_grants(was, *now)) continue;
    Held held;
    each_right(scene.before.access, object_of(was), [&](const Right& right, const Extent& had) {
      const bool used = was.kind == 'S' ? right.privilege == "USAGE" : is_used(right.privilege);
      if (!used || breadth(had) == 0 || !is_ordinary(scene, right.role)) return;
      if (now == nullptr) {
        held.add(right.role, right.privilege);
      } else if (const auto what = lost(scene, right, had, was, *now)) {
        held.add(right.role, *what);
      }
    });
    if (held.empty()) continue;
    const std::string words = held.told("may no longer") + (now == nullptr ? ": it is gone" : "");
    alike.add(
        words, "warning", was.name.quoted(), object_of(was),
        with_word(scene, was.name.quoted(),
                  {"DROP", "REVOKE", "SET SCHEMA", "SECURITY", "security_invoker", "RENAME"}));
  }
}

std::string without_arguments(const std::string& routine) {
  return routine.substr(0, routine.find('('));
}

/// Under its name, with whatever arguments, or itself under another one.
bool may_still_execute(const Scene& scene, const Right& right, std::int64_t oid) {
  const auto itself = with_oid(scene.after.routines, oid);
  const auto may = [&](const std::string& object) {
    return breadth(extent_of(scene.after.access, {object, right.role, right.privilege})) > 0;
  };
  if (itself != scene.after.routines.end()) return may(itself->first);
  const std::string name = without_arguments(right.object) + "(";
  for (auto one = scene.after.routines.lower_bound(name);
       one != scene.after.routines.end() && one->first.starts_with(name); ++one) {
    if (may(one->first)) return true;
  }
  return false;
}

/// By the last line of a routine's text: "owner somebody {…}".
bool belongs_to(const Scene& scene, const std::string& routine, const std::string& role) {
  const auto found = scene.after.objects.find(routine);
  return found != scene.after.objects.end() &&
         found->second.find("\nowner " + role + " ") != std::string::npos;
}

/// Told with the policies whose queries then fail.
bool is_denied_to_policies(const Scene& scene, const std::string& routine,
                           const std::string& role) {
  return std::any_of(scene.after.policies.begin(), scene.after.policies.end(),
                     [&](const auto& one) {
                       const auto called = one.second.calls.find(routine);
                       return called != one.second.calls.end() && called->second.contains(role);
                     });
}

void routines_lost(const Scene& scene, Alike& alike) {
  for (const auto& [object, routine] : scene.before.routines) {
    Held held;
    each_right(scene.before.access, object, [&](const Right& right, const Extent&) {
      if (is_ordinary(scene, right.role) && !may_still_execute(scene, right, routine.oid) &&
          !belongs_to(scene, object, right.role) &&
          !is_denied_to_policies(scene, object, right.role))
        held.add(right.role, right.privilege);
    });
    if (held.empty()) continue;
    const std::string name = without_arguments(object).substr(object.find(' ') + 1);
    const bool gone = with_oid(scene.after.routines, routine.oid) == scene.after.routines.end();
    alike.add(held.told("may no longer") + (gone ? ": it is gone" : ""), "warning", name, object,
              with_word(scene, name, {"DROP", "REVOKE", "SET SCHEMA"}));
  }
}

void rights_lost(const Scene& scene, Findings& findings) {
  Alike alike;
  relations_lost(scene, alike);
  routines_lost(scene, alike);
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
void lost_on_recreate(const Scene& scene, Findings& findings) {
  for (const Relation& now : scene.after.relations) {
    const Relation* was = scene.before.relation(now.name.quoted());
    if (was == nullptr || was->oid == now.oid || was->kind == 'S') continue;
    const std::set<std::string> roles = roles_without(*was, now);
    if (roles.empty()) continue;
    findings.add(
        now.name.quoted(),
        fmt::format("{} is another {} now, and {} lost privileges on it", now.name.display(),
                    now.kind_name(), text::listed({roles.begin(), roles.end()})),
        "CREATE");
  }
}

void without_policy(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = predecessor(scene, relation);
    if (!relation.row_security || !relation.policies.empty()) continue;
    if (was != nullptr && was->row_security && was->policies.empty()) continue;
    Held held;
    if (was != nullptr && !was->row_security) {
      each_right(scene.before.access, object_of(*was), [&](const Right& right, const Extent& had) {
        const Extent& has =
            extent_of(scene.after.access, {object_of(relation), right.role, right.privilege});
        if (is_used(right.privilege) && breadth(had) > 0 && has.what == "no row")
          held.add(right.role, right.privilege);
      });
    }
    findings.add(relation.name.quoted(),
                 fmt::format("{} has row security and no policy: {}", relation.name.display(),
                             held.empty() ? "only its owner and roles past row security see rows"
                                          : held.told("may") + " no row"),
                 "SECURITY");
    if (!held.empty()) findings.last().severity = "warning";
  }
}

constexpr std::array rules{
    Rule{"access.lost", "warning", "proved",
         "Queries of theirs that went through before the plan fail or find nothing.",
         "Keep it for as long as somebody uses it, or GRANT again in the same step.", rights_lost},
    Rule{
        "access.lost-on-recreate", "warning", "proved",
        "DROP and CREATE leave grants, comments and options behind; default privileges apply anew.",
        "CREATE OR REPLACE or ALTER; else GRANT again in the same step.", lost_on_recreate},
    Rule{"access.row-security-without-policy", "info", "proved",
         "Where the application reads it as another role, it sees an empty table.",
         "CREATE POLICY, or accept = { … } where this is meant.", without_policy},
};

}  // namespace

std::span<const Rule> loss_rules() { return rules; }

}  // namespace engine::preview
