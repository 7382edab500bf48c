#include "approval/recorder.h"

#include "approval/sent.h"
#include "base/hash.h"
#include "base/text.h"
#include "trace/trace.h"

namespace engine::approval {

void ApprovalRecorder::begins(db::Connection& works, const runner::Beginning& run) {
  add_inputs(approval_, plan_, run.inputs);
  approval_.server = works.server_version() / 10000;
  approval_.role = works.query("SELECT current_user AS role").text(0, "role");
  measure_.begin(works);
}

bool ApprovalRecorder::sends(db::Connection& works, const std::string& step,
                             const sql::Statement& statement) {
  outside_[step].said.merge(said_by(statement));
  if (may_be_enclosed(statement)) return true;
  if (!only_reads(statement)) measure_.before(works);
  return false;
}

void ApprovalRecorder::ends_transactions(db::Connection& works, const std::string& step,
                                         const sql::Statement& statement) {
  outside_[step].ends.insert(hash::sha256(statement.text));
  measure_.before(works);
}

void ApprovalRecorder::executed(db::Connection& works, const std::string& step,
                                const sql::Statement& statement, bool stands) {
  if (stands && only_reads(statement)) return;
  add(outside_[step],
      stands ? measure_.after(works) : that_block(measure_.finish(works, watches_, "")));
}

void ApprovalRecorder::finishes(db::Connection& works, const runner::Finishing& work) {
  ApprovedStep step;
  if (work.in_transaction) {
    add(step, measure_.finish(works, watches_, text::joined(work.steps, "\n")));
  } else {
    step = outside_[work.steps.front()];
    step.in_transaction = false;
    add(step, measure_.after(works));  // of what was not its own statements
  }
  step.all_rows = work.rows;
  for (const std::string& id : work.steps) approval_.steps[id] = step;
}

}  // namespace engine::approval
