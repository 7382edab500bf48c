// Hazards of publications: what replicas and listeners no longer get.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "hazard/rules/access_words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

/// The table that stands under its name, else itself under another one; nullptr: it is gone.
const Relation* table_now(const RuleContext& context, const Relation& was) {
  const Relation* now = context.after.relation(was.name.quoted());
  if (now != nullptr && database_state::is_table(*now)) return now;
  const auto itself = std::find_if(context.after.relations.begin(), context.after.relations.end(),
                                   [&](const Relation& one) { return one.oid == was.oid; });
  return itself == context.after.relations.end() ? nullptr : &*itself;
}

std::vector<std::string> without(const std::set<std::string>& all,
                                 const std::set<std::string>& kept) {
  std::vector<std::string> lost;
  std::set_difference(all.begin(), all.end(), kept.begin(), kept.end(), std::back_inserter(lost));
  return lost;
}

/// What it no longer sends; "" where it sends as much.
std::string less(const database_state::Published& was, const database_state::Published& is,
                 const Relation& now) {
  const std::vector<std::string> operations = without(was.operations, is.operations);
  if (!operations.empty()) return text::listed(operations) + " of";
  std::vector<std::string> columns = without(was.columns, is.columns);
  std::erase_if(columns, [&](const std::string& name) { return now.column(name) == nullptr; });
  if (!columns.empty()) return fmt::format("column {} of", text::listed(columns));
  if (was.filter != is.filter && !is.filter.empty())
    return fmt::format("rows outside the filter {} of", is.filter);
  return "";
}

/// A partition of it is sent under its own name.
bool sends_a_partition(const RuleContext& context, const std::string& publication,
                       const Relation& now) {
  return std::any_of(now.children.begin(), now.children.end(), [&](const QualifiedName& child) {
    return context.after.publications.contains({publication, child.quoted()});
  });
}

/// The last one about the publication, best with the table; else what renamed the table.
const trace::StatementTrace* narrowing(const RuleContext& context, const std::string& publication,
                                       const std::string& table) {
  const trace::StatementTrace* named = nullptr;
  const trace::StatementTrace* about = nullptr;
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "PUBLICATION") || !trace::says(statement, publication)) continue;
    about = &statement;
    if (trace::says(statement, trace::bare_name(table))) named = &statement;
  }
  if (named != nullptr) return named;
  return about != nullptr ? about : with_word(context, table, {"RENAME", "SET SCHEMA"});
}

void narrowed(const RuleContext& context, Findings& findings) {
  Alike alike;
  for (const auto& [key, was] : context.before.publications) {
    const auto& [publication, name] = key;
    const Relation* table = context.before.relation(name);
    const Relation* now = table == nullptr ? nullptr : table_now(context, *table);
    if (now == nullptr || sends_a_partition(context, publication, *now)) continue;
    const auto is = context.after.publications.find({publication, now->name.quoted()});
    const bool gone = is == context.after.publications.end();
    const std::string lost = gone ? "" : less(was, is->second, *now);
    if (!gone && lost.empty()) continue;
    alike.add(fmt::format("Publication {} no longer sends {}", publication, lost),
              Severity::warning, name, table->name.display(),
              narrowing(context, publication, name));
  }
  for (const auto& [key, tables] : alike.all()) {
    const std::string& words = std::get<1>(key);
    findings.add_at(
        tables.statement, tables.first,
        fmt::format("{}{}{}", words, words.ends_with(' ') ? "" : " ", Alike::listed(tables.names)));
  }
}

constexpr std::array rules{
    Rule{"publication.narrowed", Severity::warning, Evidence::proved,
         "Replicas and realtime listeners miss every change that a publication no longer sends, "
         "and do not receive it later.",
         "Use ALTER PUBLICATION … ADD TABLE in the same step.", narrowed},
};

}  // namespace

std::span<const Rule> publication_rules() { return rules; }

}  // namespace engine::hazard
