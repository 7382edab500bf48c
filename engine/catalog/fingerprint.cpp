#include "catalog/fingerprint.h"

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "base/text.h"

namespace engine::catalog {
namespace {

// By object ("column a") and by property ("type").
using Facts = std::map<std::string, std::map<std::string, std::string>>;

std::string yes_no(bool value) { return value ? "yes" : "no"; }

template <typename Texts>
std::string sorted_list(const Texts& texts) {
  std::vector<std::string> sorted{texts.begin(), texts.end()};
  std::sort(sorted.begin(), sorted.end());
  return text::joined(sorted, ", ");
}

std::string list_of(const std::vector<QualifiedName>& names) {
  std::vector<std::string> texts;
  for (const auto& name : names) texts.push_back(name.display());
  return sorted_list(texts);
}

std::string list_of(const std::vector<int>& numbers) {
  std::vector<std::string> texts;
  for (const int number : numbers) texts.push_back(std::to_string(number));
  return text::joined(texts, ", ");
}

class Collector {
 public:
  explicit Collector(Facts& facts) : facts_(facts) {}

  void object(std::string name) { properties_ = &facts_[std::move(name)]; }
  void add(const char* property, std::string value) { (*properties_)[property] = std::move(value); }
  void grants(const std::vector<Grant>& grants) {
    std::map<std::string, std::vector<std::string>> by_grantee;
    for (const auto& grant : grants) {
      by_grantee[grant.grantee].push_back(grant.privilege + (grant.grantable ? "*" : "") + "/" +
                                          grant.grantor);
    }
    for (const auto& [grantee, privileges] : by_grantee) {
      (*properties_)["privileges of " + grantee] = sorted_list(privileges);
    }
  }

