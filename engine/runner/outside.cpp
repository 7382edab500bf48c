// Work that cannot run in a transaction: VACUUM, CREATE INDEX CONCURRENTLY and their like.
#include <utility>

#include "base/time.h"
#include "runner/actions.h"
#include "runner/index_repair.h"
#include "runner/outside_statement.h"
#include "runner/unit.h"

namespace engine::runner {
namespace {

struct Piece {
  const SqlBlock* block = nullptr;
  const sql::Statement* statement = nullptr;
  const Function* function = nullptr;
};

std::vector<Piece> pieces_of(const Job& job) {
  std::vector<Piece> pieces;
  if (job.run == nullptr) return pieces;
  for (const Action& action : *job.run) {
    if (const auto* function = std::get_if<Function>(&action)) {
      pieces.push_back({nullptr, nullptr, function});
      continue;
    }
    const auto& block = std::get<SqlBlock>(action);
    for (const sql::Statement& statement : block.statements)
      pieces.push_back({&block, &statement, nullptr});
  }
  return pieces;
}

// One that says CONCURRENTLY waits for every older transaction: giving way after three seconds
// would leave an INVALID index and help nobody, since it blocks no reader and no writer while it
// waits.
void set_timeouts(Context& context, const Job& job, const sql::Statement& statement,
                  bool& waits_long) {
  const bool concurrent = statement.concurrent;
  if (concurrent == waits_long) return;
  waits_long = concurrent;
  context.link.queue().add(concurrent ? context.settings(job, false, "0")
                                      : context.settings(job, false));
  context.flush();
}

// Was this the first thing to happen, and does a refusal of it leave nothing behind?
bool leaves_nothing(const Item& item, const Piece& piece) {
  return item.finished_pieces == 0 && !item.resumed && !piece.statement->concurrent;
}

// The index that a failed CREATE INDEX CONCURRENTLY leaves takes room and slows writes until it is
// dropped: who reads the failure should know of it.
void name_invalid_index(Context& context, const IndexStatement& index, Error& error) {
  if (is_lost(error) || error.code() == Code::interrupted) return;
  const std::string left = invalid_index(context.link.connection(), index);
  if (left.empty()) return;
  error.detail(
      fmt::format("{}{}Index {} is left INVALID: running again drops it and builds it anew.",
                  error.detail(), error.detail().empty() ? "" : "\n", left));
}

void execute(Context& context, Item& item, const Piece& piece) {
  db::Connection& connection = context.link.connection();
  const std::optional<IndexStatement> index = concurrent_index(piece.statement->text);
  if (index) {
    const Repair repair = prepare_index(connection, *index, item.in_doubt);
    if (!repair.told.empty()) context.session.note(repair.told);
    if (repair.already_done) return;
  }
  item.in_doubt = true;
  const time::Stopwatch watch;
  db::Answer answer;
  context.watched([&] {
    try {
      answer.result = send_outside(connection, context.host.witness, item.job.id, *piece.statement);
    } catch (Error& error) {
      // The server refused it, so it did not happen, whatever it left behind.
      if (!is_lost(error)) item.in_doubt = item.resumed;
      if (!is_lost(error) && item.failed.empty() && leaves_nothing(item, piece))
        item.failed = "failed";
      error.at(source_of(*piece.block, *piece.statement)).statement(piece.statement->text);
      if (index) name_invalid_index(context, *index, error);
      throw;
    }
  });
  answer.elapsed = watch.elapsed();
  tell_statement(context, item.job, *piece.block, *piece.statement, answer);
  context.link.queue().trace();
}

void work(Context& context, Item& item, Watch* watch) {
  const std::vector<Piece> pieces = pieces_of(item.job);
  context.link.queue().add(context.settings(item.job, false));
  context.flush();
  bool waits_long = false;
  for (; item.finished_pieces < pieces.size(); ++item.finished_pieces) {
    if (watch != nullptr) watch->check();
    const Piece& piece = pieces[item.finished_pieces];
    if (piece.function != nullptr) {
      call_function(context, item.job, *piece.function);
    } else {
      set_timeouts(context, item.job, *piece.statement, waits_long);
      execute(context, item, piece);
    }
    item.kept_state = context.session.state();
    // After a resume, every piece may have happened; within this process, only the one that was cut
    // off.
    if (!item.resumed) item.in_doubt = false;
  }
  if (watch != nullptr) watch->check();
  // In a flush of its own: in a pipeline the server begins a transaction with the first statement,
  // by the defaults that the plan may have set, and the BEGIN that follows only joins it.
  context.link.add_restoring();
  context.flush();
}

// What the watch stopped says only that it was cancelled; the watch says why.
void work_watched(Context& context, Item& item) {
  Witness* const witness = context.host.witness;
  if (witness == nullptr) return work(context, item, nullptr);
  const std::unique_ptr<Watch> watch = witness->watch(context.link.connection(), item.job.id);
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
    const bool runs = item.failed != "rollback_failed" && item.job.journaled;
    if (runs && (item.before != "intent" || item.edited)) {
      context.write(
          {context.link.journal().record_step(row_of(item.job, context.link.run(), "intent", {}))});
      item.before = "intent";
      item.edited = false;
    }
    if (runs) item.failed = "";
    if (context.announcement) context.write({*context.announcement});
    context.announcement.reset();
    item.begun = true;
    work_watched(context, item);
    item.work_stands = true;
    item.earlier.rows = context.session.rows();
    const auto waited = context.questions.waited() - waited_before;
    item.earlier.ms = (watch.elapsed() - waited).count();
    if (runs) item.failed = "unverified";
  }
  const std::vector<Action>* const run = std::exchange(item.job.run, nullptr);
  std::size_t current = 0;
  commit_together(context, {&item, 1}, current);
  item.job.run = run;
}

}  // namespace engine::runner
