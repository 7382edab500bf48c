#include "verify/indexes.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

std::string phrase(const IndexSpec& spec) {
  std::string words = spec.name.empty() ? "an index" : spec.name;
  if (spec.unique) words += *spec.unique ? " unique" : " not unique";
  if (!spec.method.empty()) words += " using " + spec.method;
  if (!spec.columns.empty()) words += " on (" + text::joined(spec.columns, ", ") + ")";
  if (spec.where) words += spec.where->empty() ? " without condition" : " where " + *spec.where;
  if (!spec.valid) words += " not valid";
  return words;
}

struct Key {
  std::string expression;
  std::string order;  // as catalog::Index::orders has it
};

/// The last word of `text`, in lower case, where white space stands before it.
std::string last_word(std::string_view text) {
  const std::size_t before = text.find_last_of(" \t\r\n");
  return before == std::string_view::npos ? "" : text::lower(text.substr(before + 1));
}

void drop_last_word(std::string& text) {
  text = text::trimmed(std::string_view{text}.substr(0, text.find_last_of(" \t\r\n")));
}

/// "created_at desc": what is ordered, and the order in its shortest words.
Key key_of(const std::string& written) {
  std::string rest = text::trimmed(written);
  std::string nulls = last_word(rest);
  if (nulls == "first" || nulls == "last") {
    std::string without = rest;
    drop_last_word(without);
    if (last_word(without) != "nulls") return {rest, ""};
    drop_last_word(without);
    rest = std::move(without);
  } else {
    nulls.clear();
  }
  const std::string direction = last_word(rest);
  if (direction == "asc" || direction == "desc") drop_last_word(rest);
  const bool descends = direction == "desc";
  std::string order = descends ? "DESC" : "";
  if (descends && nulls == "last") order += " NULLS LAST";
  if (!descends && nulls == "first") order = "NULLS FIRST";
  return {rest, order};
}

std::vector<std::string> columns_of(const catalog::Index& index) {
  std::vector<std::string> columns = index.columns;
  for (std::size_t i = 0; i < columns.size() && i < index.orders.size(); ++i) {
    if (!index.orders[i].empty()) columns[i] += " " + index.orders[i];
  }
  return columns;
}

bool same_columns(const std::vector<std::string>& written, const catalog::Index& index) {
  if (written.size() != index.columns.size()) return false;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Key key = key_of(written[i]);
    const std::string& printed = index.columns[i];
    if (key.expression != printed && !sql::same_expression(key.expression, printed)) return false;
    if (key.order != (i < index.orders.size() ? index.orders[i] : "")) return false;
  }
  return true;
}

std::string phrase(const catalog::Index& index, const IndexSpec& spec) {
  IndexSpec actual;
  actual.name = index.name.name;
  if (spec.unique) actual.unique = index.unique;
  if (!spec.method.empty()) actual.method = index.method;
  if (!spec.columns.empty()) {
    actual.columns = same_columns(spec.columns, index) ? spec.columns : columns_of(index);
  }
  if (spec.where) {
    actual.where =
        sql::same_expression(*spec.where, index.predicate) ? *spec.where : index.predicate;
  }
  actual.valid = index.valid && index.ready;
  return phrase(actual);
}

}  // namespace

event::Outcome has_index(const Subject& subject, const IndexSpec& spec) {
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

event::Outcome has_no_index(const Subject& subject, const std::string& index) {
  const std::string name = fmt::format("{} has no index {}", subject.label(), index);
  const std::string expected = "no index " + index;
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Index* found = subject.relation()->index(index);
  return found == nullptr ? held(name, expected) : failed(name, expected, found->definition);
}

namespace {

std::vector<const catalog::Index*> indexes_on(const catalog::Relation& relation,
                                              const IndexSpec& spec) {
  std::vector<const catalog::Index*> found;
  for (const catalog::Index& index : relation.indexes) {
    IndexSpec named = spec;
    named.name = index.name.name;
    if (phrase(named) == phrase(index, named)) found.push_back(&index);
  }
  return found;
}

}  // namespace

event::Outcome has_index_on(const Subject& subject, const IndexSpec& spec) {
  const std::string expected = phrase(spec);
  const std::string name = fmt::format("{} has {}", subject.label(), expected);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  if (!indexes_on(*subject.relation(), spec).empty()) return held(name, expected);
  std::vector<std::string> all;
  for (const catalog::Index& index : subject.relation()->indexes) {
    all.push_back(fmt::format("{} on ({}){}", index.name.name,
                              text::joined(columns_of(index), ", "),
                              index.valid && index.ready ? "" : " not valid"));
  }
  return failed(name, expected, all.empty() ? "no index" : text::joined(all, "; "));
}

event::Outcome has_no_index_on(const Subject& subject, const IndexSpec& spec) {
  const std::string expected = "no" + phrase(spec).substr(2);
  const std::string name = fmt::format("{} has {}", subject.label(), expected);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const auto found = indexes_on(*subject.relation(), spec);
  return found.empty() ? held(name, expected) : failed(name, expected, found.front()->definition);
}

event::Outcome indexes_are(const Subject& subject, const std::vector<std::string>& names) {
  const std::string name = subject.label() + " has exactly these indexes";
  if (subject.relation() == nullptr) return absent(subject, name, list_of(names));
  return exactly(name, names, names_of(subject.relation()->indexes));
}

}  // namespace engine::verify
