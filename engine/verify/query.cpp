#include "verify/query.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "verify/attempt.h"
#include "verify/index_use.h"
#include "verify/scalar.h"
#include "verify/wording.h"

namespace engine::verify {
namespace {

std::string row_phrase(const ExpectedRow& row) {
  std::vector<std::string> words;
  for (const auto& [name, value] : row.values) {
    words.push_back(row.named ? fmt::format("{} = {}", name, shown(value)) : shown(value));
  }
  return "(" + text::joined(words, ", ") + ")";
}

/// The row that came, in the terms of the one that was expected. Throws Error{argument} for a
/// column that it lacks.
ExpectedRow in_terms_of(const ExpectedRow& expected, const db::Result& result, std::size_t row) {
  ExpectedRow actual;
  actual.named = expected.named;
  if (!expected.named) {
    for (std::size_t column = 0; column < result.columns().size(); ++column) {
      actual.values.emplace_back(result.columns()[column].name, result.at(row, column));
    }
    return actual;
  }
  const auto columns = names_of(result.columns());
  for (const auto& [name, value] : expected.values) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
      throw Error{Code::argument, "the query gives no column {}{}", name,
                  text::did_you_mean(name, columns)};
    }
    actual.values.emplace_back(name, result.at(row, name));
  }
  return actual;
}

std::uint32_t type_of(const db::Result& result, const std::string& column) {
  for (const auto& candidate : result.columns()) {
    if (candidate.name == column) return candidate.type;
  }
  return 0;
}

bool same_row(db::Connection& connection, const db::Result& result, const ExpectedRow& expected,
              const ExpectedRow& actual) {
  if (expected.values.size() != actual.values.size()) return false;
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    const auto& wanted = expected.values[i].second;
    const auto& [name, value] = actual.values[i];
    if (wanted == value) continue;
    const auto type = actual.named ? type_of(result, name) : result.columns()[i].type;
    if (!equal(connection, {value, type_names(connection, {type}).front()}, wanted)) return false;
  }
  return true;
}

/// The one value of a result; nothing where it is not one row of one column.
std::optional<Scalar> only_value(db::Connection& connection,
                                 const std::optional<db::Result>& result) {
  if (!result || result->size() != 1 || result->columns().size() != 1) return std::nullopt;
  Scalar scalar{result->at(0, std::size_t{0}),
                type_names(connection, {result->columns()[0].type}).front()};
  if (scalar.type == "boolean" && scalar.value)
    scalar.value = *scalar.value == "t" ? "true" : "false";
  return scalar;
}

}  // namespace

std::string Query::label() const { return fmt::format("query \"{}\"", one_line(sql_)); }

void Query::run(db::Connection& connection) {
  if (!result_ && !error_) take(attempt(connection, Keep::changes, {{sql_, params_}}));
  if (error_ && worth_retrying(*error_)) throw Error{*error_};
}

void Query::take(Attempt attempt) {
  error_ = std::move(attempt.error);
  if (!error_) result_ = std::move(attempt.results.front());
}

Outcome Query::explained(Outcome outcome) const {
  if (!outcome.ok) outcome.error = error_;
  return outcome;
}

std::string Query::found() const {
  if (error_) return error_phrase(*error_);
  if (result_->columns().empty()) return result_->tag();
  return text::counted(static_cast<std::int64_t>(result_->size()), "row");
}

std::string Query::shape() const {
  if (!result_ || result_->columns().size() == 1) return found();
  return fmt::format("{} of {} columns", found(), result_->columns().size());
}

Outcome Query::has_rows(db::Connection& connection, const Count& count) {
  run(connection);
  const std::string name = fmt::format("{} gives {}", label(), count.phrase());
  const bool ok = result_ && count.holds(static_cast<std::int64_t>(result_->size()));
  return explained({name, ok, count.phrase(), found()});
}

Outcome Query::is(db::Connection& connection, const std::vector<ExpectedRow>& rows) {
  run(connection);
  const std::string name = label() + " gives the rows expected";
  const std::string count = text::counted(static_cast<std::int64_t>(rows.size()), "row");
  if (!result_ || result_->size() != rows.size()) {
    return explained(failed(name, count, found()));
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const ExpectedRow actual = in_terms_of(rows[row], *result_, row);
    if (!same_row(connection, *result_, rows[row], actual)) {
      return failed(name, fmt::format("row {}: {}", row + 1, row_phrase(rows[row])),
                    fmt::format("row {}: {}", row + 1, row_phrase(actual)));
    }
  }
  return held(name, count);
}

