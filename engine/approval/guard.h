// Holds a run to what a saved preview approves.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "approval/saved.h"
#include "approval/step_measure.h"
#include "runner/run_guard.h"

namespace engine::approval {

class ApprovalGuard : public runner::RunGuard {
 public:
  struct Surroundings {
    std::string path;     // of the saved preview, as it was given
    std::string again;    // the command that previews anew
    std::string engine;   // the version of this one
    std::string journal;  // its schema in the target
    std::function<db::Connection()> connect;
  };

  /// Throws Error{unapproved} where the file approves nothing, or another plan or engine.
  ApprovalGuard(const plan::Plan& plan, Surroundings surroundings);

  std::string name() const override { return saved_.digest; }
  /// Inputs, answers and schema. Throws Error{unapproved}, naming what is not as it was.
  void begins(db::Connection& works, const runner::Beginning& run) override;
  void allow(const std::string& step) override;
  void allow_skip(const std::string& step, const std::string& reason) override;
  void answered(const std::string& step, const event::Ask& ask, const std::string& answer) override;
  void uses(const std::string& step, const plan::LateFile& file) override;
  std::unique_ptr<runner::RunObserver> watch(db::Connection& works,
                                             const std::string& step) override;
  bool sends(db::Connection& works, const std::string& step,
             const sql::Statement& statement) override;
  void ends_transactions(db::Connection& works, const std::string& step,
                         const sql::Statement& statement) override;
  void executed(db::Connection& works, const std::string& step, const sql::Statement& statement,
                bool stands) override;
  db::Command starting() const override { return measure_.starting(); }
  void started(const db::Result& answer) override { measure_.started(answer); }
  /// Locks, rows and schema. Throws Error{unapproved}, naming what goes further.
  void finishes(db::Connection& works, const runner::Finishing& work) override;

 private:
  void compare_plan() const;
  Error refusal(const std::string& message) const;
  /// Throws it where there is something to say.
  Error excess(const std::string& how, const std::vector<std::string>& steps) const;
  void refuse(const std::string& message) const;
  Measured measure_of(db::Connection& works, const std::string& unit);
  void hold(const std::string& step, const Measured& last, const std::string& what_stands);

  const plan::Plan& plan_;
  Surroundings surroundings_;
  Saved saved_;
  StepMeasure measure_;
  std::map<std::string, ApprovedStep> outside_;  // what steps outside a transaction did so far
  bool prints_alike_ = true;  // same major version and same role as on the shadow
  bool continued_ = false;
  std::optional<db::Connection> watches_;
};

}  // namespace engine::approval
