#include "cli/holder.h"

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
    // Before there is a journal there is no run to go on with.
    if (journal::Journal::open(connection, schema, true).exists())
      journal::mark_ended(connection, schema, holder);
  } catch (const Error& error) {
    if (error.code() == Code::connection_lost || error.code() == Code::interrupted) throw;
    context.remark("warning: the journal cannot be told of it (" + error.message() +
                   "): an engine that still lives says that its session was ended by pg_terminate_backend");
  }
  if (!RunLock::end(connection, holder)) {
    context.remark("It has ended by itself: " + who);
    return;
  }
  if (!RunLock::wait_until_gone(connection, holder, patience)) {
    throw Error{Code::lock_held, "the session was told to end, but stands yet: {}", who}.hint(
        "Its statement may be past cancelling. Look again with `engine status`.");
  }
  context.remark("Ended " + who);
}

}  // namespace

void treat_holder(Context& context, db::Connection& connection, const std::string& schema,
                  Towards towards) {
  const auto holder = RunLock::holder(connection);
  if (!holder) {
    context.remark("No engine works on this target.");
    return;
  }
  const std::string who = report::shown_on_one_line(holder->describe());
  switch (towards) {
    case Towards::wait:
      context.remark("Waiting for " + who);
      RunLock::wait_until_free(connection, until_interrupted);
      context.remark("It has ended.");
      return;
    case Towards::cancel:
      if (RunLock::cancel(connection, *holder)) {
        context.remark("Cancelled the statement of " + who);
      } else {
        context.remark("It has ended by itself: " + who);
      }
      return;
    case Towards::end:
      end(context, connection, schema, *holder, who);
      return;
  }
}

}  // namespace engine::cli
