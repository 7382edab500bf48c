// What each step of a run on the shadow did, for an approval.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "approval/approval.h"
#include "approval/step_measure.h"
#include "runner/run_guard.h"

namespace engine::approval {

class ApprovalRecorder : public runner::RunGuard {
 public:
  /// `watches`: a session of its own with the same database.
  ApprovalRecorder(const plan::Plan& plan, db::Connection watches, std::string journal)
      : plan_(plan), watches_(std::move(watches)), measure_(std::move(journal)) {}

  std::string name() const override { return ""; }
  void begins(db::Connection& works, const runner::Beginning& run) override;
  void allow(const std::string&) override {}
  void allow_skip(const std::string&, const std::string&) override {}
  void answered(const std::string& step, const event::Ask& ask,
                const std::string& answer) override {
    if (ask.kind != event::Ask::Kind::confirm) add_answer(approval_, step, ask, answer);
  }
  void uses(const std::string& step, const plan::LateFile& file) override {
    approval_.computed[step] = {file.path, file.module, file.at};
  }
  /// The tracer sees what is locked there.
  std::unique_ptr<runner::RunObserver> watch(db::Connection&, const std::string&) override {
    return nullptr;
  }
  bool sends(db::Connection& works, const std::string& step,
             const sql::Statement& statement) override;
  void ends_transactions(db::Connection& works, const std::string& step,
                         const sql::Statement& statement) override;
  void executed(db::Connection& works, const std::string& step, const sql::Statement& statement,
                bool stands) override;
  db::Command starting() const override { return measure_.starting(); }
  void started(const db::Result& answer) override { measure_.started(answer); }
  void finishes(db::Connection& works, const runner::Finishing& work) override;

  /// Inputs, answers and steps; the rest is known elsewhere.
  const Approval& approval() const { return approval_; }

 private:
  const plan::Plan& plan_;
  db::Connection watches_;
  StepMeasure measure_;
  std::map<std::string, ApprovedStep> outside_;  // steps that work outside a transaction, so far
  Approval approval_;
};

}  // namespace engine::approval
