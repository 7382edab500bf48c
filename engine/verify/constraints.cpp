#include "verify/constraints.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

std::string in_parentheses(const std::vector<std::string>& columns) {
  return "(" + text::joined(columns, ", ") + ")";
}

std::vector<const catalog::Constraint*> of_type(const catalog::Relation& relation, char type) {
  std::vector<const catalog::Constraint*> found;
  for (const auto& constraint : relation.constraints) {
    if (constraint.type == type) found.push_back(&constraint);
  }
  return found;
}

std::string definitions_of(const std::vector<const catalog::Constraint*>& constraints,
                           std::string_view none) {
  std::vector<std::string> definitions;
  for (const auto* constraint : constraints) definitions.push_back(constraint->definition);
  return definitions.empty() ? std::string{none} : text::joined(definitions, "; ");
}

/// Every unique promise of the relation, as lists of columns.
std::vector<std::vector<std::string>> unique_columns(const catalog::Relation& relation) {
  std::vector<std::vector<std::string>> found;
  for (const auto& index : relation.indexes) {
    const bool plain =
        std::all_of(index.columns.begin(), index.columns.end(),
                    [&](const auto& key) { return relation.column(key) != nullptr; });
    if (index.unique && index.valid && index.predicate.empty() && plain) {
      found.push_back(index.columns);
    }
  }
  return found;
}

bool has_columns(const std::vector<std::vector<std::string>>& keys,
                 const std::vector<std::string>& columns) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const auto& key) { return same_set(key, columns); });
}

std::string phrase(const ForeignKeySpec& spec) {
  std::string words = "FOREIGN KEY";
  if (!spec.columns.empty()) words += " " + in_parentheses(spec.columns);
  if (spec.references) words += " REFERENCES " + spec.references->display();
  if (!spec.referenced_columns.empty()) words += in_parentheses(spec.referenced_columns);
  if (!spec.on_update.empty()) words += " ON UPDATE " + spec.on_update;
  if (!spec.on_delete.empty()) words += " ON DELETE " + spec.on_delete;
  if (spec.valid) words += *spec.valid ? " VALID" : " NOT VALID";
  return words;
}

bool matches(const catalog::Constraint& key, const ForeignKeySpec& spec) {
  const auto given = [](const auto& wanted, const auto& actual) {
    return wanted.empty() || wanted == actual;
  };
  return given(spec.columns, key.columns) &&
         (!spec.references || same_name(*spec.references, key.references)) &&
         given(spec.referenced_columns, key.referenced_columns) &&
         given(spec.on_delete, key.on_delete) && given(spec.on_update, key.on_update) &&
         (!spec.valid || *spec.valid == key.validated);
}

/// The condition inside `CHECK (…)`, without NOT VALID and NO INHERIT behind it.
std::string condition_of(const catalog::Constraint& check) {
  const auto open = check.definition.find('(');
  const auto close = check.definition.rfind(')');
  if (open == std::string::npos || close == std::string::npos) return check.definition;
  return check.definition.substr(open, close - open + 1);
}

}  // namespace

event::Outcome has_primary_key(const Subject& subject, const std::vector<std::string>& columns) {
  const std::string name = subject.label() + " has a primary key" +
                           (columns.empty() ? "" : " on " + in_parentheses(columns));
  const std::string expected =
      columns.empty() ? "PRIMARY KEY" : "PRIMARY KEY " + in_parentheses(columns);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Constraint* key = subject.relation()->primary_key();
  if (key == nullptr) return failed(name, expected, "no primary key");
  if (columns.empty()) return held(name, expected);
  return compared(name, expected, "PRIMARY KEY " + in_parentheses(key->columns));
}

event::Outcome has_no_primary_key(const Subject& subject, const std::vector<std::string>& columns) {
  const std::string what =
      columns.empty() ? "primary key" : "primary key on " + in_parentheses(columns);
  const std::string name = fmt::format("{} has no {}", subject.label(), what);
  if (subject.relation() == nullptr) return absent(subject, name, "no " + what);
  const catalog::Constraint* key = subject.relation()->primary_key();
  return key == nullptr || (!columns.empty() && !same_set(columns, key->columns))
             ? held(name, "no " + what)
             : failed(name, "no " + what, fmt::format("{} {}", key->name, key->definition));
}

namespace {

/// What is unique besides the primary key.
std::vector<std::string> other_unique(const catalog::Relation& relation) {
  std::vector<std::string> found;
  for (const auto& index : relation.indexes) {
    if (index.unique && !index.primary) found.push_back(index.definition);
  }
  return found;
}

}  // namespace

event::Outcome has_unique(const Subject& subject, const std::vector<std::string>& columns) {
  if (columns.empty()) {
    std::string any = subject.label() + " is unique by something";
    if (subject.relation() == nullptr) return absent(subject, std::move(any), "UNIQUE");
    const bool found = !other_unique(*subject.relation()).empty();
    return found ? held(std::move(any), "UNIQUE")
                 : failed(std::move(any), "UNIQUE", "nothing unique");
  }
  const std::string expected = "UNIQUE " + in_parentheses(columns);
  const std::string name =
      fmt::format("{} is unique by {}", subject.label(), in_parentheses(columns));
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const auto keys = unique_columns(*subject.relation());
  if (has_columns(keys, columns)) return held(name, expected);
  std::vector<std::string> phrases;
  for (const auto& key : keys) phrases.push_back("UNIQUE " + in_parentheses(key));
  return failed(name, expected, phrases.empty() ? "nothing unique" : text::joined(phrases, "; "));
}