 private:
  Facts& facts_;
  std::map<std::string, std::string>* properties_ = nullptr;
};

void collect(Collector& to, const Column& column) {
  to.object("column " + quote_identifier(column.name));
  to.add("type", column.type);
  to.add("not null", yes_no(column.not_null));
  to.add("default", column.default_expression.value_or("none"));
  to.add("identity", column.identity);
  to.add("generated", column.generated ? column.generated_virtual ? "virtual" : "stored" : "");
  to.add("defined", column.local ? "here" : "by a parent");
  to.add("collation", column.collation);
  to.add("storage", column.storage);
  to.add("compression", column.compression);
  to.add("statistics target", std::to_string(column.statistics_target));
  to.add("options", sorted_list(column.options));
  to.add("comment", column.comment);
  to.grants(column.grants);
}

void collect(Collector& to, const Constraint& constraint, bool inbound) {
  to.object(inbound ? "foreign key " + quote_identifier(constraint.name) + " of " +
                          constraint.table.display()
                    : "constraint " + quote_identifier(constraint.name));
  to.add("definition", constraint.definition);
  to.add("validated", yes_no(constraint.validated));
  to.add("defined", constraint.local ? "here" : "by a parent");
  to.add("comment", constraint.comment);
}

void collect(Collector& to, const Index& index) {
  to.object("index " + quote_identifier(index.name.name));
  to.add("definition", index.definition);
  to.add("valid", yes_no(index.valid && index.ready));
  to.add("clustered", yes_no(index.clustered));
  to.add("replica identity", yes_no(index.replica_identity));
  to.add("constraint", index.constraint);
  to.add("statistics targets", list_of(index.statistics_targets));
  to.add("tablespace", index.tablespace);
  to.add("comment", index.comment);
}

void collect(Collector& to, const Trigger& trigger) {
  to.object("trigger " + quote_identifier(trigger.name));
  to.add("definition", trigger.definition);
  to.add("enabled", std::string(1, trigger.enabled));
  to.add("comment", trigger.comment);
}

void collect(Collector& to, const Policy& policy) {
  to.object("policy " + quote_identifier(policy.name));
  to.add("command", policy.command);
  to.add("kind", policy.permissive ? "permissive" : "restrictive");
  to.add("roles", sorted_list(policy.roles));
  to.add("using", policy.using_expression);
  to.add("with check", policy.check_expression);
  to.add("comment", policy.comment);
}

void collect(Collector& to, const Rule& rule) {
  to.object("rule " + quote_identifier(rule.name));
  to.add("definition", rule.definition);
  to.add("enabled", std::string(1, rule.enabled));
  to.add("comment", rule.comment);
}

void collect(Collector& to, const ExtendedStatistics& statistics) {
  to.object("statistics " + statistics.name.display());
  to.add("definition", statistics.definition);
  to.add("target", std::to_string(statistics.target));
  to.add("owner", statistics.owner);
  to.add("comment", statistics.comment);
}

void collect(Collector& to, const Sequence& sequence, const FingerprintOptions& options) {
  to.object("sequence " + sequence.name.display());
  to.add("owner", sequence.owner);
  to.add("type", sequence.type);
  to.add("start", sequence.start);
  to.add("increment", sequence.increment);
  to.add("minimum", sequence.minimum);
  to.add("maximum", sequence.maximum);
  to.add("cache", sequence.cache);
  to.add("cycle", yes_no(sequence.cycle));
  to.add("owned by column", sequence.owned_by_column.empty()
                                ? ""
                                : sequence.owned_by_table.display() + "." +
                                      quote_identifier(sequence.owned_by_column));
  to.add("identity", yes_no(sequence.identity));
  if (options.sequence_values) {
    to.add("value", sequence.last_value.value_or("not readable") +
                        (sequence.is_called ? ", called" : ", not called"));
  }
  to.add("comment", sequence.comment);
  to.grants(sequence.grants);
}

std::vector<std::string> column_names(const Relation& relation) {
  std::vector<std::string> names;
  for (const auto& column : relation.columns) names.push_back(quote_identifier(column.name));
  return names;
}

void collect_itself(Collector& to, const Relation& relation) {
  to.object(std::string{relation.kind_name()} + " " + relation.name.display());
  to.add("owner", relation.owner);
  to.add("persistence", std::string(1, relation.persistence));
  to.add("comment", relation.comment);
  to.add("access method", relation.access_method);
  to.add("tablespace", relation.tablespace);
  to.add("options", sorted_list(relation.options));
  to.add("toast options", sorted_list(relation.toast_options));
  to.add("replica identity", std::string(1, relation.replica_identity));
  to.add("row security", yes_no(relation.row_security));
  to.add("forced row security", yes_no(relation.force_row_security));
  to.add("partition key", relation.partition_key);
  to.add("partition bound", relation.partition_bound);
  to.add("parents", list_of(relation.parents));
  to.add("children", list_of(relation.children));
  to.add("view definition", relation.view_definition);
  to.add("populated", yes_no(relation.populated));
  to.grants(relation.grants);
}

Facts facts_of(const Relation& relation, const FingerprintOptions& options) {
  Facts facts;
  Collector to{facts};
  collect_itself(to, relation);
  for (const auto& column : relation.columns) collect(to, column);
  for (const auto& constraint : relation.constraints) collect(to, constraint, false);
  for (const auto& constraint : relation.referenced_by) collect(to, constraint, true);
  for (const auto& index : relation.indexes) collect(to, index);
  for (const auto& trigger : relation.triggers) collect(to, trigger);
  for (const auto& policy : relation.policies) collect(to, policy);
  for (const auto& rule : relation.rules) collect(to, rule);
  for (const auto& statistics : relation.statistics) collect(to, statistics);
  for (const auto& sequence : relation.sequences) collect(to, sequence, options);
  for (const auto& publication : relation.publications) {
    to.object("publication " + quote_identifier(publication.name));
    to.add("filter", publication.filter);
    to.add("columns", sorted_list(publication.columns));
  }
  return facts;
}

std::string shown(const std::string& value) { return value.empty() ? "none" : value; }

void compare_properties(const std::string& object, const std::map<std::string, std::string>& before,
                        const std::map<std::string, std::string>& after,
                        std::vector<std::string>& sentences) {
  std::map<std::string, std::pair<std::string, std::string>> both;
  for (const auto& [property, value] : before) both[property].first = value;
  for (const auto& [property, value] : after) both[property].second = value;
  for (const auto& [property, values] : both) {
    if (values.first == values.second) continue;
    const bool many =
        property.ends_with('s') || property == "children" || property.starts_with("privileges");
    sentences.push_back(object + ": " + property + (many ? " are " : " is ") +
                        shown(values.second) + (many ? ", were " : ", was ") + shown(values.first));
  }
}

// A column more or less moves no other: only the order of those that stand on both sides is
// compared.
void compare_order(const Relation& before, const Relation& after,
                   std::vector<std::string>& sentences) {
  const auto common = [](const Relation& of, const Relation& with) {
    std::vector<std::string> names;
    for (const auto& column : of.columns) {
      if (with.column(column.name)) names.push_back(quote_identifier(column.name));
    }
    return text::joined(names, ", ");
  };
  const std::string was = common(before, after), is = common(after, before);
  if (was != is) sentences.push_back("the order of the columns is " + is + ", was " + was);
}

}  // namespace

Fingerprint fingerprint(const Relation& relation, const FingerprintOptions& options) {
  Fingerprint result;
  for (const auto& [object, properties] : facts_of(relation, options)) {
    for (const auto& [property, value] : properties) {
      result.lines.push_back(object + " | " + property + " | " + value);
    }
  }
  result.lines.push_back("columns | " + text::joined(column_names(relation), ", "));
  std::sort(result.lines.begin(), result.lines.end());
  result.hash = hash::sha256(text::joined(result.lines, "\n"));
  return result;
}

std::map<std::string, std::map<std::string, std::string>> properties(
    const Relation& relation, const FingerprintOptions& options) {
  return facts_of(relation, options);
}

std::vector<std::string> differences(const Relation& before, const Relation& after,
                                     const FingerprintOptions& options) {
  const Facts was = facts_of(before, options), is = facts_of(after, options);
  std::vector<std::string> sentences;
  for (const auto& [object, properties] : was) {
    const auto there = is.find(object);
    if (there == is.end()) {
      sentences.push_back(object + " is missing");
    } else {
      compare_properties(object, properties, there->second, sentences);
    }
  }
  for (const auto& [object, properties] : is) {
    if (!was.contains(object)) sentences.push_back(object + " was added");
  }
  compare_order(before, after, sentences);
  return sentences;
}

}  // namespace engine::catalog
