#include "runner/unit.h"

#include "base/time.h"
#include "runner/actions.h"
#include "runner/verification.h"

namespace engine::runner {
namespace {

void run_checks(Context& context, Item& item) {
  if (item.job.verify == nullptr || item.job.verify->empty()) return;
  Verification verification{context.link, context.session, context.emitter, item.job.id};
  verification.run(*item.job.verify);
  item.done.checks = verification.rows();
  verification.judge();
}

bool is_wanted(Context& context, Item& item) {
  if (item.job.when == nullptr || !*item.job.when) return true;
  Queue& queue = context.link.queue();
  queue.add("SAVEPOINT engine_when");
  Condition condition;
  {
    const LiveSession::Call scope{context.session, Moment::when, false};
    condition = (*item.job.when)();
  }
  queue.add("ROLLBACK TO SAVEPOINT engine_when");
  item.done.reason = condition.reason;
  return condition.holds;
}

void work(Context& context, Item& item, bool verified) {
  Queue& queue = context.link.queue();
  act_in_transaction(context, item.job);
  // As the plan's role: a deferred trigger runs as whoever is current when it fires.
  queue.add("SET CONSTRAINTS ALL IMMEDIATE");
  context.link.add_restoring();
  if (verified) queue.add(context.settings(item.job, true));
  context.flush();
}

}  // namespace

void commit_together(Context& context, std::span<Item> items, std::size_t& current) {
  Queue& queue = context.link.queue();
  queue.add("BEGIN");
  if (items.front().job.journaled) context.link.add_fence();
  for (current = 0; current < items.size(); ++current) {
    Item& item = items[current];
    const time::Stopwatch watch;
    item.done = Done{};
    item.done.reason = item.reason;
    context.session.at_step(item.job.id);
    queue.add(context.settings(item.job, true));
    item.status = item.job.success;
    if (item.atomic && !is_wanted(context, item)) {
      item.status = "skipped";
    } else {
      const bool verified = item.job.verify != nullptr && !item.job.verify->empty();
      if (item.job.run != nullptr && !item.job.run->empty()) work(context, item, verified);
      run_checks(context, item);
    }
    context.session.add_rows(item.earlier.rows);
    item.done.rows = context.session.rows();
    item.done.ms = watch.elapsed().count() + item.earlier.ms;
    if (item.job.journaled) context.add_record(item.job, item.status, item.done);
  }
  current = items.size() - 1;
  context.add_commit();
  context.flush();
  context.recorded();
}

}  // namespace engine::runner
