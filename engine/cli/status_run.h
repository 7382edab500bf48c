// One target's journal, read for `engine status`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/server.h"
#include "journal/activity.h"
#include "journal/journal.h"
#include "journal/run_lock.h"
#include "plan/plan.h"
#include "report/status.h"

namespace engine::cli {

class StatusReader {
 public:
  StatusReader(const Server& server, const std::string& schema);

  const Server& server() const { return server_; }
  const journal::Journal& journal() const { return journal_; }
  const std::optional<journal::LockHolder>& holder() const { return holder_; }

  /// By its id, or by what only one id begins with. Throws Error{usage} where several do.
  std::optional<journal::RunRow> find(const std::string& run) const;
  bool is_held(const journal::RunRow& run) const;
  /// The session that holds the run lock, and whether its engine lives. Nothing: nobody holds it.
  std::optional<report::StatusSession> session(const journal::RunRow* run);

  /// Everything of a run. With its plan: also the steps that are pending, and what was edited
  /// since. `arguments`: of the commands to type next, "" where the plan's file is not known.
  report::RunStatus describe(const journal::RunRow& run, const plan::Plan* plan,
                             const std::string& arguments);

 private:
  const Server& server_;
  std::string schema_;
  db::Connection connection_;
  journal::Journal journal_;
  std::optional<journal::LockHolder> holder_;
};

std::int64_t finished_steps(const std::vector<journal::StepRow>& steps);

}  // namespace engine::cli
