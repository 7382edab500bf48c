#include "bindings/statements.h"

#include <algorithm>

#include "base/text.h"
#include "runner/session/session.h"
#include "script/primitive.h"

namespace engine::bindings {

Statements::Statements(script::Call& call, int index)
    : call_(call), sql_(call.sql(index, "the SQL")), statements_(sql::split(sql_.text)) {
  for (const auto& statement : statements_) judge(statement);
}

const sql::Statement& Statements::only() const {
  if (statements_.size() == 1) return statements_.front();
  throw Error{Code::argument, "{} needs one statement, not {}", call_.primitive().name,
              statements_.empty() ? "an empty text" : std::to_string(statements_.size())}
      .at(sql_.at);
}

bool Statements::in_transaction() const {
  return call_.session().connection().status() == db::TransactionStatus::in_transaction;
}

void Statements::judge(const sql::Statement& statement) const {
  const auto refusal = [&](Error error) {
    return std::move(error).at(source_of(statement)).statement(statement.text);
  };
  if (statement.refusal != sql::Refusal::none) {
    throw refusal(Error{Code::argument, "{}: a plan cannot contain {}", call_.primitive().name,
                        statement.tag})
        .hint(statement.instead);
  }
  const bool writes =
      statement.effect == sql::Effect::writes || statement.effect == sql::Effect::destroys;
  if (writes && !call_.session().may_write()) {
    throw refusal(Error{Code::wrong_moment, "{}: {} changes the target, but may only read here",
                        call_.primitive().name, statement.tag})
        .hint("Move it into the step's run or rollback.");
  }
  if (writes) call_.session().writes();
  // A newer server may know what this parser does not.
  if (!statement.known() &&
      call_.session().connection().server_version() / 10000 <= sql::grammar_version()) {
    throw Error{Code::sql, "{}", statement.problem}
        .sqlstate("42601")
        .at(source_of(statement,
                      statement.problem_at - std::min(statement.problem_at, statement.offset)))
        .statement(statement.text);
  }
  if (!statement.transaction_block && in_transaction()) {
    throw refusal(Error{Code::wrong_moment, "{}: {} cannot run inside a transaction",
                        call_.primitive().name, statement.tag})
        .hint("Set transaction = \"none\" in the step.");
  }
}

// `offset` counts in the statement.
Source Statements::source_of(const sql::Statement& statement, std::size_t offset) const {
  if (sql_.computed) return sql_.at;
  const int below = sql::position_of(statement.text, offset).line - 1;
  return {sql_.at.file, sql_.at.line + statement.line - 1 + below};
}

Error Statements::placed(Error error, const sql::Statement& statement) const {
  const auto character = static_cast<std::size_t>(std::max(error.position(), 1));
  error.at(source_of(statement, sql::byte_offset(statement.text, character)));
  error.statement(statement.text);
  return error;
}

db::Result Statements::run(const sql::Statement& statement, const db::Params& params) const {
  try {
    return call_.session().execute(statement, params, source_of(statement));
  } catch (const Error& error) {
    throw placed(error, statement);
  }
}

void at_most_one_row(script::Call& call, const db::Result& result) {
  if (result.size() <= 1) return;
  throw Error{Code::value, "{}: the query returned {}, not one", call.primitive().name,
              text::counted(static_cast<std::int64_t>(result.size()), "row")}
      .hint("Add a condition or LIMIT 1, or use db.query.");
}

}  // namespace engine::bindings
