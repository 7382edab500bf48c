// The statements that a plan sent on the shadow, in order, as a script for a person to read.
#pragma once

#include <string>
#include <vector>

#include "approval/approval.h"
#include "db/result.h"
#include "event/event.h"
#include "runner/run_options.h"

namespace engine::preview {

class SqlScript {
 public:
  /// `options`: the journal's schema, whose statements are left out, and the lock timeout.
  SqlScript(const plan::Plan& plan, const runner::RunOptions& options);

  /// Everything that succeeded in the session that works: Connection::on_statement.
  void hear(const db::Command& command);
  /// Which step it is, and which statements are the plan's own.
  void hear(const event::Event& event);

  /// What committed: what was rolled back, what only read and what the engine did for itself is not
  /// in it. Parameters are literals; secrets are masked; each statement is preceded by its origin.
  std::string text(const approval::Approval& approval, const std::string& role) const;

 private:
  enum class Kind { statement, begin, commit, savepoint };
  struct Entry {
    Kind kind = Kind::statement;
    db::Command command;
    engine::Source at;  // of the plan's own
    bool own = false;   // the plan's
  };
  struct Chapter {  // a step
    std::string step, heading, reason;
    std::vector<Entry> entries;
  };

  void take_back(Kind kind, const std::string& name);
  std::string body(const Chapter& chapter) const;
  std::string settings(const std::string& step, bool local) const;
  bool is_shown(const Entry& entry) const;

  const plan::Plan& plan_;
  std::string journal_, lock_timeout_;
  std::vector<Chapter> chapters_;
  bool reading_ = false;  // in a transaction that is only for reading
};

/// A value as a literal that is the same value in psql: control characters and what changes the
/// direction of text are escaped.
std::string literal_of(const std::string& value);
/// A statement with its parameters as literals.
std::string inlined(const db::Command& command);

}  // namespace engine::preview
