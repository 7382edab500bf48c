// The shadow's databases, and commands on the plan in them.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "approval/approval.h"
#include "cluster/shadow.h"
#include "database_state/database_state.h"
#include "plan/plan.h"
#include "preview/sql_script.h"
#include "runner/run_options.h"
#include "shadow/roles.h"
#include "shadow/source.h"
#include "trace/trace.h"

namespace engine::preview {

/// A command on the plan, as it went on the shadow.
struct ShadowRun {
  event::RunFinished finished;
  std::vector<trace::StatementTrace> statements;
  std::vector<event::Event> events;  // those that are not for the tracer alone
  // Of run_with_rows():
  approval::Approval approval;  // inputs and steps
  std::shared_ptr<const SqlScript> script;
  // The last step done that cannot be undone, if there is one, and what was there after it.
  const plan::Step* kept = nullptr;
  std::string kept_to;  // it, or the last that committed together with it
  database_state::DatabaseState after_kept;
};

/// Tables, and whatever else can be locked, that the statements touched.
std::set<std::string> tables_of(const std::vector<trace::StatementTrace>& statements);

class ShadowRunner {
 public:
  /// Makes what all databases of the shadow are copied from.
  ShadowRunner(const plan::Plan& plan, std::unique_ptr<cluster::ShadowServer> shadow,
               shadow::ShadowSource& source, const runner::RunOptions& options,
               const runner::RunEnvironment& host);

  /// Why what is seen here is weaker evidence: sentences.
  const std::vector<std::string>& remarks() const { return remarks_; }
  const std::string& database() const { return database_; }
  /// A new database like the one that perform() works on, to work on next.
  void copy(const std::string& database);
  void go_back_to(const std::string& database) { database_ = database; }

  using Command = event::RunFinished (*)(const plan::Plan&, db::Connection,
                                         const runner::RunOptions&, const runner::RunEnvironment&);
  /// What a pass does differently, and who looks on.
  struct Attention {
    runner::RunGuard* witness = nullptr;  // with one, statements are traced
    SqlScript* script = nullptr;
    event::Prompter* prompter = nullptr;  // instead of the host's
    std::optional<std::string> to;        // of a rollback
    bool copied = false;                  // the journal is a copy, in copy()
  };
  ShadowRun perform(Command command, const Attention& attention);
  ShadowRun perform(Command command) { return perform(command, Attention{}); }
  /// The plan, in a database that has the rows of every table that it touches.
  ShadowRun run_with_rows();

  /// Of the database that the plan works in, and of where it began.
  database_state::DatabaseState picture() const { return picture(database_); }
  database_state::DatabaseState picture_before();

 private:
  /// A new copy of where the plan begins; perform() works there from now on.
  void make(const std::string& database);
  void install_tracer();
  std::vector<shadow::Shape::Key> keys_wanted_by(const ShadowRun& pass) const;
  void remark(const std::string& sentence);
  const plan::Step* done_for_good(const event::Event& event) const;
  void make_from(const std::string& model, const std::string& database);
  ShadowRun run_watched();
  database_state::DatabaseState picture(const std::string& database) const;

  const plan::Plan& plan_;
  shadow::ShadowSource& source_;
  runner::RunOptions options_;
  const runner::RunEnvironment& host_;
  std::unique_ptr<cluster::ShadowServer> shadow_;
  std::vector<std::string> remarks_;
  std::string database_;
  shadow::Roles roles_;                                  // where the plan begins
  std::optional<database_state::DatabaseState> before_;  // taken before the pass that is told
};

}  // namespace engine::preview
