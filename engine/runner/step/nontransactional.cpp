// Work that cannot run in a transaction: VACUUM, CREATE INDEX CONCURRENTLY and their like.
#include <utility>

#include "base/time.h"
#include "runner/step/actions.h"
#include "runner/step/index_catalog.h"
#include "runner/step/nontransactional_statements.h"
#include "runner/step/transactional.h"

namespace engine::runner {
namespace {

struct Piece {
  const plan::SqlBlock* block = nullptr;
  const sql::Statement* statement = nullptr;
  const plan::Function* function = nullptr;
};

std::vector<Piece> pieces_of(const Job& job) {
  std::vector<Piece> pieces;
  if (job.run == nullptr) return pieces;
  for (const plan::Action& action : *job.run) {
    if (const auto* function = std::get_if<plan::Function>(&action)) {
      pieces.push_back({nullptr, nullptr, function});
      continue;
    }
    const auto& block = std::get<plan::SqlBlock>(action);
    for (const sql::Statement& statement : block.statements)
      pieces.push_back({&block, &statement, nullptr});
  }
  return pieces;
}

// Was this the first thing to happen, and does a refusal of it leave nothing behind?
bool leaves_nothing(const Item& item, const NontransactionalStatements& statements) {
  return item.finished_pieces == 0 && !item.resumed && !item.cut_off && statements.left_nothing();
}

// A function that refused, or failed, before it changed anything.
void call(Context& context, Item& item, const plan::Function& function,
          NontransactionalStatements& statements) {
  try {
    call_function(context, item.job, function);
  } catch (const Error& error) {
    if (!is_lost(error) && !context.session.may_have_written() && leaves_nothing(item, statements))
      item.left_nothing = true;
    throw;
  }
}

void execute(Context& context, Item& item, const Piece& piece,
             NontransactionalStatements& statements) {
  const sql::Statement* sent = context.session.sent_for(*piece.statement);
  if (sent == nullptr) return;
  const time::Stopwatch watch;
  std::optional<db::Result> result;
  context.watched([&] {
    try {
      result = statements.execute(*sent);
    } catch (Error& error) {
      if (!is_lost(error) && leaves_nothing(item, statements)) item.left_nothing = true;
      error.at(source_of(*piece.block, *piece.statement)).statement(sent->text);
      throw;
    }
  });
  if (!result) return;
  tell_statement(context, item.job, *piece.block, *sent, {*std::move(result), watch.elapsed()});
  context.link.queue().trace();
}

// Role and settings that finished pieces gave to a session which was lost.
void set_again(Context& context, Item& item, const std::vector<Piece>& pieces) {
  if (!std::exchange(item.session_is_new, false)) return;
  for (std::size_t i = 0; i < item.finished_pieces; ++i) {
    const sql::Statement* statement = pieces[i].statement;
    if (statement != nullptr && statement->changes_session)
      context.link.connection().execute(statement->text);
  }
}

// The work of a piece stands, and with it what it told the steps after it, and the rollback.
void keep_state(Context& context, Item& item) {
  item.kept_state = context.session.state();
  if (!item.job.journaled || item.kept_state == context.recorded_state) return;
  context.write({context.link.journal().record_state(context.link.run(), item.kept_state)},
                Context::As::plan);
  context.recorded_state = item.kept_state;
  context.link.refuse_ended();
}

void work(Context& context, Item& item, RunObserver* watch) {
  const std::vector<Piece> pieces = pieces_of(item.job);
  context.link.queue().add(context.settings(item.job, false));
  context.flush();
  set_again(context, item, pieces);
  NontransactionalStatements statements{context, item};
  for (; item.finished_pieces < pieces.size(); ++item.finished_pieces) {
    if (watch != nullptr) watch->check();
    const Piece& piece = pieces[item.finished_pieces];
    if (piece.function != nullptr) {
      call(context, item, *piece.function, statements);
    } else {
      execute(context, item, piece, statements);
    }
    statements.piece_done();
    context.worked_outside = true;
    keep_state(context, item);
  }
  if (watch != nullptr) watch->check();
  statements.refuse_unfinished();
  // In a flush of its own: in a pipeline the server begins a transaction with the first statement,
  // by the defaults that the plan may have set, and the BEGIN that follows only joins it.
  context.link.add_restoring();
  context.flush();
}

// What the watch stopped says only that it was cancelled; the watch says why.
void work_watched(Context& context, Item& item) {
  RunGuard* const witness = context.host.witness;
  if (witness == nullptr) return work(context, item, nullptr);
  const std::unique_ptr<RunObserver> watch = witness->watch(context.link.connection(), item.job.id);
  try {
    work(context, item, watch.get());
  } catch (const Error& error) {
    if (!watch || is_lost(error) || error.code() == Code::unapproved) throw;
    try {
      watch->check();
    } catch (Error& refused) {
      if (!error.detail().empty()) refused.detail(refused.detail() + "\n" + error.detail());
      throw;
    }
    throw;
  }
}

// What stood before is kept where the step begins, not where an edit of it goes on.
void record_intent(Context& context, Item& item) {
  journal::Journal& journal = context.link.journal();
  const std::string& run = context.link.run();
  std::vector<db::Command> commands{
      journal.record_step(row_of(item.job, run, after(item.before, StepEvent::began), {}))};
  std::optional<History> history = item.history;
  if (item.before != event::StepState::intent) {
    history = History{begun_now(context.link.connection()), {}};
    commands.push_back(
        journal.record_facts(run, item.job.id, begun_event, to_json(*history->begun)));
  }
  context.write(commands);
  item.history = std::move(history);
}

}  // namespace

void work_outside(Context& context, Item& item) {
  const time::Stopwatch watch;
  const auto waited_before = context.questions.waited();
  context.session.at_step(item.job.id);
  // What an attempt before this one did is not in the rows of this one.
  const bool knows_its_rows = item.work_stands ? item.earlier.rows.has_value() : !item.begun;
  item.partly = item.partly || item.resumed || !knows_its_rows;
  if (!item.work_stands) {
    if (context.host.witness != nullptr) context.host.witness->allow(item.job.id);
    const bool runs = item.job.moment != Moment::rollback && item.job.journaled;
    if (runs && (item.before != event::StepState::intent || item.edited)) {
      record_intent(context, item);
      item.before = event::StepState::intent;
      item.edited = false;
    }
    if (context.announcement) context.write({*context.announcement});
    context.announcement.reset();
    context.link.refuse_ended();
    item.begun = true;
    work_watched(context, item);
    item.work_stands = true;
    item.earlier.rows = context.session.rows();
    const auto waited = context.questions.waited() - waited_before;
    item.earlier.ms = (watch.elapsed() - waited).count();
  }
  const std::vector<plan::Action>* const run = std::exchange(item.job.run, nullptr);
  std::size_t current = 0;
  commit_together(context, {&item, 1}, current);
  item.job.run = run;
}

}  // namespace engine::runner
