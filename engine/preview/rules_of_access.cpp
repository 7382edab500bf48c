// Hazards of access: who can see or change what they could not before.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "preview/rule.h"

namespace engine::preview {
namespace {

using catalog::Relation;

// Roles that stand for whoever comes: by Supabase's and PostgREST's names.
constexpr std::array<std::string_view, 3> public_roles{"PUBLIC", "anon", "authenticated"};

bool is_public(const std::string& role) {
  return std::find(public_roles.begin(), public_roles.end(), role) != public_roles.end();
}

/// Privileges that public roles have on it, and that row security could narrow.
std::vector<std::string> open_to(const Relation& relation) {
  std::vector<std::string> roles;
  for (const catalog::Grant& grant : relation.grants) {
    if (is_public(grant.grantee) &&
        std::find(roles.begin(), roles.end(), grant.grantee) == roles.end())
      roles.push_back(grant.grantee);
  }
  return roles;
}

bool is_table(const Relation& relation) { return relation.kind == 'r' || relation.kind == 'p'; }

void table_without_row_security(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    if (!is_table(relation) || relation.row_security || scene.stood(relation.name.quoted()))
      continue;
    const std::vector<std::string> roles = open_to(relation);
    if (roles.empty()) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("The new table {} is open to {} and has no row security",
                             relation.name.display(), text::joined(roles, ", ")));
  }
}

void row_security_off(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    if (was == nullptr || !was->row_security || relation.row_security) continue;
    findings.add(
        relation.name.quoted(),
        fmt::format("Row security of {} was on and is off afterwards", relation.name.display()));
  }
}

void row_security_without_policy(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    if (!relation.row_security || !relation.policies.empty()) continue;
    if (was != nullptr && was->row_security && was->policies.empty()) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("{} has row security and no policy: only its owner and roles past row "
                             "security see rows",
                             relation.name.display()));
  }
}

bool is_true(const std::string& expression) { return expression == "true"; }

void policy_for_everyone(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    const Relation* was = scene.before.relation(relation.name.quoted());
    for (const catalog::Policy& policy : relation.policies) {
      if (!policy.permissive || (was != nullptr && was->policy(policy.name) != nullptr)) continue;
      const bool open = std::any_of(policy.roles.begin(), policy.roles.end(), is_public);
      if (!open || !(is_true(policy.using_expression) || is_true(policy.check_expression)))
        continue;
      findings.add(relation.name.quoted(),
                   fmt::format("Policy \"{}\" of {} lets {} {} every row", policy.name,
                               relation.name.display(), text::joined(policy.roles, ", "),
                               policy.command == "ALL" ? "do anything with" : policy.command));
    }
  }
}

void matview_exposed(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    if (relation.kind != 'm') continue;
    const Relation* was = scene.before.relation(relation.name.quoted());
    const std::vector<std::string> roles = open_to(relation);
    if (roles.empty() || (was != nullptr && !open_to(*was).empty())) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("The materialized view {} is open to {}", relation.name.display(),
                             text::joined(roles, ", ")));
  }
}

void view_as_owner(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.after.relations) {
    if (relation.kind != 'v' || scene.stood(relation.name.quoted())) continue;
    const bool invoker = std::any_of(
        relation.options.begin(), relation.options.end(), [](const std::string& option) {
          return option == "security_invoker=true" || option == "security_invoker=on" ||
                 option == "security_invoker=1";
        });
    const std::vector<std::string> roles = open_to(relation);
    if (invoker || roles.empty()) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("The new view {} reads as its owner ({}) and is open to {}",
                             relation.name.display(), relation.owner, text::joined(roles, ", ")));
  }
}

void definer_without_search_path(const Scene& scene, Findings& findings) {
  for (const auto& [object, definition] : scene.after.objects) {
    if (!object.starts_with("function ") && !object.starts_with("procedure ")) continue;
    const auto was = scene.before.objects.find(object);
    if (was != scene.before.objects.end() && was->second == definition) continue;
    if (definition.find("SECURITY DEFINER") == std::string::npos ||
        definition.find("SET search_path") != std::string::npos)
      continue;
    findings.add(object, fmt::format("{} runs as its owner with the caller's search_path", object));
  }
}

void opened(const Scene& scene, Findings& findings) {
  for (const Relation& relation : scene.before.relations) {
    const std::string name = relation.name.quoted();
    std::vector<std::string> lines;
    for (const std::string& line : scene.after.access) {
      const std::string role = line.substr(0, line.find(' '));
      if (!is_public(role) || scene.before.access.contains(line)) continue;
      if (line.find(" " + name) == std::string::npos) continue;
      const std::size_t end = line.find(" " + name) + 1 + name.size();
      if (end != line.size() && line[end] != ' ' && line[end] != ',') continue;
      const std::string right = line.substr(0, end);
      const bool had = std::any_of(
          scene.before.access.begin(), scene.before.access.end(), [&](const std::string& before) {
            return before == right || before.starts_with(right + ", rows by policy");
          });
      if (!had && line.find(", no row") == std::string::npos) lines.push_back(line);
    }
    if (lines.empty()) continue;
    findings.add(name, fmt::format("New for roles that stand for whoever comes: {}",
                                   text::joined(lines, "; ")));
  }
}

constexpr std::array rules{
    Rule{"access.table-without-row-security", "danger",
         "Whoever holds the API key can read and change all of its rows.",
         "ALTER TABLE … ENABLE ROW LEVEL SECURITY and policies in the same step, or REVOKE.",
         table_without_row_security},
    Rule{"access.row-security-off", "danger", "Policies that stand there no longer count.",
         "Leave it enabled; change the policies instead.", row_security_off},
    Rule{"access.row-security-without-policy", "info",
         "Where the application reads it as another role, it sees an empty table.",
         "CREATE POLICY, or say in the plan that this is meant.", row_security_without_policy},
    Rule{"access.policy-for-everyone", "warning", "Row security then narrows nothing for them.",
         "Name whose rows they are: USING (auth.uid() = user_id).", policy_for_everyone},
    Rule{"access.matview-exposed", "danger",
         "Row security does not apply to materialized views: they show every row.",
         "REVOKE ALL ON it FROM anon, authenticated, and read it through a function or a view.",
         matview_exposed},
    Rule{"access.view-as-owner", "warning",
         "Row security of the tables below is checked against the owner, not the reader.",
         "CREATE VIEW … WITH (security_invoker = true), from PostgreSQL 15 on.", view_as_owner},
    Rule{"access.definer-search-path", "warning",
         "Whoever may create objects in a schema of that path can run code as the owner.",
         "SET search_path = '' on the function, and qualify every name in it.",
         definer_without_search_path},
    Rule{"access.opened", "warning", "It was not so before the plan.", "REVOKE what is not meant.",
         opened},
};

}  // namespace

std::span<const Rule> access_rules() { return rules; }

}  // namespace engine::preview
