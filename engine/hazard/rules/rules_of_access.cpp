// Hazards of access: who can see or change what they could not before.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "hazard/rules/access_words.h"
#include "hazard/rules/bodies.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// Whom an ACL lets do that, as aclitem prints it: "{=X/postgres,anon=X/postgres}". Where there is
/// none, a function is everybody's.
std::vector<std::string> grantees(const std::string& acl, char privilege) {
  std::vector<std::string> roles;
  for (std::size_t at = acl.find('{'); at != std::string::npos && at + 1 < acl.size();) {
    const std::size_t end = acl.find_first_of(",}", at + 1);
    if (end == std::string::npos) break;
    const std::string item = acl.substr(at + 1, end - at - 1);
    const auto equals = item.find('=');
    const auto slash = item.find('/');
    if (equals != std::string::npos && slash != std::string::npos &&
        item.substr(equals, slash - equals).find(privilege) != std::string::npos)
      roles.push_back(equals == 0 ? "PUBLIC" : item.substr(0, equals));
    at = end;
  }
  return roles;
}

/// What follows "owner name" in a picture's last line.
std::string acl_of(const std::string& definition) {
  const auto owner = definition.rfind("owner ");
  const auto acl = definition.find('{', owner == std::string::npos ? 0 : owner);
  return acl == std::string::npos ? "" : definition.substr(acl);
}

bool may_use_schema(const RuleContext& context, const Relation& relation, const std::string& role) {
  const auto schema =
      context.after.objects.find("schema " + quote_identifier(relation.name.schema));
  if (schema == context.after.objects.end()) return true;
  const std::vector<std::string> users = grantees(acl_of(schema->second), 'U');
  return std::any_of(users.begin(), users.end(),
                     [&](const std::string& user) { return user == role || user == "PUBLIC"; });
}

/// "anon may SELECT", of roles that stand for whoever comes.
std::vector<std::string> reach(const RuleContext& context, const Relation& relation) {
  std::vector<std::string> lines;
  for (const std::string& role : open_to(relation)) {
    if (role != "PUBLIC" && !may_use_schema(context, relation, role)) continue;
    std::vector<std::string> privileges;
    for (const catalog::Grant& grant : relation.grants) {
      if (grant.grantee == role) privileges.push_back(grant.privilege);
    }
    lines.push_back(fmt::format("{} may {}", role, text::listed(privileges)));
  }
  return lines;
}

void table_without_row_security(const RuleContext& context, Findings& findings) {
  each_new_table(context, [&](const Relation& table) {
    const std::vector<std::string> lines = reach(context, table);
    if (table.row_security || lines.empty()) return;
    findings.add(table.name.quoted(), fmt::format("The new table {} has no row security: {}",
                                                  table.name.display(), text::joined(lines, "; ")));
  });
}

void matview_exposed(const RuleContext& context, Findings& findings) {
  for (const Relation& relation : context.after.relations) {
    if (relation.kind != 'm') continue;
    const Relation* was = context.before.relation(relation.name.quoted());
    const std::vector<std::string> roles = open_to(relation);
    if (roles.empty() || (was != nullptr && !open_to(*was).empty())) continue;
    findings.add(relation.name.quoted(),
                 fmt::format("Materialized view {} is open to {}", relation.name.display(),
                             text::joined(roles, ", ")));
  }
}

/// Does it read a table with row security, as far as its text says?
bool reads_guarded(const RuleContext& context, const Relation& view) {
  return std::any_of(context.after.relations.begin(), context.after.relations.end(),
                     [&](const Relation& table) {
                       return table.row_security &&
                              names(view.view_definition, table.name.schema, table.name.name);
                     });
}

/// Roles besides those that stand for whoever comes, which read all rows where policies would
/// narrow them.
std::vector<std::string> others_past_policies(const RuleContext& context, const Relation& view) {
  std::vector<std::string> roles;
  if (!reads_guarded(context, view)) return roles;
  each_right(context.after.access, object_of(view),
             [&](const database_state::Right& right, const database_state::Extent& extent) {
               const auto role = context.after.objects.find("role " + right.role);
               const bool bypasses = role != context.after.objects.end() &&
                                     role->second.find(" BYPASSRLS") != std::string::npos;
               if (right.privilege == "SELECT" && extent.what == "as its owner" &&
                   !is_public(right.role) && !bypasses)
                 roles.push_back(right.role);
             });
  return roles;
}

