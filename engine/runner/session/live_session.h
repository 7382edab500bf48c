// The session that a plan's functions speak with while a command runs.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "event/emitter.h"
#include "runner/run_guard.h"
#include "runner/session/inputs.h"
#include "runner/session/questions.h"
#include "runner/session/run_connection.h"
#include "runner/session/session.h"

namespace engine::runner {

class LiveSession : public Session {
 public:
  LiveSession(const plan::Plan& plan, RunConnection& link, event::Emitter& emitter,
              Questions& questions, Inputs& inputs, std::string output_folder)
      : plan_(&plan),
        link_(link),
        emitter_(emitter),
        questions_(questions),
        inputs_(&inputs),
        output_folder_(std::move(output_folder)) {}

  Moment moment() const override { return moment_; }
  /// What waits in the queue is sent first: a function sees the work that stands before it.
  db::Connection& connection() override;
  db::Result execute(const sql::Statement& statement, const db::Params& params,
                     const Source& at) override;
  const plan::Plan& plan() const override { return *plan_; }
  std::string run_id() const override { return link_.run(); }
  std::string step_id() const override { return step_; }
  std::string journal_schema() const override { return link_.journal().schema(); }
  const verify::CatalogHashes* catalog_at_start() const override {
    return catalog_at_start_ ? &*catalog_at_start_ : nullptr;
  }
  bool may_write() const override { return may_write_; }
  void writes() override { wrote_ = true; }
  /// Functions of this step, since it began.
  bool may_have_written() const { return wrote_; }
  void record(const event::Outcome& outcome) override;
  void note(const std::string& text) override;
  void progress(const event::Progress& progress) override;
  void statement(const event::StatementDone& statement) override;
  std::string ask(const event::Ask& ask) override;
  std::optional<std::string> input(const std::string& name) const override;
  plan::InputType input_type(const std::string& name) const override;
  const std::string& state() const override { return state_; }
  void set_state(std::string json) override { state_ = std::move(json); }
  void use(const plan::LateFile& file) override;
  std::string output_folder() const override { return output_folder_; }

  /// For the scope of one call of a plan's function.
  class Call {
   public:
    Call(LiveSession& session, Moment moment, bool may_write);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

   private:
    LiveSession& session_;
    Moment moment_;
    bool may_write_;
  };

  /// A step begins, or its replay: nothing of it was sent yet.
  /// `joins`: a transaction of steps before it is open.
  void at_step(const std::string& id, bool joins = false);
  /// Where record() puts what it is given while a verify runs.
  void recorder(std::function<void(const event::Outcome&)> recorder) {
    recorder_ = std::move(recorder);
  }
  /// What executes statements of functions outside a transaction; nothing: they had been done.
  using Executor =
      std::function<std::optional<db::Result>(const sql::Statement&, const db::Params&)>;
  void executor(Executor executor) { executor_ = std::move(executor); }
  /// What is sent in place of a statement of the plan; "": nothing.
  using Replace = std::function<std::string(const sql::Statement&)>;
  void replace_with(Replace replace) { replace_ = std::move(replace); }
  /// The statement, or what is sent in its place, which lives as long as this; nullptr: nothing.
  const sql::Statement* sent_for(const sql::Statement& statement);
  /// Who is told the answers that functions of the plan get; may be nullptr.
  void shown_to(RunGuard* witness) { witness_ = witness; }
  /// Rows that statements of functions wrote in this step.
  std::optional<std::int64_t> rows() const { return rows_; }
  void add_rows(std::optional<std::int64_t> rows);
  /// Files that a step used and its checksum does not cover, by path.
  const std::map<std::string, plan::LateFile>& late_files(const std::string& step) {
    return late_files_[step];
  }
  void catalog_was(verify::CatalogHashes picture) { catalog_at_start_ = std::move(picture); }
  void use(Inputs& inputs) { inputs_ = &inputs; }
  /// The inputs that functions of a step have read, all its tries together.
  std::set<std::string> inputs_read(const std::string& step) const;

 private:
  const plan::Plan* plan_;
  RunConnection& link_;
  event::Emitter& emitter_;
  Questions& questions_;
  Inputs* inputs_;
  std::string output_folder_;
  std::string state_ = "{}";
  std::optional<verify::CatalogHashes> catalog_at_start_;
  std::string step_;
  Moment moment_ = Moment::loading;
  bool may_write_ = false;
  bool touched_ = false;
  bool wrote_ = false;
  bool joins_ = false;
  std::optional<std::int64_t> rows_;
  mutable std::map<std::string, std::set<std::string>> inputs_read_;         // by the step's id
  std::map<std::string, std::map<std::string, plan::LateFile>> late_files_;  // by step
  std::function<void(const event::Outcome&)> recorder_;
  Executor executor_;
  Replace replace_;
  std::deque<sql::Statement> replaced_;
  RunGuard* witness_ = nullptr;
};

}  // namespace engine::runner
