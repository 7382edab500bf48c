// Hazards of publications: what replicas and listeners no longer get.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "preview/rules/access_words.h"

namespace engine::preview {
namespace {

using catalog::Relation;

/// The table that stands under its name, else itself under another one; nullptr: it is gone.
const Relation* table_now(const Scene& scene, const Relation& was) {
  const Relation* now = scene.after.relation(was.name.quoted());
  if (now != nullptr && is_table(*now)) return now;
  const auto itself = std::find_if(scene.after.relations.begin(), scene.after.relations.end(),
                                   [&](const Relation& one) { return one.oid == was.oid; });
  return itself == scene.after.relations.end() ? nullptr : &*itself;
}

std::vector<std::string> without(const std::set<std::string>& all,
                                 const std::set<std::string>& kept) {
  std::vector<std::string> lost;
  std::set_difference(all.begin(), all.end(), kept.begin(), kept.end(), std::back_inserter(lost));
  return lost;
}

/// What it no longer sends; "" where it sends as much.
std::string less(const Published& was, const Published& is, const Relation& now) {
  const std::vector<std::string> operations = without(was.operations, is.operations);
  if (!operations.empty()) return text::listed(operations) + " of";
  std::vector<std::string> columns = without(was.columns, is.columns);
  std::erase_if(columns, [&](const std::string& name) { return now.column(name) == nullptr; });
  if (!columns.empty()) return fmt::format("column {} of", text::listed(columns));
  if (was.filter != is.filter && !is.filter.empty())
    return fmt::format("rows beyond {} of", is.filter);
  return "";
}

/// A partition of it is sent under its own name.
bool sends_a_partition(const Scene& scene, const std::string& publication, const Relation& now) {
  return std::any_of(now.children.begin(), now.children.end(), [&](const QualifiedName& child) {
    return scene.after.publications.contains({publication, child.quoted()});
  });
}

/// The last one about the publication, best with the table; else what renamed the table.
const StatementTrace* narrowing(const Scene& scene, const std::string& publication,
                                const std::string& table) {
  const StatementTrace* named = nullptr;
  const StatementTrace* about = nullptr;
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "PUBLICATION") || !says(statement, publication)) continue;
    about = &statement;
    if (says(statement, bare_name(table))) named = &statement;
  }
  if (named != nullptr) return named;
  return about != nullptr ? about : with_word(scene, table, {"RENAME", "SET SCHEMA"});
}

void narrowed(const Scene& scene, Findings& findings) {
  Alike alike;
  for (const auto& [key, was] : scene.before.publications) {
    const auto& [publication, name] = key;
    const Relation* table = scene.before.relation(name);
    const Relation* now = table == nullptr ? nullptr : table_now(scene, *table);
    if (now == nullptr || sends_a_partition(scene, publication, *now)) continue;
    const auto is = scene.after.publications.find({publication, now->name.quoted()});
    const bool gone = is == scene.after.publications.end();
    const std::string lost = gone ? "" : less(was, is->second, *now);
    if (!gone && lost.empty()) continue;
    alike.add(fmt::format("Publication {} no longer sends {}", publication, lost), "warning", name,
              table->name.display(), narrowing(scene, publication, name));
  }
  for (const auto& [key, tables] : alike.all()) {
    const std::string& words = std::get<1>(key);
    findings.add_at(
        tables.statement, tables.first,
        fmt::format("{}{}{}", words, words.ends_with(' ') ? "" : " ", Alike::listed(tables.names)));
  }
}

constexpr std::array rules{
    Rule{"publication.narrowed", "warning", "proved",
         "Replicas and realtime listeners get no change of it from this commit on, and what they "
         "miss does not come later.",
         "ALTER PUBLICATION … ADD TABLE in the same step.", narrowed},
};

}  // namespace

std::span<const Rule> publication_rules() { return rules; }

}  // namespace engine::preview
