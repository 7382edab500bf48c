#include "cli/holder.h"

#include "base/error.h"
#include "journal/run_lock.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

using journal::RunLock;

constexpr std::chrono::hours until_interrupted{24 * 365};
constexpr std::chrono::seconds patience{15};  // for a session to go once it was ended

}  // namespace

void treat_holder(Context& context, db::Connection& connection, Towards towards) {
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
      RunLock::end(connection, *holder);
      if (!RunLock::wait_until_free(connection, patience)) {
        throw Error{Code::lock_held, "the session was told to end, but stands yet: {}", who}.hint(
            "Its statement may be past cancelling. Look again with `engine status`.");
      }
      context.remark("Ended " + who);
      return;
  }
}

}  // namespace engine::cli
