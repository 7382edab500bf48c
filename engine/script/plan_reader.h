// From the table that a plan returned to a runner::Plan. Each part of the language is one file:
// plan_header, plan_inputs, plan_steps, plan_actions.
#pragma once

#include <memory>
#include <string>

#include "runner/plan.h"
#include "script/plan_words.h"
#include "script/problems.h"
#include "script/state.h"
#include "script/table_shape.h"
#include "script/value.h"

namespace engine::script {

class PlanReader {
 public:
  PlanReader(std::shared_ptr<State> state, Problems& problems)
      : state_(std::move(state)), lua_(state_->lua()), problems_(problems) {}

  /// The value that the plan's file returned lies at `index`.
  void read(int index, runner::Plan& plan);

 private:
  // plan_header.cpp
  void read_header(TableShape& shape, runner::Plan& plan);
  void read_needs(TableShape& shape, runner::Plan& plan);
  std::string existing_file(TableShape& shape, const char* key);
  std::string duration(TableShape& shape, const char* key);
  /// `answers`: what may be accepted besides hazards, "keep_rows=no".
  std::map<std::string, std::string> accepted(TableShape& shape,
                                              const std::vector<std::string>& answers = {});
  std::map<std::string, std::string> hints(TableShape& shape);

  // plan_inputs.cpp
  std::vector<runner::Input> read_inputs(TableShape& shape);
  runner::Input read_input(const std::string& name, TableShape& shape);
  void read_default(TableShape& shape, runner::Input& input);
  void check_input_uses(const runner::Plan& plan);

  // plan_steps.cpp
  void read_item(int index, const Place& place, int phase, runner::Plan& plan);
  void read_phase(const WordValue& word, int index, runner::Plan& plan);
  void read_step(const WordValue& word, int index, runner::Step& step);
  void read_standing_check(const WordValue& word, int index, runner::Step& step);
  void read_manual(const WordValue& word, int index, runner::Step& step);
  void read_task(const WordValue& word, int index, runner::Plan& plan);
  void read_identity(TableShape& shape, const WordValue& word, runner::Step& step);
  void check_identities(const runner::Plan& plan);
  void check_atomic(const runner::Plan& plan);

  // plan_actions.cpp
  std::vector<runner::Action> read_run(TableShape& shape, runner::TransactionMode mode);
  std::vector<runner::Action> actions(int index, const Place& place, runner::TransactionMode mode);
  runner::Action sql_block(const SqlText& sql, runner::TransactionMode mode, const Place& place);
  std::vector<runner::Check> read_verify(TableShape& shape);
  runner::Check titled_check(const WordValue& word, int index);
  runner::Rollback read_rollback(TableShape& shape, runner::TransactionMode mode);
  runner::Undo undo_table(int index, const Place& place, runner::TransactionMode mode);
  runner::TransactionMode transaction(TableShape& shape);
  runner::Predicate predicate(TableShape& shape, const char* key);
  runner::Predicate predicate_at(int index, const std::string& what);
  runner::Question question(TableShape& shape, const char* key);
  runner::Function function_at(int index);
  /// A function of the plan; `run = backup.drop` is none, for nothing would be given to it.
  bool is_function(int index) const;

  /// The body of a construct as a shape; pops it afterwards.
  void with_body(const WordValue& word, int index,
                 const std::function<void(TableShape&, const Place&)>& read);
  /// `step "Clean Up"`
  static std::string name_of(const WordValue& word);

  std::shared_ptr<State> state_;
  lua_State* lua_;
  Problems& problems_;
};

}  // namespace engine::script
