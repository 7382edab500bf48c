#include "cli/lock_holder.h"

#include "base/error.h"
#include "journal/ending.h"
#include "journal/journal.h"
#include "journal/run_lock.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

using journal::RunLock;

constexpr std::chrono::hours until_interrupted{24 * 365};
constexpr std::chrono::seconds patience{15};  // for a session to go once it was ended

/// The engine of the session connects again at once, where it lives: what keeps it from going on is
/// the mark.
void end(Context& context, db::Connection& connection, const std::string& schema,
         const journal::LockHolder& holder, const std::string& who) {
  try {
    // Before there is a journal there is no run to continue.
    if (journal::Journal::open(connection, schema, true).exists())
      journal::mark_ended(connection, schema, holder);
  } catch (const Error& error) {
    if (error.code() == Code::connection_lost || error.code() == Code::interrupted) throw;
    context.remark("warning: the journal cannot record this (" + error.message() +
                   "). If that engine is still running, it reports only that pg_terminate_backend "
                   "ended its session");
  }
  if (!RunLock::end(connection, holder)) {
    context.remark("It ended before the engine could stop it: " + who);
    return;
  }
  if (!RunLock::wait_until_gone(connection, holder, patience)) {
    throw Error{Code::lock_held, "the session was asked to end, but is still on the server: {}",
                who}
        .hint(
            "The server may be unable to cancel its statement now. Run `engine status` again in a "
            "moment.");
  }
  context.remark("Ended " + who);
}

}  // namespace

void treat_holder(Context& context, db::Connection& connection, const std::string& schema,
                  HolderAction towards) {
  const auto holder = RunLock::holder(connection);
  if (!holder) {
    context.remark("No engine works on this target.");
    return;
  }
  const std::string who = report::shown_on_one_line(holder->describe());
  switch (towards) {
    case HolderAction::wait:
      context.remark("Waiting for " + who);
      RunLock::wait_until_free(connection, until_interrupted);
      context.remark("It has ended.");
      return;
    case HolderAction::cancel:
      if (RunLock::cancel(connection, *holder)) {
        context.remark("Cancelled the statement of " + who);
      } else {
        context.remark("It ended before the engine could stop it: " + who);
      }
      return;
    case HolderAction::end:
      end(context, connection, schema, *holder, who);
      return;
  }
}

}  // namespace engine::cli
