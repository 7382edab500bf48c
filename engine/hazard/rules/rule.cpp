#include "hazard/rules/rule.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
void Findings::add_bare(const std::string& object, std::string message) {
  event::Finding finding;
  finding.rule = rule_->id;
  finding.severity = rule_->severity;
  finding.evidence = rule_->evidence;
  finding.relation = object;
  finding.message = std::move(message) + ". " + rule_->what;
  finding.safer = rule_->safer;
  found_.push_back(std::move(finding));
}

void Findings::add(const trace::StatementTrace& statement, const std::string& relation,
                   std::string message) {
  add_bare(relation, std::move(message));
  event::Finding& finding = found_.back();
  finding.step = statement.step;
  finding.file = statement.file;
  finding.line = statement.line;
  finding.sql = statement.sql;
}

void Findings::add_by_size(const trace::StatementTrace& statement, const std::string& relation,
                           std::string message) {
  add(statement, relation, std::move(message));
  if (context_.is_small(relation)) found_.back().severity = Severity::info;
}

void Findings::add(const std::string& object, std::string message, std::string_view word) {
  add_at(context_.about(object, word), object, std::move(message));
}

void Findings::add_at(const trace::StatementTrace* statement, const std::string& object,
                      std::string message) {
  if (statement != nullptr) {
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
                                             {"Names", name_rules()},
                                             {"Publications", publication_rules()},
                                             {"Locks and transactions", lock_rules()},
                                             {"Access", access_rules()},
                                             {"Access that opens", opening_rules()},
                                             {"Access that closes", loss_rules()},
                                             {"Row security", policy_rules()},
                                             {"Conditions of policies", condition_rules()},
                                             {"Functions of policies", policy_function_rules()},
                                             {"The target's rows", data_rules()},
                                             {"What a shadow cannot show", outside_rules()},
                                             {"What few rows do not show", sampling_rules()}};
  return groups;
}

std::vector<std::string> rule_ids() {
  std::vector<std::string> ids;
  for (const RuleGroup& group : rule_groups()) {
    for (const Rule& rule : group.rules) ids.emplace_back(rule.id);
  }
  return ids;
}

std::vector<event::Finding> examine(const RuleContext& context) {
  Findings findings{context};
  for (const RuleGroup& group : rule_groups()) {
    for (const Rule& rule : group.rules) {
      findings.rule_is(rule);
      rule.find(context, findings);
    }
  }
  return std::move(findings.all());
}

}  // namespace engine::hazard
