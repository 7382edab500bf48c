// The commands on a plan. They print nothing: what happens is told to the host's listener as
// events, the last of which, run.finished, is also what they give back. They throw nothing.
#pragma once

#include <string>

#include "db/connection.h"
#include "runner/plan.h"
#include "runner/run_options.h"

namespace engine::runner {

/// Runs a plan, or resumes it at the first step that did not commit.
RunFinished run(const Plan& plan, db::Connection connection, const RunOptions& options,
                const Host& host);

/// Undoes, in reverse order, what the journal says was done.
RunFinished rollback(const Plan& plan, db::Connection connection, const RunOptions& options,
                     const Host& host);

/// Repeats the checks of finished steps, read only.
RunFinished verify(const Plan& plan, db::Connection connection, const RunOptions& options,
                   const Host& host);

/// Runs a task of the plan, by id or title.
RunFinished task(const Plan& plan, const std::string& name, db::Connection connection,
                 const RunOptions& options, const Host& host);

/// PostgreSQL's grammar proves that it reads: the journal has no record of its runs.
bool only_reads(const Task& task);

enum class Resolution { done, undone };

/// Tells the journal what a person repaired. `step` is an id or a title.
RunFinished resolve(const Plan& plan, const std::string& step, Resolution resolution,
                    db::Connection connection, const RunOptions& options, const Host& host);

}  // namespace engine::runner
