// The shadow's databases, and commands on the plan in them.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/shadow.h"
#include "preview/approval/approval.h"
#include "preview/picture/picture.h"
#include "preview/script.h"
#include "preview/shadow/roles.h"
#include "preview/shadow/source.h"
#include "preview/trace/trace.h"
#include "runner/plan.h"
#include "runner/run_options.h"

namespace engine::preview {

/// A command on the plan, as it went on the shadow.
struct Pass {
  runner::RunFinished finished;
  std::vector<StatementTrace> statements;
  std::vector<runner::Event> events;  // those that are not for the tracer alone
  // Of run_with_rows():
  Approval approval;  // inputs and steps
  std::shared_ptr<const Script> script;
  // The last step done that cannot be undone, if there is one, and what was there after it.
  const runner::Step* kept = nullptr;
  std::string kept_to;  // it, or the last that committed together with it
  Picture after_kept;
};

/// Tables, and whatever else can be locked, that the statements touched.
std::set<std::string> tables_of(const std::vector<StatementTrace>& statements);

class Stage {
 public:
  /// Makes what all databases of the shadow are copied from.
  Stage(const runner::Plan& plan, std::unique_ptr<cluster::ShadowServer> shadow, Source& source,
        const runner::RunOptions& options, const runner::Host& host);

  /// Why what is seen here is weaker evidence: sentences.
  const std::vector<std::string>& remarks() const { return remarks_; }
  const std::string& database() const { return database_; }
  /// A new database like the one that perform() works on, to work on next.
  void copy(const std::string& database);
  void go_back_to(const std::string& database) { database_ = database; }

  using Command = runner::RunFinished (*)(const runner::Plan&, db::Connection,
                                          const runner::RunOptions&, const runner::Host&);
  /// What a pass does differently, and who looks on.
  struct Attention {
    runner::Witness* witness = nullptr;  // with one, statements are traced
    Script* script = nullptr;
    runner::Prompter* prompter = nullptr;  // instead of the host's
    std::optional<std::string> to;         // of a rollback
    bool copied = false;                   // the journal is a copy, in copy()
  };
  Pass perform(Command command, const Attention& attention);
  Pass perform(Command command) { return perform(command, Attention{}); }
  /// The plan, in a database that has the rows of every table that it touches.
  Pass run_with_rows();

  /// Of the database that the plan works in, and of where it began.
  Picture picture() const { return picture(database_); }
  Picture picture_before();

 private:
  /// A new copy of where the plan begins; perform() works there from now on.
  void make(const std::string& database);
  void install_tracer();
  std::vector<Shape::Key> keys_wanted_by(const Pass& pass) const;
  void remark(const std::string& sentence);
  const runner::Step* done_for_good(const runner::Event& event) const;
  void make_from(const std::string& model, const std::string& database);
  Pass run_watched();
  Picture picture(const std::string& database) const;

  const runner::Plan& plan_;
  Source& source_;
  runner::RunOptions options_;
  const runner::Host& host_;
  std::unique_ptr<cluster::ShadowServer> shadow_;
  std::vector<std::string> remarks_;
  std::string database_;
  Roles roles_;                    // where the plan begins
  std::optional<Picture> before_;  // taken before the pass that is told
};

}  // namespace engine::preview
