#include "verify/relation_facts.h"

#include <algorithm>

#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

Fact text_fact(std::string text) {
  Fact fact;
  if (!text.empty()) fact.text = std::move(text);
  return fact;
}

Fact flag_fact(bool value) { return text_fact(value ? "true" : "false"); }

Fact names_fact(const std::vector<QualifiedName>& names) {
  Fact fact;
  fact.is_list = true;
  for (const QualifiedName& name : names) fact.items.push_back(name.display());
  return fact;
}

std::string persistence_of(char code) {
  if (code == 'u') return "unlogged";
  return code == 't' ? "temporary" : "permanent";
}

std::string replica_identity_of(char code) {
  if (code == 'n') return "nothing";
  if (code == 'f') return "full";
  return code == 'i' ? "index" : "default";
}

Facts facts_of(const catalog::Relation& relation) {
  const bool partition = !relation.partition_bound.empty();
  return {
      {"persistence", text_fact(persistence_of(relation.persistence))},
      {"replica_identity", text_fact(replica_identity_of(relation.replica_identity))},
      {"partitioned", flag_fact(relation.kind == 'p')},
      {"partition_key", text_fact(relation.partition_key)},
      {"partition_bound", text_fact(relation.partition_bound)},
      {"partition_of",
       text_fact(partition && !relation.parents.empty() ? relation.parents.front().display() : "")},
      {"inherits", names_fact(partition ? std::vector<QualifiedName>{} : relation.parents)},
      {"inherited_by",
       names_fact(relation.kind == 'p' ? std::vector<QualifiedName>{} : relation.children)},
      {"access_method", text_fact(relation.access_method)},
      {"tablespace", text_fact(relation.tablespace)},
      {"row_security", flag_fact(relation.row_security)},
      {"row_security_forced", flag_fact(relation.force_row_security)},
      {"options", {std::nullopt, relation.options, true}},
      {"valid", flag_fact(std::all_of(relation.constraints.begin(), relation.constraints.end(),
                                      [](const auto& one) { return one.validated; }) &&
                          std::all_of(relation.indexes.begin(), relation.indexes.end(),
                                      [](const auto& one) { return one.valid && one.ready; }))},
      {"populated", flag_fact(relation.populated)}};
}

const Item* rule_of(db::Connection& connection, const Subject& subject, const std::string& rule,
                    std::vector<std::string>& known) {
  const QualifiedName& table = subject.relation()->name;
  const std::string parent = table.schema + "." + table.name;
  const Item* found = nullptr;
  const Inventory& inventory = Snapshot::of(connection).inventory();
  for (const Item* item :
       inventory.all("rule", [&](const Item& one) { return one.parent == parent; })) {
    known.push_back(item->name);
    if (item->name == rule) found = item;
  }
  return found;
}

}  // namespace

const std::vector<FactRule>& relation_rules(Noun noun) {
  using enum Form;
  static const std::vector<FactRule> relations{
      {"persistence", word},   {"replica_identity", word}, {"partitioned", boolean},
      {"partition_key", text}, {"partition_bound", text},  {"partition_of", name},
      {"inherits", names},     {"inherited_by", names},    {"access_method", text},
      {"tablespace", text},    {"row_security", boolean},  {"row_security_forced", boolean},
      {"options", set},        {"valid", boolean},         {"populated", boolean}};
  static const std::vector<FactRule> sequences{
      {"type", type},      {"start", number}, {"increment", number}, {"minimum", number},
      {"maximum", number}, {"cache", number}, {"cycle", boolean},    {"owned_by", name}};
  return noun == Noun::sequence ? sequences : relations;
}