Outcome Query::has_same_rows(db::Connection& connection, const std::vector<ExpectedRow>& rows,
                             bool as_set) {
  run(connection);
  const std::string name = label() + (as_set ? " gives this set of rows" : " gives these rows");
  const std::string count = text::counted(static_cast<std::int64_t>(rows.size()), "row");
  if (!result_ || result_->columns().empty()) return explained(failed(name, count, found()));
  std::vector<bool> matched(rows.size(), false);
  std::vector<std::string> missing, surplus;
  for (std::size_t row = 0; row < result_->size(); ++row) {
    bool known = false;
    for (std::size_t i = 0; i < rows.size() && !known; ++i) {
      if (matched[i] && !as_set) continue;
      known = same_row(connection, *result_, rows[i], in_terms_of(rows[i], *result_, row));
      if (known) matched[i] = true;
    }
    ExpectedRow whole;
    if (!known) surplus.push_back(row_phrase(in_terms_of(whole, *result_, row)));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!matched[i]) missing.push_back(row_phrase(rows[i]));
  }
  if (missing.empty() && surplus.empty()) return held(name, count);
  constexpr std::size_t most = 5;  // a person needs no more to see what is wrong
  for (auto* list : {&missing, &surplus}) {
    if (list->size() <= most) continue;
    const std::string rest = fmt::format("{} more", list->size() - most);
    list->resize(most);
    list->push_back(rest);
  }
  std::vector<std::string> differences;
  if (!missing.empty()) differences.push_back("missing: " + list_of(missing));
  if (!surplus.empty()) differences.push_back("not expected: " + list_of(surplus));
  return failed(name, count, fmt::format("{} ({})", found(), text::joined(differences, "; ")));
}

Outcome Query::runs_within(db::Connection& connection, std::int64_t ms) {
  const std::string expected = fmt::format("at most {} ms", ms);
  const std::string name = fmt::format("{} takes {}", label(), expected);
  const time::Stopwatch watch;
  const auto tried = attempt(connection, Keep::nothing, {{sql_, params_}});
  const std::int64_t took = watch.elapsed().count();
  if (tried.error && worth_retrying(*tried.error)) throw Error{*tried.error};
  if (!tried.error) return {name, took <= ms, expected, fmt::format("{} ms", took)};
  Outcome outcome = failed(name, expected, error_phrase(*tried.error));
  outcome.error = tried.error;
  return outcome;
}

Outcome Query::fails_saying(db::Connection& connection, const std::string& sqlstate,
                            const std::string& message) {
  Outcome outcome = fails(connection, sqlstate);
  if (message.empty()) return outcome;
  outcome.name += fmt::format(" saying \"{}\"", message);
  outcome.expected += fmt::format(" saying \"{}\"", message);
  outcome.ok = outcome.ok && error_->message().find(message) != std::string::npos;
  return explained(std::move(outcome));
}

Outcome Query::affects(db::Connection& connection, std::int64_t rows) {
  run(connection);
  const std::string expected = text::counted(rows, "row") + " written";
  const std::string name = fmt::format("{} writes {}", label(), text::counted(rows, "row"));
  if (!result_ || !result_->affected()) return explained(failed(name, expected, found()));
  return compared(name, expected, text::counted(*result_->affected(), "row") + " written");
}

Outcome Query::succeeds(db::Connection& connection) {
  run(connection);
  const std::string name = label() + " succeeds";
  return error_ ? explained(failed(name, "no error", found())) : held(name, "no error");
}

Outcome Query::fails(db::Connection& connection, const std::string& sqlstate) {
  const std::string what = sqlstate.empty() ? "an error" : "error " + sqlstate;
  const std::string name = fmt::format("{} fails with {}", label(), what);
  if (!result_ && !error_) {
    // A deferred constraint speaks here instead of at a commit that never comes.
    take(attempt(connection, Keep::nothing,
                 {{sql_, params_}, {"SET CONSTRAINTS ALL IMMEDIATE", {}}}));
  }
  if (!error_) return failed(name, what, "no error: " + found());
  if (sqlstate.empty() || error_->sqlstate() == sqlstate) return {name, true, what, found()};
  if (worth_retrying(*error_)) throw Error{*error_};
  return explained(failed(name, what, found()));
}

Outcome Query::equals(db::Connection& connection, const db::Param& value) {
  run(connection);
  const std::string name = fmt::format("{} gives {}", label(), shown(value));
  const auto actual = only_value(connection, result_);
  if (!actual) return explained(failed(name, shown(value), shape()));
  return {name, equal(connection, *actual, value), shown(value), shown(actual->value)};
}

Outcome Query::compares(db::Connection& connection, std::string_view word, const char* operation,
                        const std::string& value) {
  run(connection);
  const std::string expected = fmt::format("{} {}", word, value);
  const std::string name = fmt::format("{} gives {}", label(), expected);
  const auto actual = only_value(connection, result_);
  if (!actual) return explained(failed(name, expected, shape()));
  return {name, holds(connection, *actual, operation, value), expected, shown(actual->value)};
}

Outcome Query::at_least(db::Connection& connection, const std::string& value) {
  return compares(connection, "at least", ">=", value);
}
Outcome Query::at_most(db::Connection& connection, const std::string& value) {
  return compares(connection, "at most", "<=", value);
}
Outcome Query::matches(db::Connection& connection, const std::string& pattern) {
  return compares(connection, "what matches", "~", pattern);
}

Outcome Query::can_use_index(db::Connection& connection, const std::string& index) {
  const std::string name = fmt::format("{} can use index {}", label(), index);
  const auto plan = attempt(connection, Keep::nothing, index_use_queries(sql_, params_));
  if (plan.error) {
    if (worth_retrying(*plan.error)) throw Error{*plan.error};
    Outcome outcome = failed(name, "index " + index, error_phrase(*plan.error));
    outcome.error = plan.error;
    return outcome;
  }
  const auto used = indexes_used(plan.results.back());
  if (std::find(used.begin(), used.end(), index) != used.end()) return held(name, "index " + index);
  return failed(name, "index " + index,
                used.empty() ? "no index" : "index " + text::joined(used, ", "));
}

}  // namespace engine::verify
