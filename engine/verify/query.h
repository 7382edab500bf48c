// What a query of the plan gives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "db/connection.h"
#include "event/outcome.h"
#include "verify/attempt.h"
#include "verify/rows.h"

namespace engine::verify {

/// A row as a check expects it: values in order, or by the names of columns (then other columns are
/// not compared).
struct ExpectedRow {
  std::vector<std::pair<std::string, db::Param>> values;
  bool named = false;
};

/// A statement with its parameters. It runs once, when the first check asks for its rows, in a
/// savepoint of its own: where it is refused the transaction goes on, and the checks that wanted
/// rows fail and say why. What it wrote stays (until the runner takes all of `verify` back), so
/// that the next query sees it.
class Query {
 public:
  Query(std::string sql, db::Params params) : sql_(std::move(sql)), params_(std::move(params)) {}

  event::Outcome has_rows(db::Connection& connection, const Count& count);
  event::Outcome is(db::Connection& connection, const std::vector<ExpectedRow>& rows);
  event::Outcome affects(db::Connection& connection, std::int64_t rows);
  event::Outcome succeeds(db::Connection& connection);
  /// No SQLSTATE: any. Nothing of the statement stays, and what is checked at commit is checked at
  /// once.
  event::Outcome fails(db::Connection& connection, const std::string& sqlstate);

  // One row of one column.
  event::Outcome equals(db::Connection& connection, const db::Param& value);
  event::Outcome at_least(db::Connection& connection, const std::string& value);
  event::Outcome at_most(db::Connection& connection, const std::string& value);
  event::Outcome matches(db::Connection& connection, const std::string& pattern);

  /// The planner uses the index where it may not simply read the whole table, as it would on a
  /// small one. Runs nothing.
  event::Outcome can_use_index(db::Connection& connection, const std::string& index);

  event::Outcome differs_from(db::Connection& connection, const db::Param& value);
  event::Outcome does_not_match(db::Connection& connection, const std::string& pattern);

  /// Its rows in any order: as a set, each row once, or as a bag.
  event::Outcome has_same_rows(db::Connection& connection, const std::vector<ExpectedRow>& rows,
                               bool as_set);
  /// These rows are among its rows: a bag, each as often as it is given.
  event::Outcome includes(db::Connection& connection, const std::vector<ExpectedRow>& rows,
                          bool as_set);
  event::Outcome includes_none_of(db::Connection& connection, const std::vector<ExpectedRow>& rows);
  event::Outcome is_not(db::Connection& connection, const std::vector<ExpectedRow>& rows);
  event::Outcome has_other_rows(db::Connection& connection, const std::vector<ExpectedRow>& rows,
                                bool as_set);
  /// Of its columns, in order.
  event::Outcome types_are(db::Connection& connection, const std::vector<std::string>& types);
  /// The whole statement, with what it does taken back: once, or on average of so many, without the
  /// slowest and the fastest tenth.
  event::Outcome runs_within(db::Connection& connection, std::int64_t ms, std::int64_t runs);
  /// As fails(); and the server's message has this in it, or matches the pattern.
  event::Outcome fails_saying(db::Connection& connection, const std::string& sqlstate,
                              const std::string& message, const std::string& pattern);

  db::Command command() const { return {sql_, params_}; }
  std::string label() const;  // query "SELECT …"

 private:
  void run(db::Connection& connection);
  void take(Attempt attempt);
  /// With the server's error, where that is why the check failed.
  event::Outcome explained(event::Outcome outcome) const;
  std::string found() const;  // "3 rows", "error 23505: …", "INSERT 0 1"
  /// A check on the rows, where there are any.
  event::Outcome not_so(event::Outcome so, const std::string& what) const;
  std::string shape() const;  // the same, with the columns where they are not one
  event::Outcome compares(db::Connection& connection, std::string_view word, const char* operation,
                          const std::string& value);

  std::string sql_;
  db::Params params_;
  std::optional<db::Result> result_;
  std::optional<Error> error_;
};

}  // namespace engine::verify
