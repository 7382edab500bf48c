#include "preview/rule.h"

#include <fmt/format.h>

#include "base/text.h"

namespace engine::preview {
namespace {

constexpr std::int64_t few_rows = 10'000;
constexpr std::int64_t few_bytes = 8 << 20;

std::string bytes(std::int64_t count) {
  if (count < 1 << 20) return fmt::format("{} kB", count >> 10);
  if (count < std::int64_t{1} << 30)
    return fmt::format("{:.1f} MB", static_cast<double>(count) / (1 << 20));
  return fmt::format("{:.1f} GB", static_cast<double>(count) / (1 << 30));
}

}  // namespace

std::string Scene::size(const std::string& table) const {
  const auto found = facts.find(table);
  if (found == facts.end()) return "of unknown size";
  if (found->second.rows < 0) return fmt::format("never analyzed, {}", bytes(found->second.bytes));
  return fmt::format("about {} rows, {}", text::grouped(found->second.rows),
                     bytes(found->second.bytes));
}

bool Scene::is_small(const std::string& table) const {
  const auto found = facts.find(table);
  return found != facts.end() && found->second.rows >= 0 && found->second.rows < few_rows &&
         found->second.bytes < few_bytes;
}

void Findings::add(const StatementTrace& statement, const std::string& relation,
                   std::string message) {
  add(relation, std::move(message));
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

void Findings::add(const std::string& relation, std::string message) {
  runner::Finding finding;
  finding.rule = rule_->id;
  finding.severity = rule_->severity;
  finding.evidence = "proved";
  finding.relation = relation;
  finding.message = std::move(message) + ". " + rule_->what;
  finding.safer = rule_->safer;
  found_.push_back(std::move(finding));
}

std::vector<runner::Finding> examine(const Scene& scene) {
  Findings findings{scene};
  for (const auto& rules : {lock_rules(), data_rules(), access_rules()}) {
    for (const Rule& rule : rules) {
      findings.rule_is(rule);
      rule.find(scene, findings);
    }
  }
  return std::move(findings.all());
}

}  // namespace engine::preview
