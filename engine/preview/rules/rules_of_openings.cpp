// Hazards of access that opens: what roles may do that they could not before.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "preview/rules/access_words.h"

namespace engine::preview {
namespace {

using catalog::Relation;

/// Columns that stood and that it may not have had.
bool has_more_columns(const Relation& was, const Extent& had, const Extent& has) {
  if (had.columns.empty()) return false;
  if (has.columns.empty()) return true;
  return std::any_of(has.columns.begin(), has.columns.end(), [&](const std::string& column) {
    return std::find(had.columns.begin(), had.columns.end(), column) == had.columns.end() &&
           std::any_of(was.columns.begin(), was.columns.end(), [&](const catalog::Column& one) {
             return quote_identifier(one.name) == column;
           });
  });
}

bool opens(const Relation& was, const Extent& had, const Extent& has) {
  if (breadth(has) == 0) return false;
  if (breadth(had) > 0) return has_more_columns(was, had, has);
  // It was the tables below that the reader of a view lacked: they are told.
  return had.what.empty() || had.what == "no row";
}

std::string how_far(const Extent& had, const Extent& has) {
  if (breadth(had) == 0) return has.told();
  return has.told() + ", where it was " + had.told();
}

/// What nobody narrows for an ordinary role either.
bool is_unguarded(const Extent& extent) {
  return extent.what == "every row" || extent.what == "as its owner";
}

/// The statement that let the role in: a new policy, or a GRANT.
const StatementTrace* opening(const Scene& scene, const Relation& was, const Relation& now,
                              const std::string& privilege, const Extent& extent) {
  for (const std::string& name : extent.policies) {
    if (was.policy(name) == nullptr) return scene.about(now.name.quoted(), name);
  }
  const StatementTrace* granted =
      with_word(scene, now.name.quoted(), {"GRANT " + privilege, "GRANT ALL"});
  return granted != nullptr && says(*granted, "GRANT")
             ? granted
             : with_word(scene, now.name.quoted(), {"GRANT", "POLICY", "SECURITY"});
}

void opened(const Scene& scene, Findings& findings) {
  Alike alike;
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    const bool told_as_matview = now.kind == 'm' && open_to(was).empty();
    // By severity and statement; then by how far.
    std::map<std::pair<std::string, const StatementTrace*>, std::map<std::string, Held>> opened;
    each_right(scene.after.access, object_of(now), [&](const Right& right, const Extent& has) {
      const Extent& had =
          extent_of(scene.before.access, {object_of(was), right.role, right.privilege});
      const bool is_open = is_public(right.role);
      if (!opens(was, had, has) || (is_open && told_as_matview) ||
          !scene.before.objects.contains("role " + right.role))
        return;
      opened[{is_open || is_unguarded(has) ? "warning" : "info",
              opening(scene, was, now, right.privilege, has)}][how_far(had, has)]
          .add(right.role, right.privilege);
    });
    for (const auto& [key, by_extent] : opened) {
      std::vector<std::string> parts;
      for (const auto& [far, held] : by_extent)
        parts.push_back(fmt::format("{} ({})", held.told("may"), far));
      alike.add(text::joined(parts, "; "), key.first, now.name.quoted(), now.name.display(),
                key.second);
    }
  });
  for (const auto& [key, objects] : alike.all()) {
    const std::string message =
        fmt::format("{}: {}", Alike::listed(objects.names), std::get<1>(key));
    findings.add_at(objects.statement, objects.first, message);
    findings.last().severity = std::get<0>(key);
  }
}

/// Did the plan say what it shows?
const StatementTrace* made(const Scene& scene, const Relation& view) {
  const StatementTrace* found = nullptr;
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event == "command" && nested.object == view.name.quoted() &&
          nested.tag.starts_with("CREATE "))
        found = &statement;
    }
  }
  return found;
}

/// Roles that stand for whoever comes, and that read all of its rows as before.
std::vector<std::string> still_reading(const Scene& scene, const Relation& was,
                                       const Relation& now) {
  std::vector<std::string> roles;
  each_right(scene.after.access, object_of(now), [&](const Right& right, const Extent& has) {
    const Extent& had =
        extent_of(scene.before.access, {object_of(was), right.role, right.privilege});
    if (right.privilege == "SELECT" && is_public(right.role) && is_unguarded(has) &&
        has.columns.empty() && is_unguarded(had))
      roles.push_back(right.role);
  });
  return roles;
}

/// But those that only have another name.
std::vector<std::string> columns_added(const Scene& scene, const Relation& was,
                                       const Relation& now) {
  std::vector<std::string> added;
  for (const catalog::Column& column : now.columns) {
    const bool renamed =
        std::any_of(scene.statements.begin(), scene.statements.end(), [&](const auto& statement) {
          return says(statement, "RENAME") && says(statement, "TO " + column.name);
        });
    if (was.column(column.name) == nullptr && !renamed) added.push_back(column.name);
  }
  return added;
}

void shows_more(const Scene& scene, Findings& findings) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    const std::vector<std::string> roles = still_reading(scene, was, now);
    if (roles.empty()) return;
    const std::vector<std::string> added = columns_added(scene, was, now);
    const StatementTrace* statement =
        is_table(now) ? with_word(scene, now.name.quoted(), {"ADD"}) : made(scene, now);
    if (is_table(now) ? added.empty()
                      : statement == nullptr || was.view_definition == now.view_definition)
      return;
    findings.add_at(statement, now.name.quoted(),
                    fmt::format("{} may read {} without row security, and {}", text::listed(roles),
                                now.name.display(),
                                added.empty() ? "it is another query now"
                                              : "it has more columns: " + text::listed(added)));
  });
}

constexpr std::array rules{
    Rule{"access.opened", "warning", "proved", "It was not so before the plan.",
         "REVOKE what is not meant; GRANT on the columns and tables that are.", opened},
    Rule{"access.shows-more", "warning", "proved",
         "Whoever comes sees them at this commit, all rows of it.",
         "A view or table of its own for what is not for everybody, or WITH (security_invoker = "
         "true).",
         shows_more},
};

}  // namespace

std::span<const Rule> opening_rules() { return rules; }

}  // namespace engine::preview
