#include "runner/step/transactional.h"

#include "base/time.h"
#include "runner/step/actions.h"
#include "runner/step/verification.h"

namespace engine::runner {
namespace {

void run_checks(Context& context, Item& item) {
  if (item.job.verify == nullptr || item.job.verify->empty()) return;
  Verification verification{context.link, context.session, context.emitter, item.job.id};
  verification.run(*item.job.verify);
  item.done.checks = verification.rows();
  verification.judge();
}

// In the transaction of an atomic unit, after the work of the steps before it.
plan::Condition ask(Context& context, const plan::Predicate& predicate) {
  StatementBatch& queue = context.link.queue();
  queue.add_control("SAVEPOINT engine_when");
  plan::Condition condition;
  {
    const LiveSession::Call scope{context.session, Moment::when, false};
    condition = predicate();
  }
  context.trace_own({context.session.step_id(), false, true});
  queue.add_control("ROLLBACK TO SAVEPOINT engine_when");
  return condition;
}

bool is_wanted(Context& context, Item& item) {
  if (item.job.when == nullptr || !*item.job.when) return true;
  const plan::Condition condition = ask(context, *item.job.when);
  item.done.reason = condition.reason;
  return condition.holds;
}

bool is_found_done(Context& context, Item& item) {
  if (item.job.done == nullptr || !*item.job.done) return false;
  const plan::Condition condition = ask(context, *item.job.done);
  if (condition.holds)
    item.done.reason = condition.reason.empty() ? "found done" : condition.reason;
  return condition.holds;
}

// Whatever statement broke it, the server finds out here.
Error at_end_of(const Job& job, const Error& error) {
  Error told{Code::sql, "{}: a deferred constraint or trigger failed at the end of {} \"{}\"",
             error.message(), job.kind, job.title};
  return std::move(told)
      .at(job.at)
      .detail(error.detail())
      .hint(error.hint())
      .context(error.context())
      .constraint(error.constraint())
      .sqlstate(error.sqlstate());
}

StepEvent success_of(const Job& job) {
  if (job.moment == Moment::rollback) return StepEvent::was_undone;
  return job.found_done ? StepEvent::was_found : StepEvent::committed;
}

void work(Context& context, Item& item, bool verified) {
  StatementBatch& queue = context.link.queue();
  act_in_transaction(context, item.job);
  // As the plan's role: a deferred trigger runs as whoever is current when it fires.
  queue.add_blamed("SET CONSTRAINTS ALL IMMEDIATE",
                   [&job = item.job](const Error& error) { return at_end_of(job, error); });
  context.link.add_restoring();
  if (verified) queue.add(context.settings(item.job, true));
  context.flush();
}

void show_to(RunGuard& witness, Context& context, std::span<const Item> items) {
  Finishing work{{}, true, {}};
  for (const Item& item : items) {
    const bool outside = item.job.transaction != plan::TransactionMode::one;
    const bool worked = item.job.run != nullptr && !item.job.run->empty();
    const bool did =
        item.status == event::StepState::done || item.status == event::StepState::rolled_back;
    if (!did || item.job.found_done || (!worked && !outside)) continue;
    work.steps.push_back(item.job.id);
    if (item.done.rows) work.rows = work.rows.value_or(0) + *item.done.rows;
    if (outside) work.in_transaction = false;
    work.partly = work.partly || item.partly;
  }
  if (work.steps.empty()) return;
  context.flush();
  witness.finishes(context.link.connection(), work);
}

}  // namespace

StepEvent failure_of(const Item& item, Code code) {
  if (code == Code::waiting) return StepEvent::waits;
  if (item.job.moment == Moment::rollback) return StepEvent::undo_failed;
  const bool outside = item.job.transaction != plan::TransactionMode::one;
  if (!outside || item.left_nothing) return StepEvent::failed;
  const bool worked = item.begun || item.before == event::StepState::unverified;
  if (item.work_stands && worked) return StepEvent::verify_failed;
  return item.before == event::StepState::intent ? StepEvent::was_cut_off : StepEvent::failed;
}

void commit_together(Context& context, std::span<Item> items, std::size_t& current) {
  StatementBatch& queue = context.link.queue();
  context.trace_own({context.session.step_id()});
  context.link.add_begin();
  if (items.front().job.journaled) context.link.add_fence();
  if (RunGuard* const witness = context.host.witness) {
    queue.add(witness->starting(),
              [witness](const db::Answer& answer) { witness->started(answer.result); });
  }
  for (current = 0; current < items.size(); ++current) {
    Item& item = items[current];
    const time::Stopwatch watch;
    const auto waited_before = context.questions.waited();
    item.done = Done{};
    item.done.reason = item.reason;
    context.session.at_step(item.job.id, current > 0);
    queue.add(context.settings(item.job, true));
    item.status = after(item.before, success_of(item.job));
    if (item.atomic && !is_wanted(context, item)) {
      item.status = after(item.before, StepEvent::was_skipped);
      if (context.host.witness != nullptr)
        context.host.witness->allow_skip(item.job.id, item.done.reason);
    } else {
      const bool found_done = item.atomic && is_found_done(context, item);
      if (found_done) item.status = after(item.before, StepEvent::was_found);
      const bool verified = item.job.verify != nullptr && !item.job.verify->empty();
      if (!found_done && item.job.run != nullptr && !item.job.run->empty()) {
        if (context.host.witness != nullptr) context.host.witness->allow(item.job.id);
        work(context, item, verified);
      }
      context.trace_own({item.job.id});
      run_checks(context, item);
      if (verified) context.trace_own({item.job.id, true});
    }
    context.session.add_rows(item.earlier.rows);
    item.done.rows = context.session.rows();
    const auto waited = context.questions.waited() - waited_before;
    item.done.ms = (watch.elapsed() - waited).count() + item.earlier.ms;
    if (item.job.journaled) context.add_record(item.job, item.status, item.done);
  }
  current = items.size() - 1;
  if (context.host.witness != nullptr) show_to(*context.host.witness, context, items);
  context.add_commit();
  context.flush();
  context.recorded();
}

}  // namespace engine::runner