event::Outcome relation_is(db::Connection& connection, const Subject& subject,
                           const ExpectedFacts& expected) {
  Facts facts;
  std::string absence = subject.relation() == nullptr ? subject.absence() : "";
  if (absence.empty() && subject.noun() != Noun::sequence) facts = facts_of(*subject.relation());
  if (absence.empty() && subject.noun() == Noun::sequence) {
    const Item* item =
        Snapshot::of(connection).inventory().find("sequence", subject.relation()->name.quoted());
    if (item != nullptr) facts = item->facts;
    if (item == nullptr) absence = "a sequence of no schema of people's";
  }
  return facts_are(subject.label(), absence, relation_rules(subject.noun()), facts, expected);
}

event::Outcome relation_is_not(db::Connection& connection, const Subject& subject,
                               const ExpectedFacts& expected) {
  return opposite(relation_is(connection, subject, expected),
                  subject.relation() == nullptr ? subject.absence() : "");
}

namespace {

/// Its parents, their parents …
std::vector<QualifiedName> ancestors(db::Connection& connection, const Subject& subject) {
  std::vector<QualifiedName> found;
  std::vector<QualifiedName> open = subject.relation()->parents;
  while (!open.empty()) {
    const QualifiedName parent = open.back();
    open.pop_back();
    if (std::any_of(found.begin(), found.end(),
                    [&](const QualifiedName& one) { return one.quoted() == parent.quoted(); }))
      continue;
    found.push_back(parent);
    if (const auto relation = Snapshot::of(connection).relation(parent))
      open.insert(open.end(), relation->parents.begin(), relation->parents.end());
  }
  return found;
}

event::Outcome inherits(db::Connection& connection, const Subject& subject,
                        const QualifiedName& parent, bool wanted) {
  const std::string name = fmt::format("{} {} from {}", subject.label(),
                                       wanted ? "inherits" : "does not inherit", parent.display());
  const std::string expected = (wanted ? "" : "not ") + parent.display();
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const auto found = ancestors(connection, subject);
  const bool does = std::any_of(found.begin(), found.end(),
                                [&](const QualifiedName& one) { return same_name(parent, one); });
  if (does == wanted) return held(name, expected);
  std::vector<std::string> names;
  for (const QualifiedName& one : found) names.push_back(one.display());
  return failed(name, expected, list_of(names));
}

}  // namespace

event::Outcome inherits_from(db::Connection& connection, const Subject& subject,
                             const QualifiedName& parent) {
  return inherits(connection, subject, parent, true);
}

event::Outcome does_not_inherit_from(db::Connection& connection, const Subject& subject,
                                     const QualifiedName& parent) {
  return inherits(connection, subject, parent, false);
}

const std::vector<FactRule>& rule_rules() {
  using enum Form;
  static const std::vector<FactRule> rules{
      {"event", word}, {"instead", boolean}, {"enabled", boolean}};
  return rules;
}

event::Outcome has_rule(db::Connection& connection, const Subject& subject, const RuleSpec& spec) {
  const std::string name = fmt::format("{} has rule {}", subject.label(), spec.name);
  if (subject.relation() == nullptr) return absent(subject, name, "rule " + spec.name);
  std::vector<std::string> known;
  const Item* item = rule_of(connection, subject, spec.name, known);
  if (item == nullptr)
    return failed(name, "rule " + spec.name, nothing_like("rule", spec.name, known));
  if (spec.facts.empty()) return held(name, "rule " + spec.name);
  event::Outcome outcome = facts_are("", "", rule_rules(), item->facts, spec.facts);
  outcome.name = name;
  return outcome;
}

event::Outcome has_no_rule(db::Connection& connection, const Subject& subject,
                           const std::string& rule) {
  const std::string name = fmt::format("{} has no rule {}", subject.label(), rule);
  if (subject.relation() == nullptr) return absent(subject, name, "no rule " + rule);
  std::vector<std::string> known;
  const Item* item = rule_of(connection, subject, rule, known);
  return item == nullptr
             ? held(name, "no rule " + rule)
             : failed(name, "no rule " + rule, one_line(*item->facts.at("definition").text, 200));
}

}  // namespace engine::verify
