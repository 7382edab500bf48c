// The commands on a plan. They print nothing: what happens is told to the host's listener as
// events, the last of which, run.finished, is also what they give back. They throw nothing.
#pragma once

#include <string>

#include "db/connection.h"
#include "plan/plan.h"
#include "runner/run_options.h"

namespace engine::runner {

/// Runs a plan, or resumes it at the first step that did not commit.
event::RunFinished run(const plan::Plan& plan, db::Connection connection, const RunOptions& options,
                       const RunEnvironment& host);

/// Undoes, in reverse order, what the journal says was done.
event::RunFinished rollback(const plan::Plan& plan, db::Connection connection,
                            const RunOptions& options, const RunEnvironment& host);

/// Repeats the checks of finished steps, read only.
event::RunFinished verify(const plan::Plan& plan, db::Connection connection,
                          const RunOptions& options, const RunEnvironment& host);

/// Runs a task of the plan, by id or title.
event::RunFinished task(const plan::Plan& plan, const std::string& name, db::Connection connection,
                        const RunOptions& options, const RunEnvironment& host);

/// PostgreSQL's grammar proves that it reads: the journal has no record of its runs.
bool only_reads(const plan::Task& task);

enum class Resolution { done, undone };

/// Tells the journal what a person repaired. `step` is an id or a title.
event::RunFinished resolve(const plan::Plan& plan, const std::string& step, Resolution resolution,
                           db::Connection connection, const RunOptions& options,
                           const RunEnvironment& host);

}  // namespace engine::runner
