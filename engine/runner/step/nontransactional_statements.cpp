#include "runner/step/nontransactional_statements.h"

#include "base/text.h"
#include "runner/step/index_leftovers.h"
#include "runner/step/index_repair.h"
#include "runner/step/observed_statement.h"

namespace engine::runner {
namespace {

std::string moment_of(const Job& job) {
  if (job.moment == Moment::rollback) return "rollback";
  return job.moment == Moment::task ? "task" : "run";
}

const History& history_for(Context& context, Item& item) {
  if (!item.history && !item.job.journaled) item.history.emplace();
  if (!item.history) {
    const journal::Journal& journal = context.link.journal();
    item.history = history_of(journal.step_events(context.link.run(), item.job.id));
  }
  return *item.history;
}

// Begun by an engine that kept no intents: any of its statements may have been sent.
const Intent& unknown() {
  static const Intent nothing_known;
  return nothing_known;
}

}  // namespace

NontransactionalStatements::NontransactionalStatements(Context& context, Item& item)
    : context_(context), item_(item), moment_(moment_of(item.job)), sent_(item.sent) {
  history_for(context, item);
  context.session.executor([this](const sql::Statement& statement, const db::Params& params) {
    return execute(statement, params);
  });
}

NontransactionalStatements::~NontransactionalStatements() { context_.session.executor({}); }

// One that says CONCURRENTLY waits for every older transaction: giving way after three seconds
// would leave an INVALID index and help nobody, since it blocks no reader and no writer while it
// waits.
void NontransactionalStatements::set_lock_timeout(bool waits_long) {
  if (waits_long == waits_long_ || !item_.job.lock_timeout.empty()) return;
  waits_long_ = waits_long;
  const std::string& of_plan = context_.plan.lock_timeout;
  const std::string usual = of_plan.empty() ? context_.options.lock_timeout : of_plan;
  context_.link.connection().execute("SELECT pg_catalog.set_config('lock_timeout', $1, false)",
                                     {waits_long ? "0" : usual});
}

std::optional<db::Result> NontransactionalStatements::execute(const sql::Statement& statement,
                                                              const db::Params& params) {
  // CALL and DO may have committed before they failed.
  left_nothing_ = !statement.concurrent && statement.tag != "CALL" && statement.tag != "DO";
  measured_ =
      is_measured(context_.link.connection(), context_.host.witness, item_.job.id, statement);
  set_lock_timeout(statement.concurrent);
  const std::optional<sql::Recoverable> kind = sql::recoverable(statement.text);
  if (kind) return recover(*kind, statement, params);
  return send(statement, params);
}

db::Result NontransactionalStatements::send(const sql::Statement& statement,
                                            const db::Params& params) {
  return send_outside(context_.link.connection(), context_.host.witness, measured_, item_.job.id,
                      statement, params);
}

std::optional<db::Result> NontransactionalStatements::recover(const sql::Recoverable& kind,
                                                              const sql::Statement& statement,
                                                              const db::Params& params) {
  IndexRepair repair{context_, item_};
  Intent key;
  key.moment = moment_;
  key.statement = hash_of(statement.text);
  key.nth = sent_[key.statement]++;
  const Intent* before = sent_before(key);
  Prepared prepared = repair.prepare(kind, statement.text, before);
  if (prepared.done) return std::nullopt;
  Intent& intent = prepared.intent;
  if (before == nullptr) {
    intent.moment = key.moment;
    intent.statement = key.statement;
    intent.nth = key.nth;
    keep(intent);
  }
  context_.trace_own({item_.job.id});
  try {
    if (prepared.instead.empty()) return send(statement, params);
    sql::Statement instead = statement;
    instead.text = prepared.instead;
    return send(instead, params);
  } catch (Error& error) {
    if (is_lost(error) || error.code() == Code::interrupted) throw;
    try {
      left_nothing_ = explain(context_.link.connection(), error, intent);
    } catch (const Error&) {
      // The first error is the one that matters.
    }
    throw;
  }
}

const Intent* NontransactionalStatements::sent_before(const Intent& intent) const {
  for (const Intent& kept : item_.history->intents) {
    if (kept.moment == intent.moment && kept.statement == intent.statement &&
        kept.nth == intent.nth)
      return &kept;
  }
  const bool by_older_engine =
      item_.resumed && !item_.history->begun && item_.job.moment == Moment::run;
  return by_older_engine ? &unknown() : nullptr;
}

void NontransactionalStatements::keep(const Intent& intent) {
  if (item_.job.journaled) {
    const RunConnection& link = context_.link;
    context_.write_in_session(
        {link.journal().record_facts(link.run(), item_.job.id, intent_event, to_json(intent))});
  }
  item_.history->intents.push_back(intent);
}

void NontransactionalStatements::piece_done() { item_.sent = sent_; }

void NontransactionalStatements::refuse_unfinished() {
  if (item_.history->intents.empty()) return;
  const std::vector<std::string> left =
      unfinished(context_.link.connection(), *item_.history, moment_);
  if (left.empty()) return;
  throw Error{Code::sql, "the work of {} \"{}\" is incomplete: {}", item_.job.kind, item_.job.title,
              text::joined(left, "; ")}
      .detail("A statement failed and left it so. The plan caught its error.")
      .hint(
          "Run again: if the step sends that statement again, the engine repairs the leftover "
          "first. Otherwise repair it by hand (DROP INDEX CONCURRENTLY; DETACH PARTITION … "
          "FINALIZE).");
}

std::vector<std::string> unfinished_of(Context& context, Item& item) {
  const History& history = history_for(context, item);
  if (history.intents.empty()) return {};
  return unfinished(context.link.connection(), history, moment_of(item.job));
}

}  // namespace engine::runner
