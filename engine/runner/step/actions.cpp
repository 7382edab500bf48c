#include "runner/step/actions.h"

namespace engine::runner {
namespace {

bool transaction_waits_or_stands(Context& context) {
  return !context.link.queue().empty() ||
         context.link.connection().status() == db::TransactionStatus::in_transaction;
}

void show(Context& context, const Job& job, const db::Result& result) {
  event::TableShown table{job.id, {}, result.rows()};
  for (const db::ResultColumn& column : result.columns()) table.columns.push_back(column.name);
  context.emitter.emit(std::move(table));
}

}  // namespace

void tell_statement(Context& context, const Job& job, const plan::SqlBlock& block,
                    const sql::Statement& statement, const db::Answer& answer) {
  const Source at = source_of(block, statement);
  context.session.add_rows(answer.result.affected());
  context.emitter.emit(event::StatementDone{
      job.id, at.file, at.line, statement.text, answer.result.tag(), answer.result.affected(),
      std::chrono::duration_cast<std::chrono::milliseconds>(answer.elapsed).count()});
  if (job.shows_rows && !answer.result.columns().empty()) show(context, job, answer.result);
}

void call_function(Context& context, const Job& job, const plan::Function& function) {
  const LiveSession::Call scope{context.session, job.moment, true};
  context.watched([&] {
    try {
      function.call();
    } catch (Error& error) {
      if (!error.source()) error.at(function.at);
      throw;
    }
  });
}

void act_in_transaction(Context& context, const Job& job) {
  StatementBatch& queue = context.link.queue();
  for (const plan::Action& action : *job.run) {
    if (const auto* block = std::get_if<plan::SqlBlock>(&action)) {
      for (const sql::Statement& statement : block->statements) {
        const sql::Statement* sent = context.session.sent_for(statement);
        if (sent == nullptr) continue;
        queue.add(*block, *sent, [&context, &job, block, sent](const db::Answer& answer) {
          tell_statement(context, job, *block, *sent, answer);
        });
      }
      continue;
    }
    const auto& function = std::get<plan::Function>(action);
    // A function may act outside the database, so what stands before it has happened when it
    // begins.
    if (queue.has_work()) context.flush();
    call_function(context, job, function);
    if (context.link.connection().status() == db::TransactionStatus::in_error) {
      throw Error{Code::sql,
                  "a statement of this function failed, the plan caught its error, and the "
                  "transaction cannot continue"}
          .hint("Use db.savepoint around a statement that may fail.")
          .at(function.at);
    }
    if (!transaction_waits_or_stands(context)) {
      throw Error{Code::sql, "this function ended its step's transaction"}.at(function.at);
    }
  }
}

}  // namespace engine::runner
