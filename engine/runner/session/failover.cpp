#include "runner/session/failover.h"

#include <set>

#include "base/text.h"
#include "journal/timeline.h"
#include "runner/command/record.h"

namespace engine::runner {
namespace {

std::set<std::string> standing_in_journal(Context& context) {
  std::set<std::string> standing;
  for (const journal::StepRow& row : context.link.journal().steps(context.link.run()))
    if (is_standing(row.status)) standing.insert(row.step);
  return standing;
}

}  // namespace

void add_timeline(Context& context, const std::string& run) {
  const journal::Journal& journal = context.link.journal();
  // This role may not ask for it.
  if (journal.server().system_identifier.empty()) return;
  context.link.queue().add(
      journal::record_timeline(journal.schema(), run), [&context](const db::Answer& answer) {
        const std::string now = answer.result.text(0, "now");
        const std::string before = answer.result.at(0, 1).value_or(now);
        if (now == before) return;
        context.outside_work_lost = context.outside_work_lost || context.worked_outside;
        context.emitter.emit(event::Note{
            "", fmt::format("the server is on timeline {}, and was on timeline {} when an engine "
                            "last worked on this run: a standby was promoted. Commits that it had "
                            "not received are lost. Its journal shows the steps that it has.",
                            now, before)});
      });
}

void refuse_lost_steps(Context& context) {
  add_timeline(context, context.link.run());
  context.link.queue().flush();
  if (context.outside_work_lost) {
    throw Error{Code::failover,
                "a standby was promoted while step \"{}\" worked outside a transaction: it may not "
                "have received the step's work",
                context.session.step_id()}
        .hint(
            "Check which part of the step the server has. The same command repeats the whole "
            "step.");
  }
  const std::set<std::string> stands = standing_in_journal(context);
  std::vector<std::string> lost;
  std::erase_if(context.standing, [&](const std::string& step) {
    if (context.unfinished.contains(step) || context.under_way.contains(step) ||
        stands.contains(step))
      return false;
    lost.push_back(fmt::format("step \"{}\"", step));
    return true;
  });
  for (const std::string& step : context.undone) {
    if (!stands.contains(step)) continue;
    lost.push_back(fmt::format("the rollback of step \"{}\"", step));
    context.standing.insert(step);
  }
  if (lost.empty()) return;
  throw lost_in_failover(fmt::format("{}, which run {} had committed", text::joined(lost, " and "),
                                     context.link.run()));
}

}  // namespace engine::runner