void view_as_owner(const RuleContext& context, Findings& findings) {
  for (const Relation& relation : context.after.relations) {
    if (relation.kind != 'v' || predecessor(context, relation) != nullptr) continue;
    const bool invoker = std::any_of(
        relation.options.begin(), relation.options.end(), [](const std::string& option) {
          return option == "security_invoker=true" || option == "security_invoker=on" ||
                 option == "security_invoker=1";
        });
    std::vector<std::string> roles = open_to(relation);
    if (roles.empty()) roles = others_past_policies(context, relation);
    if (invoker || roles.empty()) continue;
    findings.add(
        relation.name.quoted(),
        fmt::format("The new view {} reads with the privileges of its owner ({}) and is open to {}",
                    relation.name.display(), relation.owner, Alike::listed(roles)));
  }
}

/// A function that is new or has changed: its name without arguments, and its definition.
template <typename Call>
void each_changed_function(const RuleContext& context, Call call) {
  for (const auto& [object, definition] : context.after.objects) {
    if (!database_state::is_function(object)) continue;
    const auto was = context.before.objects.find(object);
    if (was != context.before.objects.end() && was->second == definition) continue;
    const std::string name = object.substr(object.find(' ') + 1);
    call(object, name.substr(0, name.find('(')), definition);
  }
}

void definer_without_search_path(const RuleContext& context, Findings& findings) {
  each_changed_function(context, [&](const std::string& object, const std::string& name,
                                     const std::string& definition) {
    if (definition.find("SECURITY DEFINER") == std::string::npos ||
        definition.find("SET search_path") != std::string::npos)
      return;
    findings.add(name, fmt::format("{} runs as its owner with the caller's search_path", object));
  });
}

void definer_exposed(const RuleContext& context, Findings& findings) {
  each_changed_function(context, [&](const std::string& object, const std::string& name,
                                     const std::string& definition) {
    const std::string acl = acl_of(definition);
    std::vector<std::string> roles =
        acl.empty() ? std::vector<std::string>{"PUBLIC"} : grantees(acl, 'X');
    std::erase_if(roles, [](const std::string& role) { return !is_public(role); });
    if (definition.find("SECURITY DEFINER") == std::string::npos || roles.empty() ||
        definition.find("RETURNS trigger") != std::string::npos)
      return;
    findings.add(name, fmt::format("{} runs as its owner and can be called by {}", object,
                                   text::listed(roles)));
  });
}

void schema_create(const RuleContext& context, Findings& findings) {
  for (const auto& [object, definition] : context.after.objects) {
    if (!object.starts_with("schema ")) continue;
    const auto was = context.before.objects.find(object);
    std::vector<std::string> had;
    if (was != context.before.objects.end()) had = grantees(acl_of(was->second), 'C');
    for (const std::string& role : grantees(acl_of(definition), 'C')) {
      if (!is_public(role) || std::find(had.begin(), had.end(), role) != had.end()) continue;
      findings.add(object.substr(7), fmt::format("{} may create objects in {}", role, object),
                   "GRANT");
    }
  }
}

void default_privileges(const RuleContext& context, Findings& findings) {
  for (const auto& [object, definition] : context.after.objects) {
    const auto was = context.before.objects.find(object);
    if (!object.starts_with("default privileges ") ||
        (was != context.before.objects.end() && was->second == definition))
      continue;
    const bool open = definition.find("{=") != std::string::npos ||
                      definition.find(",=") != std::string::npos ||
                      definition.find("anon=") != std::string::npos ||
                      definition.find("authenticated=") != std::string::npos;
    if (!open) continue;
    const trace::StatementTrace* found = nullptr;
    for (const trace::StatementTrace& statement : context.statements)
      if (statement.tag == "ALTER DEFAULT PRIVILEGES") found = &statement;
    const std::string message = fmt::format("The {} are now {}", object, definition);
    if (found == nullptr) {
      findings.add(object, message);
    } else {
      findings.add(*found, object, message);
    }
  }
}

void grant_option(const RuleContext& context, Findings& findings) {
  for (const Relation& now : context.after.relations) {
    const Relation* was = context.before.relation(now.name.quoted());
    std::set<std::string> roles;
    for (const catalog::Grant& grant : now.grants) {
      if (!grant.grantable || grant.grantee == now.owner) continue;
      if (was == nullptr ||
          std::find(was->grants.begin(), was->grants.end(), grant) == was->grants.end())
        roles.insert(grant.grantee);
    }
    if (roles.empty()) continue;
    findings.add(now.name.quoted(),
                 fmt::format("{} may grant privileges on {} to others",
                             text::listed({roles.begin(), roles.end()}), now.name.display()),
                 "GRANT");
  }
}

