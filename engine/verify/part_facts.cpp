#include "verify/part_facts.h"

#include "base/text.h"

namespace engine::verify {
namespace {

Fact text_fact(std::string text) {
  Fact fact;
  if (!text.empty()) fact.text = std::move(text);
  return fact;
}
Fact flag_fact(bool value) { return text_fact(value ? "true" : "false"); }
Fact list_fact(std::vector<std::string> items) { return {std::nullopt, std::move(items), true}; }

Facts facts_of(const catalog::Column& column) {
  const bool generated = column.generated;
  return {{"collation", text_fact(column.collation)},
          {"storage", text_fact(column.storage)},
          {"compression", text_fact(column.compression)},
          {"identity_kind", text_fact(column.identity)},
          {"generated_as", text_fact(generated ? column.default_expression.value_or("") : "")},
          {"statistics", text_fact(std::to_string(column.statistics_target))}};
}

std::string kind_of(char type) {
  switch (type) {
    case 'p':
      return "primary key";
    case 'u':
      return "unique";
    case 'f':
      return "foreign key";
    case 'x':
      return "exclusion";
    case 'n':
      return "not null";
    default:
      return "check";
  }
}

Facts facts_of(const catalog::Constraint& constraint) {
  return {{"kind", text_fact(kind_of(constraint.type))},
          {"columns", list_fact(constraint.columns)},
          {"deferred", flag_fact(constraint.deferred)},
          {"references", text_fact(constraint.type == 'f' ? constraint.references.display() : "")},
          {"on_delete", text_fact(constraint.on_delete)},
          {"on_update", text_fact(constraint.on_update)},
          {"comment", text_fact(constraint.comment)}};
}

Facts facts_of(const catalog::Index& index) {
  return {{"primary", flag_fact(index.primary)},
          {"partial", flag_fact(!index.predicate.empty())},
          {"clustered", flag_fact(index.clustered)},
          {"replica_identity", flag_fact(index.replica_identity)},
          {"included", list_fact(index.included)},
          {"options", list_fact(index.options)},
          {"tablespace", text_fact(index.tablespace)},
          {"definition", text_fact(index.definition)},
          {"comment", text_fact(index.comment)}};
}

Facts facts_of(const catalog::Trigger& trigger) {
  std::string fires = "origin";
  if (trigger.enabled == 'D') fires = "never";
  if (trigger.enabled == 'R') fires = "replica";
  if (trigger.enabled == 'A') fires = "always";
  return {{"fires", text_fact(fires)},
          {"definition", text_fact(trigger.definition)},
          {"comment", text_fact(trigger.comment)}};
}

template <typename T>
Facts facts_or_none(const T* part) {
  return part == nullptr ? Facts{} : facts_of(*part);
}

Facts facts_of(const catalog::Relation& relation, Part part, const std::string& name) {
  switch (part) {
    case Part::column:
      return facts_or_none(relation.column(name));
    case Part::constraint:
      return facts_or_none(relation.constraint(name));
    case Part::index:
      return facts_or_none(relation.index(name));
    case Part::trigger:
      return facts_or_none(relation.trigger(name));
  }
  return {};
}

}  // namespace

const std::vector<FactRule>& part_rules(Part part) {
  using enum Form;
  static const std::vector<FactRule> columns{{"collation", name},          {"storage", word},
                                             {"compression", word},        {"identity_kind", word},
                                             {"generated_as", expression}, {"statistics", number}};
  static const std::vector<FactRule> constraints{
      {"kind", word},      {"columns", list},   {"deferred", boolean}, {"references", name},
      {"on_delete", word}, {"on_update", word}, {"comment", text}};
  static const std::vector<FactRule> indexes{
      {"primary", boolean},          {"partial", boolean}, {"clustered", boolean},
      {"replica_identity", boolean}, {"included", list},   {"options", set},
      {"tablespace", text},          {"definition", text}, {"comment", text}};
  static const std::vector<FactRule> triggers{
      {"fires", word}, {"definition", text}, {"comment", text}};
  switch (part) {
    case Part::column:
      return columns;
    case Part::constraint:
      return constraints;
    case Part::index:
      return indexes;
    case Part::trigger:
      break;
  }
  return triggers;
}

event::Outcome with_facts(event::Outcome outcome, const Subject& subject, Part part,
                          const std::string& name, const ExpectedFacts& expected) {
  if (expected.empty() || subject.relation() == nullptr) return outcome;
  const Facts actual = facts_of(*subject.relation(), part, name);
  if (actual.empty()) return outcome;
  const event::Outcome facts = facts_are("", "", part_rules(part), actual, expected);
  outcome.ok = outcome.ok && facts.ok;
  outcome.expected += ", " + facts.expected;
  outcome.actual += ", " + facts.actual;
  return outcome;
}

}  // namespace engine::verify
