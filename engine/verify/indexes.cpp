#include "verify/indexes.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/wording.h"

namespace engine::verify {
namespace {

std::string phrase(const IndexSpec& spec) {
  std::string words = spec.name;
  if (spec.unique) words += *spec.unique ? " unique" : " not unique";
  if (!spec.method.empty()) words += " using " + spec.method;
  if (!spec.columns.empty()) words += " on (" + text::joined(spec.columns, ", ") + ")";
  if (spec.where) words += spec.where->empty() ? " without condition" : " where " + *spec.where;
  if (!spec.valid) words += " not valid";
  return words;
}

bool same_columns(const std::vector<std::string>& written,
                  const std::vector<std::string>& printed) {
  return std::equal(written.begin(), written.end(), printed.begin(), printed.end(),
                    [](const auto& left, const auto& right) {
                      return left == right || sql::same_expression(left, right);
                    });
}

std::string phrase(const catalog::Index& index, const IndexSpec& spec) {
  IndexSpec actual;
  actual.name = index.name.name;
  if (spec.unique) actual.unique = index.unique;
  if (!spec.method.empty()) actual.method = index.method;
  if (!spec.columns.empty()) {
    actual.columns = same_columns(spec.columns, index.columns) ? spec.columns : index.columns;
  }
  if (spec.where) {
    actual.where =
        sql::same_expression(*spec.where, index.predicate) ? *spec.where : index.predicate;
  }
  actual.valid = index.valid && index.ready;
  return phrase(actual);
}

}  // namespace

Outcome has_index(const Subject& subject, const IndexSpec& spec) {
  const std::string name = fmt::format("{} has index {}", subject.label(), spec.name);
  const std::string expected = phrase(spec);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Index* index = subject.relation()->index(spec.name);
  if (index == nullptr) {
    return failed(name, expected,
                  nothing_like("index", spec.name, names_of(subject.relation()->indexes)));
  }
  return compared(name, expected, phrase(*index, spec));
}

Outcome has_no_index(const Subject& subject, const std::string& index) {
  const std::string name = fmt::format("{} has no index {}", subject.label(), index);
  const std::string expected = "no index " + index;
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Index* found = subject.relation()->index(index);
  return found == nullptr ? held(name, expected) : failed(name, expected, found->definition);
}

Outcome indexes_are(const Subject& subject, const std::vector<std::string>& names) {
  const std::string name = subject.label() + " has exactly these indexes";
  if (subject.relation() == nullptr) return absent(subject, name, list_of(names));
  return exactly(name, names, names_of(subject.relation()->indexes));
}

}  // namespace engine::verify
