// From the table that a plan returned to a plan::Plan. Each part of the language is one file:
// plan_header, plan_inputs, plan_steps, plan_actions.
#pragma once

#include <memory>
#include <string>

#include "plan/plan.h"
#include "script/constructs.h"
#include "script/problems.h"
#include "script/state.h"
#include "script/table_shape.h"
#include "script/value.h"

namespace engine::script {

class PlanReader {
 public:
  /// `hazards`: LoadOptions::hazards.
  PlanReader(std::shared_ptr<State> state, Problems& problems,
             const std::vector<std::string>& hazards)
      : state_(std::move(state)), lua_(state_->lua()), problems_(problems), hazards_(hazards) {}

  /// The value that the plan's file returned lies at `index`.
  void read(int index, plan::Plan& plan);

 private:
  // plan_header.cpp
  void read_header(TableShape& shape, plan::Plan& plan);
  void read_needs(TableShape& shape, plan::Plan& plan);
  std::string existing_file(TableShape& shape, const char* key);
  std::string duration(TableShape& shape, const char* key);
  /// `answers`: what may be accepted besides hazards, "keep_rows=no".
  std::map<std::string, std::string> accepted(TableShape& shape,
                                              const std::vector<std::string>& answers = {});
  std::map<std::string, std::string> hints(TableShape& shape);

  // plan_inputs.cpp
  std::vector<plan::Input> read_inputs(TableShape& shape);
  plan::Input read_input(const std::string& name, TableShape& shape);
  void read_default(TableShape& shape, plan::Input& input);
  void check_input_uses(const plan::Plan& plan);

  // plan_steps.cpp
  void read_item(int index, const Place& place, int phase, plan::Plan& plan);
  void read_phase(const WordValue& word, int index, plan::Plan& plan);
  void read_step(const WordValue& word, int index, plan::Step& step);
  void read_standing_check(const WordValue& word, int index, plan::Step& step);
  void read_manual(const WordValue& word, int index, plan::Step& step);
  void read_task(const WordValue& word, int index, plan::Plan& plan);
  void read_identity(TableShape& shape, const WordValue& word, plan::Step& step);
  void check_identities(const plan::Plan& plan);
  void check_atomic(const plan::Plan& plan);

  // plan_actions.cpp
  std::vector<plan::Action> read_run(TableShape& shape, plan::TransactionMode mode);
  std::vector<plan::Action> actions(int index, const Place& place, plan::TransactionMode mode);
  plan::Action sql_block(const SqlText& sql, plan::TransactionMode mode, const Place& place);
  std::vector<plan::Check> read_verify(TableShape& shape);
  plan::Check titled_check(const WordValue& word, int index);
  plan::Rollback read_rollback(TableShape& shape, plan::TransactionMode mode);
  plan::Undo undo_table(int index, const Place& place, plan::TransactionMode mode);
  plan::TransactionMode transaction(TableShape& shape);
  plan::Predicate predicate(TableShape& shape, const char* key);
  plan::Predicate predicate_at(int index, const std::string& what);
  plan::Question question(TableShape& shape, const char* key);
  plan::Function function_at(int index);
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
  const std::vector<std::string>& hazards_;
};

}  // namespace engine::script