event::Outcome has_no_unique(const Subject& subject, const std::vector<std::string>& columns) {
  if (columns.empty()) {
    std::string none = subject.label() + " is unique by nothing but its primary key";
    if (subject.relation() == nullptr) return absent(subject, std::move(none), "no UNIQUE");
    const auto found = other_unique(*subject.relation());
    return found.empty() ? held(std::move(none), "no UNIQUE")
                         : failed(std::move(none), "no UNIQUE", text::joined(found, "; "));
  }
  const std::string expected = "no UNIQUE " + in_parentheses(columns);
  const std::string name =
      fmt::format("{} is not unique by {}", subject.label(), in_parentheses(columns));
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  for (const auto& index : subject.relation()->indexes) {
    if (index.unique && same_set(index.columns, columns)) {
      return failed(name, expected, index.definition);
    }
  }
  return held(name, expected);
}

event::Outcome has_foreign_key(const Subject& subject, const ForeignKeySpec& spec) {
  const std::string name =
      spec.references
          ? fmt::format("{} has a foreign key to {}", subject.label(), spec.references->display())
          : fmt::format("{} has a {}", subject.label(), text::lower(phrase(spec)));
  const std::string expected = phrase(spec);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const auto keys = of_type(*subject.relation(), 'f');
  for (const auto* key : keys) {
    if (matches(*key, spec)) return held(name, expected);
  }
  return failed(name, expected, definitions_of(keys, "no foreign key"));
}

event::Outcome has_no_foreign_key(const Subject& subject, const ForeignKeySpec& spec) {
  std::string what = "foreign key";
  if (!spec.columns.empty()) what += " on " + in_parentheses(spec.columns);
  if (spec.references) what += " to " + spec.references->display();
  const std::string name = fmt::format("{} has no {}", subject.label(), what);
  if (subject.relation() == nullptr) return absent(subject, name, "no " + what);
  std::vector<std::string> found;
  for (const auto* key : of_type(*subject.relation(), 'f')) {
    if (matches(*key, spec)) found.push_back(fmt::format("{} {}", key->name, key->definition));
  }
  return found.empty() ? held(name, "no " + what)
                       : failed(name, "no " + what, text::joined(found, "; "));
}

namespace {

std::string phrase(const CheckSpec& spec) {
  std::string words = "CHECK";
  if (!spec.condition.empty()) words += fmt::format(" ({})", spec.condition);
  if (!spec.columns.empty()) words += " on " + in_parentheses(spec.columns);
  return words;
}

std::vector<const catalog::Constraint*> checks_like(const catalog::Relation& relation,
                                                    const CheckSpec& spec) {
  auto checks = of_type(relation, 'c');
  std::erase_if(checks, [&](const catalog::Constraint* check) {
    return (!spec.condition.empty() &&
            !sql::same_expression(spec.condition, condition_of(*check))) ||
           (!spec.columns.empty() && !same_set(spec.columns, check->columns));
  });
  return checks;
}

void refuse_no_condition(const CheckSpec& spec) {
  if (spec.condition.empty() || sql::is_expression(spec.condition)) return;
  throw Error{Code::argument, "\"{}\" is no condition", spec.condition}.hint(
      "Write the condition as in CHECK (…): \"approach IN ('forward', 'backward')\".");
}

}  // namespace

event::Outcome has_check(const Subject& subject, const CheckSpec& spec) {
  refuse_no_condition(spec);
  const std::string expected = phrase(spec);
  const std::string name = fmt::format("{} has {}", subject.label(), one_line(expected));
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  if (!checks_like(*subject.relation(), spec).empty()) return held(name, expected);
  return failed(name, expected,
                definitions_of(of_type(*subject.relation(), 'c'), "no CHECK constraint"));
}

event::Outcome has_no_check(const Subject& subject, const CheckSpec& spec) {
  refuse_no_condition(spec);
  const std::string expected = "no " + phrase(spec);
  const std::string name = fmt::format("{} has {}", subject.label(), one_line(expected));
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const auto found = checks_like(*subject.relation(), spec);
  return found.empty() ? held(name, expected) : failed(name, expected, definitions_of(found, ""));
}

event::Outcome has_constraint(const Subject& subject, const ConstraintSpec& spec) {
  const std::string name = fmt::format("{} has constraint {}", subject.label(), spec.name);
  const auto phrase = [&](const std::string& definition, bool valid, bool deferrable) {
    std::string words = spec.name;
    if (!spec.definition.empty()) words += " " + definition;
    if (spec.valid) words += valid ? " valid" : " not valid";
    if (spec.deferrable) words += deferrable ? " deferrable" : " not deferrable";
    return words;
  };
  const std::string expected =
      phrase(spec.definition, spec.valid.value_or(true), spec.deferrable.value_or(false));
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Constraint* found = subject.relation()->constraint(spec.name);
  if (found == nullptr) {
    return failed(name, expected,
                  nothing_like("constraint", spec.name, names_of(subject.relation()->constraints)));
  }
  return compared(name, expected, phrase(found->definition, found->validated, found->deferrable));
}

event::Outcome has_no_constraint(const Subject& subject, const std::string& constraint) {
  const std::string name = fmt::format("{} has no constraint {}", subject.label(), constraint);
  const std::string expected = "no constraint " + constraint;
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Constraint* found = subject.relation()->constraint(constraint);
  return found == nullptr
             ? held(name, expected)
             : failed(name, expected, fmt::format("{} {}", found->name, found->definition));
}

event::Outcome constraints_are(const Subject& subject, const std::vector<std::string>& names) {
  const std::string name = subject.label() + " has exactly these constraints";
  if (subject.relation() == nullptr) return absent(subject, name, list_of(names));
  std::vector<std::string> actual;
  for (const auto& constraint : subject.relation()->constraints) {
    if (constraint.type != 'n') actual.push_back(constraint.name);
  }
  return exactly(name, names, actual);
}

}  // namespace engine::verify
