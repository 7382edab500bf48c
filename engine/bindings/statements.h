// SQL that a plan's function gives to the db primitives.
#pragma once

#include <vector>

#include "db/connection.h"
#include "script/call.h"
#include "sql/statement.h"

namespace engine::bindings {

/// The SQL argument of a call, taken apart and judged before anything is sent: what may not stand
/// in a plan, what cannot be parsed by a parser that is no older than the server, and what writes
/// where only reading is allowed.
class Statements {
 public:
  Statements(script::Call& call, int index);

  const std::vector<sql::Statement>& all() const { return statements_; }
  /// The one statement. Throws Error{argument} where there are more, or none.
  const sql::Statement& only() const;

  /// Executes it; the event stream hears of it. An error names the plan's line and the statement.
  db::Result run(const sql::Statement& statement, const db::Params& params) const;
  /// An error of the server, with the plan's line and the statement.
  Error placed(Error error, const sql::Statement& statement) const;

  bool in_transaction() const;

 private:
  void judge(const sql::Statement& statement) const;
  Source source_of(const sql::Statement& statement, std::size_t offset = 0) const;

  script::Call& call_;
  script::SqlText sql_;
  std::vector<sql::Statement> statements_;
};

/// Throws Error{argument} where the query gave more than one row.
void at_most_one_row(script::Call& call, const db::Result& result);

}  // namespace engine::bindings
