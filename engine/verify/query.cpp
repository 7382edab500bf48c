#include "verify/query.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "base/time.h"
#include "sql/expression.h"
#include "verify/attempt.h"
#include "verify/index_use.h"
#include "verify/outcomes.h"
#include "verify/scalar.h"

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
  if (!result_ && !error_)
    take(attempt(connection, Keep::changes, {{sql_, params_, db::Lookup::session}}));
  if (error_ && worth_retrying(*error_)) throw Error{*error_};
}

void Query::take(Attempt attempt) {
  error_ = std::move(attempt.error);
  if (!error_) result_ = std::move(attempt.results.front());
}

event::Outcome Query::explained(event::Outcome outcome) const {
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

event::Outcome Query::has_rows(db::Connection& connection, const Count& count) {
  run(connection);
  const std::string name = fmt::format("{} gives {}", label(), count.phrase());
  const bool ok = result_ && count.holds(static_cast<std::int64_t>(result_->size()));
  return explained({name, ok, count.phrase(), found()});
}

event::Outcome Query::is(db::Connection& connection, const std::vector<ExpectedRow>& rows) {
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

namespace {

/// How rows that came stand to rows that are expected.
struct Compared {
  std::vector<std::string> missing, surplus, shared;
};

std::string shortened_list(std::vector<std::string> rows) {
  constexpr std::size_t most = 5;  // a person needs no more to see what is wrong
  if (rows.size() > most) {
    const std::string rest = fmt::format("{} more", rows.size() - most);
    rows.resize(most);
    rows.push_back(rest);
  }
  return list_of(rows);
}

Compared compare(db::Connection& connection, const db::Result& result,
                 const std::vector<ExpectedRow>& rows, bool as_set) {
  Compared compared;
  std::vector<bool> matched(rows.size(), false);
  for (std::size_t row = 0; row < result.size(); ++row) {
    bool known = false;
    // Of a bag each row that is given stands for one that came; of a set for all of them.
    for (std::size_t i = 0; i < rows.size() && (as_set || !known); ++i) {
      if (matched[i] && !as_set) continue;
      if (!same_row(connection, result, rows[i], in_terms_of(rows[i], result, row))) continue;
      known = matched[i] = true;
    }
    if (!known) compared.surplus.push_back(row_phrase(in_terms_of(ExpectedRow{}, result, row)));
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    (matched[i] ? compared.shared : compared.missing).push_back(row_phrase(rows[i]));
  return compared;
}

}  // namespace

event::Outcome Query::has_same_rows(db::Connection& connection,
                                    const std::vector<ExpectedRow>& rows, bool as_set) {
  run(connection);
  const std::string name = label() + (as_set ? " gives this set of rows" : " gives these rows");
  const std::string count = text::counted(static_cast<std::int64_t>(rows.size()), "row");
  if (!result_ || result_->columns().empty()) return explained(failed(name, count, found()));
  const Compared rest = compare(connection, *result_, rows, as_set);
  if (rest.missing.empty() && rest.surplus.empty()) return held(name, count);
  std::vector<std::string> differences;
  if (!rest.missing.empty()) differences.push_back("missing: " + shortened_list(rest.missing));
  if (!rest.surplus.empty()) differences.push_back("not expected: " + shortened_list(rest.surplus));
  return failed(name, count, fmt::format("{} ({})", found(), text::joined(differences, "; ")));
}

event::Outcome Query::includes(db::Connection& connection, const std::vector<ExpectedRow>& rows,
                               bool as_set) {
  run(connection);
  const std::string name =
      label() + (as_set ? " gives this set among its rows" : " gives these among its rows");
  const std::string count = text::counted(static_cast<std::int64_t>(rows.size()), "row");
  if (!result_ || result_->columns().empty()) return explained(failed(name, count, found()));
  const Compared rest = compare(connection, *result_, rows, as_set);
  if (rest.missing.empty()) return held(name, count);
  return failed(name, count,
                fmt::format("{} (missing: {})", found(), shortened_list(rest.missing)));
}

event::Outcome Query::includes_none_of(db::Connection& connection,
                                       const std::vector<ExpectedRow>& rows) {
  run(connection);
  const std::string name = label() + " gives none of these rows";
  if (!result_ || result_->columns().empty()) return explained(failed(name, "none", found()));
  const Compared rest = compare(connection, *result_, rows, true);
  return rest.shared.empty() ? held(name, "none")
                             : failed(name, "none", shortened_list(rest.shared));
}

event::Outcome Query::not_so(event::Outcome so, const std::string& what) const {
  so.name = label() + what;
  so.expected = "other rows";
  so.ok = result_ && !so.ok;
  if (result_ && !so.ok) so.actual = "these, " + found();
  return explained(std::move(so));
}

event::Outcome Query::is_not(db::Connection& connection, const std::vector<ExpectedRow>& rows) {
  return not_so(is(connection, rows), " gives other rows than these");
}

event::Outcome Query::has_other_rows(db::Connection& connection,
                                     const std::vector<ExpectedRow>& rows, bool as_set) {
  return not_so(has_same_rows(connection, rows, as_set),
                as_set ? " gives another set of rows" : " gives other rows in any order");
}

event::Outcome Query::types_are(db::Connection& connection, const std::vector<std::string>& types) {
  run(connection);
  const std::string name = label() + " gives columns of these types";
  if (!result_) return explained(failed(name, list_of(types), found()));
  std::vector<std::string> actual;
  for (const auto& column : result_->columns())
    actual.push_back(connection
                         .execute("SELECT pg_catalog.format_type($1::pg_catalog.oid, NULL) AS name",
                                  {std::to_string(column.type)})
                         .text(0, "name"));
  for (std::size_t i = 0; i < actual.size() && i < types.size(); ++i) {
    if (sql::same_type(types[i], actual[i])) actual[i] = types[i];
  }
  return compared(name, list_of(types), list_of(actual));
}

event::Outcome Query::runs_within(db::Connection& connection, std::int64_t ms, std::int64_t runs) {
  const std::string expected = fmt::format("at most {} ms", ms);
  const std::string name =
      fmt::format("{} takes {}{}", label(), expected,
                  runs == 1 ? "" : fmt::format(" on average of {} runs", runs));
  std::vector<std::int64_t> times;
  for (std::int64_t run = 0; run < runs; ++run) {
    const time::Stopwatch watch;
    const auto tried = attempt(connection, Keep::nothing, {{sql_, params_, db::Lookup::session}});
    times.push_back(watch.elapsed().count());
    if (!tried.error) continue;
    if (worth_retrying(*tried.error)) throw Error{*tried.error};
    event::Outcome outcome = failed(name, expected, error_phrase(*tried.error));
    outcome.error = tried.error;
    return outcome;
  }
  std::sort(times.begin(), times.end());
  const auto cut = static_cast<std::ptrdiff_t>(times.size() / 10);
  const std::int64_t sum = std::accumulate(times.begin() + cut, times.end() - cut, std::int64_t{0});
  const std::int64_t took = sum / (static_cast<std::int64_t>(times.size()) - 2 * cut);
  return {name, took <= ms, expected, fmt::format("{} ms", took)};
}

event::Outcome Query::fails_saying(db::Connection& connection, const std::string& sqlstate,
                                   const std::string& message, const std::string& pattern) {
  event::Outcome outcome = fails(connection, sqlstate);
  const auto saying = [&](const std::string& what, bool says) {
    outcome.name += what;
    outcome.expected += what;
    outcome.ok = outcome.ok && says;
  };
  if (!message.empty())
    saying(fmt::format(" saying \"{}\"", message),
           error_ && error_->message().find(message) != std::string::npos);
  if (!pattern.empty())
    saying(fmt::format(" saying what matches {}", pattern),
           error_ && holds(connection, {error_->message(), "text"}, "~", pattern));
  if (message.empty() && pattern.empty()) return outcome;
  return explained(std::move(outcome));
}

event::Outcome Query::affects(db::Connection& connection, std::int64_t rows) {
  run(connection);
  const std::string expected = text::counted(rows, "row") + " written";
  const std::string name = fmt::format("{} writes {}", label(), text::counted(rows, "row"));
  if (!result_ || !result_->affected()) return explained(failed(name, expected, found()));
  return compared(name, expected, text::counted(*result_->affected(), "row") + " written");
}

event::Outcome Query::succeeds(db::Connection& connection) {
  run(connection);
  const std::string name = label() + " succeeds";
  return error_ ? explained(failed(name, "no error", found())) : held(name, "no error");
}

event::Outcome Query::fails(db::Connection& connection, const std::string& sqlstate) {
  const std::string what = sqlstate.empty() ? "an error" : "error " + sqlstate;
  const std::string name = fmt::format("{} fails with {}", label(), what);
  if (!result_ && !error_) {
    // A deferred constraint speaks here instead of at a commit that never comes.
    take(attempt(connection, Keep::nothing,
                 {{sql_, params_, db::Lookup::session},
                  {"SET CONSTRAINTS ALL IMMEDIATE", {}, db::Lookup::session}}));
  }
  if (!error_) return failed(name, what, "no error: " + found());
  if (sqlstate.empty() || error_->sqlstate() == sqlstate) return {name, true, what, found()};
  if (worth_retrying(*error_)) throw Error{*error_};
  return explained(failed(name, what, found()));
}

event::Outcome Query::equals(db::Connection& connection, const db::Param& value) {
  run(connection);
  const std::string name = fmt::format("{} gives {}", label(), shown(value));
  const auto actual = only_value(connection, result_);
  if (!actual) return explained(failed(name, shown(value), shape()));
  return {name, equal(connection, *actual, value), shown(value), shown(actual->value)};
}

event::Outcome Query::compares(db::Connection& connection, std::string_view word,
                               const char* operation, const std::string& value) {
  run(connection);
  const std::string expected = fmt::format("{} {}", word, value);
  const std::string name = fmt::format("{} gives {}", label(), expected);
  const auto actual = only_value(connection, result_);
  if (!actual) return explained(failed(name, expected, shape()));
  return {name, holds(connection, *actual, operation, value), expected, shown(actual->value)};
}

event::Outcome Query::at_least(db::Connection& connection, const std::string& value) {
  return compares(connection, "at least", ">=", value);
}
event::Outcome Query::at_most(db::Connection& connection, const std::string& value) {
  return compares(connection, "at most", "<=", value);
}
event::Outcome Query::matches(db::Connection& connection, const std::string& pattern) {
  return compares(connection, "what matches", "~", pattern);
}

event::Outcome Query::differs_from(db::Connection& connection, const db::Param& value) {
  run(connection);
  const std::string expected = "not " + shown(value);
  const std::string name = fmt::format("{} gives {}", label(), expected);
  const auto actual = only_value(connection, result_);
  if (!actual) return explained(failed(name, expected, shape()));
  return {name, !equal(connection, *actual, value), expected, shown(actual->value)};
}

event::Outcome Query::does_not_match(db::Connection& connection, const std::string& pattern) {
  run(connection);
  const std::string expected = "what does not match " + pattern;
  const std::string name = fmt::format("{} gives {}", label(), expected);
  const auto actual = only_value(connection, result_);
  if (!actual) return explained(failed(name, expected, shape()));
  return {name, actual->value && !holds(connection, *actual, "~", pattern), expected,
          shown(actual->value)};
}

event::Outcome Query::can_use_index(db::Connection& connection, const std::string& index) {
  const std::string name = fmt::format("{} can use index {}", label(), index);
  const auto plan = attempt(connection, Keep::nothing, index_use_queries(sql_, params_));
  if (plan.error) {
    if (worth_retrying(*plan.error)) throw Error{*plan.error};
    event::Outcome outcome = failed(name, "index " + index, error_phrase(*plan.error));
    outcome.error = plan.error;
    return outcome;
  }
  const auto used = indexes_used(plan.results.back());
  if (std::find(used.begin(), used.end(), index) != used.end()) return held(name, "index " + index);
  return failed(name, "index " + index,
                used.empty() ? "no index" : "index " + text::joined(used, ", "));
}

}  // namespace engine::verify
