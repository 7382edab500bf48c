#include "verify/columns.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

std::string default_phrase(const std::string& expression) {
  return expression.empty() ? " without default" : " default " + expression;
}

/// The column in the words of the expectation: `session_name text not null default 'esquisse'`.
std::string phrase(const ColumnSpec& spec) {
  std::string words = spec.name;
  if (spec.type) words += " " + *spec.type;
  if (spec.null) words += *spec.null ? " null" : " not null";
  if (spec.default_expression) words += default_phrase(*spec.default_expression);
  if (spec.generated) words += *spec.generated ? " generated" : " not generated";
  if (spec.identity) words += *spec.identity ? " identity" : " no identity";
  if (spec.comment) words += fmt::format(" comment \"{}\"", *spec.comment);
  return words;
}

/// The column that is there, said as the expectation says it; equal parts in the expectation's own
/// words.
std::string phrase(const catalog::Column& column, const ColumnSpec& spec) {
  ColumnSpec actual;
  actual.name = column.name;
  if (spec.type) {
    actual.type = sql::same_type(*spec.type, column.type) ? *spec.type : column.type;
  }
  if (spec.null) actual.null = !column.not_null;
  if (spec.default_expression) {
    const std::string printed = column.default_expression.value_or("");
    actual.default_expression = sql::same_expression(*spec.default_expression, printed)
                                    ? *spec.default_expression
                                    : printed;
  }
  if (spec.generated) actual.generated = column.generated;
  if (spec.identity) actual.identity = !column.identity.empty();
  if (spec.comment) actual.comment = column.comment;
  return phrase(actual);
}

}  // namespace

void check_column(const ColumnSpec& spec) {
  if (spec.type && !sql::is_type(*spec.type)) {
    throw Error{Code::argument, "\"{}\" of column {} is no type", *spec.type, spec.name}.hint(
        "Write the type as in CREATE TABLE: \"timestamptz\", \"varchar(20)\", \"text[]\".");
  }
  if (spec.default_expression && !spec.default_expression->empty() &&
      !sql::is_expression(*spec.default_expression)) {
    throw Error{Code::argument, "\"{}\" is no expression: the default of column {}",
                *spec.default_expression, spec.name}
        .hint("Write the default as SQL: default = \"'esquisse'\", default = \"now()\".");
  }
}

event::Outcome has_column(const Subject& subject, const ColumnSpec& spec) {
  const std::string name = fmt::format("{} has column {}", subject.label(), spec.name);
  const std::string expected = phrase(spec);
  const catalog::Relation* relation = subject.relation();
  if (relation == nullptr) return absent(subject, name, expected);
  const catalog::Column* column = relation->column(spec.name);
  if (column == nullptr) {
    return failed(name, expected, nothing_like("column", spec.name, names_of(relation->columns)));
  }
  return compared(name, expected, phrase(*column, spec));
}

event::Outcome has_no_column(const Subject& subject, const std::string& column) {
  const std::string name = fmt::format("{} has no column {}", subject.label(), column);
  const std::string expected = "no column " + column;
  const catalog::Relation* relation = subject.relation();
  if (relation == nullptr) return absent(subject, name, expected);
  const catalog::Column* found = relation->column(column);
  return found == nullptr ? held(name, expected)
                          : failed(name, expected, fmt::format("{} {}", found->name, found->type));
}

event::Outcome columns_are(const Subject& subject, const std::vector<ColumnSpec>& specs) {
  const std::string name = subject.label() + " has exactly these columns";
  std::vector<std::string> expected, missing, surplus, different;
  for (const auto& spec : specs) expected.push_back(phrase(spec));
  const catalog::Relation* relation = subject.relation();
  if (relation == nullptr) return absent(subject, name, list_of(expected));
  for (const auto& spec : specs) {
    const catalog::Column* column = relation->column(spec.name);
    if (column == nullptr) {
      missing.push_back(spec.name);
    } else if (auto actual = phrase(*column, spec); actual != phrase(spec)) {
      different.push_back(std::move(actual));
    }
  }
  for (const auto& column : relation->columns) {
    const auto named = [&](const ColumnSpec& spec) { return spec.name == column.name; };
    if (std::none_of(specs.begin(), specs.end(), named)) surplus.push_back(column.name);
  }
  std::vector<std::string> differences;
  if (!missing.empty()) differences.push_back("missing: " + list_of(missing));
  if (!surplus.empty()) differences.push_back("not expected: " + list_of(surplus));
  if (!different.empty()) differences.push_back("different: " + list_of(different));
  if (differences.empty()) return held(name, list_of(expected));
  return failed(name, list_of(expected), text::joined(differences, "; "));
}

}  // namespace engine::verify
