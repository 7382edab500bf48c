#include "verify/attempt.h"

#include "base/interrupt.h"
#include "db/pipeline.h"

namespace engine::verify {
namespace {

struct Bracket {
  std::vector<std::string> before, after, undo;
};

Bracket bracket_for(db::TransactionStatus status, Keep keep) {
  // In a failed transaction the statement fails as well, and nothing here may end what others
  // began.
  if (status == db::TransactionStatus::in_error) return {};
  if (status != db::TransactionStatus::in_transaction) {
    if (keep == Keep::changes) return {};
    return {{"BEGIN"}, {"ROLLBACK"}, {"ROLLBACK"}};
  }
  const std::vector<std::string> back{"ROLLBACK TO SAVEPOINT engine_check",
                                      "RELEASE SAVEPOINT engine_check"};
  if (keep == Keep::changes)
    return {{"SAVEPOINT engine_check"}, {"RELEASE SAVEPOINT engine_check"}, back};
  return {{"SAVEPOINT engine_check"}, back, back};
}

void add_all(db::Pipeline& pipeline, const std::vector<std::string>& statements) {
  for (const auto& statement : statements) pipeline.add({statement, {}, db::Lookup::session});
}

}  // namespace

Attempt attempt(db::Connection& connection, Keep keep, const std::vector<db::Command>& commands) {
  const Bracket bracket = bracket_for(connection.status(), keep);
  db::Pipeline pipeline{connection};
  add_all(pipeline, bracket.before);
  for (const auto& command : commands) pipeline.add(command);
  add_all(pipeline, bracket.after);
  Attempt attempt;
  try {
    auto answers = pipeline.run();
    for (std::size_t i = 0; i < commands.size(); ++i) {
      attempt.results.push_back(std::move(answers[bracket.before.size() + i].result));
    }
  } catch (const Error& error) {
    if (connection.status() == db::TransactionStatus::in_error) {
      add_all(pipeline, bracket.undo);
      pipeline.run();
    }
    interrupt::check();
    if (error.sqlstate().empty() || error.code() == Code::connection_lost) throw;
    attempt.error = error;
  }
  return attempt;
}

bool worth_retrying(const Error& error) {
  const std::string& state = error.sqlstate();
  return state == "55P03" || state == "40P01" || state == "40001";
}

std::string error_phrase(const Error& error) {
  return fmt::format("error {}: {}", error.sqlstate(), error.message());
}

}  // namespace engine::verify
