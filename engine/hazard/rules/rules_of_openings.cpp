// Hazards of access that opens: what roles may do that they could not before.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "hazard/rules/access_words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// Columns that stood and that it may not have had.
bool has_more_columns(const Relation& was, const database_state::Extent& had,
                      const database_state::Extent& has) {
  if (had.columns.empty()) return false;
  if (has.columns.empty()) return true;
  return std::any_of(has.columns.begin(), has.columns.end(), [&](const std::string& column) {
    return std::find(had.columns.begin(), had.columns.end(), column) == had.columns.end() &&
           std::any_of(was.columns.begin(), was.columns.end(), [&](const catalog::Column& one) {
             return quote_identifier(one.name) == column;
           });
  });
}

bool opens(const Relation& was, const database_state::Extent& had,
           const database_state::Extent& has) {
  if (database_state::breadth(has) == 0) return false;
  if (database_state::breadth(had) > 0) return has_more_columns(was, had, has);
  // It was the tables below that the reader of a view lacked: they are told.
  return had.what.empty() || had.what == "no row";
}

std::string how_far(const database_state::Extent& had, const database_state::Extent& has) {
  if (database_state::breadth(had) == 0) return has.told();
  return has.told() + ", previously " + had.told();
}

/// What nobody narrows for an ordinary role either.
bool is_unguarded(const database_state::Extent& extent) {
  return extent.what == "every row" || extent.what == "as its owner";
}

/// The statement that let the role in: a new policy, or a GRANT.
const trace::StatementTrace* opening(const RuleContext& context, const Relation& was,
                                     const Relation& now, const std::string& privilege,
                                     const database_state::Extent& extent) {
  for (const std::string& name : extent.policies) {
    if (was.policy(name) == nullptr) return context.about(now.name.quoted(), name);
  }
  const trace::StatementTrace* granted =
      with_word(context, now.name.quoted(), {"GRANT " + privilege, "GRANT ALL"});
  return granted != nullptr && trace::says(*granted, "GRANT")
             ? granted
             : with_word(context, now.name.quoted(), {"GRANT", "POLICY", "SECURITY"});
}

void opened(const RuleContext& context, Findings& findings) {
  Alike alike;
  each_kept(context, [&](const Relation& was, const Relation& now) {
    const bool told_as_matview = now.kind == 'm' && open_to(was).empty();
    // By severity and statement; then by how far.
    std::map<std::pair<Severity, const trace::StatementTrace*>, std::map<std::string, Held>> opened;
    each_right(context.after.access, object_of(now),
               [&](const database_state::Right& right, const database_state::Extent& has) {
                 const database_state::Extent& had = extent_of(
                     context.before.access, {object_of(was), right.role, right.privilege});
                 const bool is_open = is_public(right.role);
                 if (!opens(was, had, has) || (is_open && told_as_matview) ||
                     !context.before.objects.contains("role " + right.role))
                   return;
                 opened[{is_open || is_unguarded(has) ? Severity::warning : Severity::info,
                         opening(context, was, now, right.privilege, has)}][how_far(had, has)]
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
const trace::StatementTrace* made(const RuleContext& context, const Relation& view) {
  const trace::StatementTrace* found = nullptr;
  for (const trace::StatementTrace& statement : context.statements) {
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event == "command" && nested.object == view.name.quoted() &&
          nested.tag.starts_with("CREATE "))
        found = &statement;
    }
  }
  return found;
}

/// Roles that stand for whoever comes, and that read all of its rows as before.
std::vector<std::string> still_reading(const RuleContext& context, const Relation& was,
                                       const Relation& now) {
  std::vector<std::string> roles;
  each_right(context.after.access, object_of(now),
             [&](const database_state::Right& right, const database_state::Extent& has) {
               const database_state::Extent& had =
                   extent_of(context.before.access, {object_of(was), right.role, right.privilege});
               if (right.privilege == "SELECT" && is_public(right.role) && is_unguarded(has) &&
                   has.columns.empty() && is_unguarded(had))
                 roles.push_back(right.role);
             });
  return roles;
}

/// But those that only have another name.
std::vector<std::string> columns_added(const RuleContext& context, const Relation& was,
                                       const Relation& now) {
  std::vector<std::string> added;
  for (const catalog::Column& column : now.columns) {
    const bool renamed = std::any_of(
        context.statements.begin(), context.statements.end(), [&](const auto& statement) {
          return trace::says(statement, "RENAME") && trace::says(statement, "TO " + column.name);
        });
    if (was.column(column.name) == nullptr && !renamed) added.push_back(column.name);
  }
  return added;
}

void shows_more(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
    const std::vector<std::string> roles = still_reading(context, was, now);
    if (roles.empty()) return;
    const std::vector<std::string> added = columns_added(context, was, now);
    const trace::StatementTrace* statement = database_state::is_table(now)
                                                 ? with_word(context, now.name.quoted(), {"ADD"})
                                                 : made(context, now);
    if (database_state::is_table(now)
            ? added.empty()
            : statement == nullptr || was.view_definition == now.view_definition)
      return;
    findings.add_at(statement, now.name.quoted(),
                    fmt::format("{} may read {} without row security, and {}", text::listed(roles),
                                now.name.display(),
                                added.empty() ? "the plan changes its query"
                                              : "the plan adds columns: " + text::listed(added)));
  });
}

constexpr std::array rules{
    Rule{"access.opened", Severity::warning, Evidence::proved,
         "The roles did not have this access before the plan.",
         "REVOKE what is not meant, and GRANT only on the columns and tables that are.", opened},
    Rule{"access.shows-more", Severity::warning, Evidence::proved,
         "Roles that read it without row security see the new content, in all rows, as soon as the "
         "step commits.",
         "Put what is not for everybody into a view or table of its own, or use WITH "
         "(security_invoker = true).",
         shows_more},
};

}  // namespace

std::span<const Rule> opening_rules() { return rules; }

}  // namespace engine::hazard
