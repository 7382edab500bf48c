#include "preview/rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "preview/rule_words.h"

namespace engine::preview {
namespace {

constexpr std::int64_t few_rows = 10'000;
constexpr std::int64_t few_bytes = 8 << 20;

}  // namespace

bool was_there(const Picture& before, const Lock& lock) {
  const catalog::Relation* table = before.relation(lock.table);
  if (table == nullptr || lock.relation == lock.table) return table != nullptr;
  return std::any_of(
      table->indexes.begin(), table->indexes.end(),
      [&](const catalog::Index& index) { return index.name.quoted() == lock.relation; });
}

std::string Scene::size(const std::string& table) const {
  const auto found = facts.find(table);
  if (found == facts.end()) return "of unknown size";
  if (found->second.rows < 0)
    return fmt::format("never analyzed, {}", text::bytes(found->second.bytes));
  return fmt::format("about {} rows, {}", text::grouped(found->second.rows),
                     text::bytes(found->second.bytes));
}

bool Scene::is_small(const std::string& table) const {
  const auto found = facts.find(table);
  return found != facts.end() && found->second.rows >= 0 && found->second.rows < few_rows &&
         found->second.bytes < few_bytes;
}

const StatementTrace* Scene::about(const std::string& object, std::string_view word) const {
  const std::string bare = bare_name(object);
  const StatementTrace* found = nullptr;
  int best = 0;
  for (const StatementTrace& statement : statements) {
    const bool told =
        std::any_of(statement.nested.begin(), statement.nested.end(), [&](const Nested& nested) {
          return nested.object == object || nested.object.starts_with(object + ".") ||
                 nested.object.ends_with(" on " + object);
        });
    const bool named = mentions(statement.sql, bare);
    if (!told && !named) continue;
    const int points = (told ? 1 : 0) + (named ? 1 : 0) + (mentions(statement.sql, word) ? 2 : 0);
    if (points < best) continue;
    best = points;
    found = &statement;
  }
  return found;
}

void Findings::add_bare(const std::string& object, std::string message) {
  runner::Finding finding;
  finding.rule = rule_->id;
  finding.severity = rule_->severity;
  finding.evidence = rule_->evidence;
  finding.relation = object;
  finding.message = std::move(message) + ". " + rule_->what;
  finding.safer = rule_->safer;
  found_.push_back(std::move(finding));
}

void Findings::add(const StatementTrace& statement, const std::string& relation,
                   std::string message) {
  add_bare(relation, std::move(message));
  runner::Finding& finding = found_.back();
  finding.step = statement.step;
  finding.file = statement.file;
  finding.line = statement.line;
  finding.sql = statement.sql;
}

void Findings::add_by_size(const StatementTrace& statement, const std::string& relation,
                           std::string message) {
  add(statement, relation, std::move(message));
  if (scene_.is_small(relation)) found_.back().severity = "info";
}

void Findings::add(const std::string& object, std::string message, std::string_view word) {
  if (const StatementTrace* statement = scene_.about(object, word)) {
    add(*statement, object, std::move(message));
  } else {
    add_bare(object, std::move(message));
  }
}

const std::vector<RuleGroup>& rule_groups() {
  static const std::vector<RuleGroup> groups{{"Indexes", index_rules()},
                                             {"Constraints", constraint_rules()},
                                             {"Columns", column_rules()},
                                             {"Tables", table_rules()},
                                             {"Rows", row_rules()},
                                             {"Types and names", type_rules()},
                                             {"Code", code_rules()},
                                             {"Locks and transactions", lock_rules()},
                                             {"Access", access_rules()},
                                             {"Row security", policy_rules()},
                                             {"The target's rows", data_rules()},
                                             {"What a shadow cannot show", outside_rules()}};
  return groups;
}

std::vector<std::string> rule_ids() {
  std::vector<std::string> ids;
  for (const RuleGroup& group : rule_groups()) {
    for (const Rule& rule : group.rules) ids.emplace_back(rule.id);
  }
  return ids;
}

std::vector<runner::Finding> examine(const Scene& scene) {
  Findings findings{scene};
  for (const RuleGroup& group : rule_groups()) {
    for (const Rule& rule : group.rules) {
      findings.rule_is(rule);
      rule.find(scene, findings);
    }
  }
  return std::move(findings.all());
}

}  // namespace engine::preview