void owner_changed(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    if (was.owner == now.owner) return;
    findings.add(now.name.quoted(),
                 fmt::format("The plan changes the owner of {} from {} to {}", now.name.display(),
                             was.owner, now.owner),
                 "OWNER");
  });
}

void auth_users(const RuleContext& context, Findings& findings) {
  for (const Relation& view : context.after.relations) {
    const Relation* was = context.before.relation(view.name.quoted());
    if ((view.kind != 'v' && view.kind != 'm') || open_to(view).empty() ||
        view.view_definition.find("auth.users") == std::string::npos)
      continue;
    if (was != nullptr && was->view_definition == view.view_definition && !open_to(*was).empty())
      continue;
    findings.add(view.name.quoted(), fmt::format("{} reads auth.users and is open to {}",
                                                 view.name.display(), text::listed(open_to(view))));
  }
}

void role_changed(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    const std::string& tag = statement.tag;
    if (tag != "CREATE ROLE" && tag != "ALTER ROLE" && tag != "DROP ROLE" && tag != "GRANT ROLE" &&
        tag != "REVOKE ROLE")
      continue;
    findings.add(statement, "", fmt::format("{} changes roles of the whole server", tag));
    if (trace::says(statement, "SUPERUSER") || trace::says(statement, "BYPASSRLS"))
      findings.last().severity = Severity::danger;
  }
}

constexpr std::array rules{
    Rule{"access.table-without-row-security", Severity::danger, Evidence::proved,
         "Without row security, anyone who holds the API key has these privileges on all rows of "
         "the table.",
         "Use ALTER TABLE … ENABLE ROW LEVEL SECURITY and policies in the same step, or REVOKE.",
         table_without_row_security},
    Rule{"access.matview-exposed", Severity::danger, Evidence::proved,
         "Row security does not apply to materialized views: they show every row to every reader.",
         "REVOKE ALL on the view FROM anon, authenticated, and read it through a function or a "
         "view.",
         matview_exposed},
    Rule{"access.view-as-owner", Severity::warning, Evidence::proved,
         "A view without security_invoker applies the row security of its tables to its owner, not "
         "to the reader.",
         "Use CREATE VIEW … WITH (security_invoker = true), from PostgreSQL 15 on.", view_as_owner},
    Rule{"access.auth-users-exposed", Severity::danger, Evidence::proved,
         "A view of auth.users shows its readers e-mail addresses and tokens of all accounts.",
         "Use a table of public profiles, or REVOKE ALL on the view FROM anon, authenticated.",
         auth_users},
    Rule{"access.definer-search-path", Severity::warning, Evidence::proved,
         "Anyone who may create objects in a schema of the caller's search_path can run code as "
         "the function's owner.",
         "SET search_path = '' on the function, and qualify every name in its body.",
         definer_without_search_path},
    Rule{"access.definer-exposed", Severity::warning, Evidence::proved,
         "PUBLIC has EXECUTE unless it is revoked, and the API offers the function as rpc.",
         "REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, anon, authenticated, and GRANT it only to the "
         "roles that need it.",
         definer_exposed},
    Rule{"access.grant-option", Severity::warning, Evidence::proved,
         "REVOKE from a role with grant option needs CASCADE, which also revokes what the role "
         "granted to others.",
         "Use GRANT without WITH GRANT OPTION.", grant_option},
    Rule{"access.schema-create", Severity::danger, Evidence::proved,
         "Roles that may create objects in a schema can shadow your objects for every search_path "
         "that lists it.",
         "REVOKE CREATE ON SCHEMA … FROM these roles.", schema_create},
    Rule{"access.default-privileges", Severity::warning, Evidence::proved,
         "Every object created from now on is open to PUBLIC, anon or authenticated, copies and "
         "backups of tables included.",
         "GRANT on each object that these roles need instead.", default_privileges},
    Rule{"access.owner-changed", Severity::warning, Evidence::proved,
         "The owner bypasses row security and alone may alter and drop the object; views read with "
         "their owner's privileges.",
         "GRANT what is needed instead of OWNER TO.", owner_changed},
    Rule{"access.role-changed", Severity::warning, Evidence::proved,
         "Other databases of the server see the change too, and a rollback of this database does "
         "not undo it.",
         "Let an administrator do it outside the plan: manual \"Role\" { … }.", role_changed},
};

}  // namespace

std::span<const Rule> access_rules() { return rules; }

}  // namespace engine::hazard
