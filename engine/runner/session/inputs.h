// The inputs of a plan or a task: found, checked, kept with the run.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "runner/session/questions.h"

namespace engine::runner {

/// What the journal keeps of a run's inputs.
struct KeptInputs {
  /// Canonical texts by name; nothing: the run was begun without a value, since its `when` said so.
  std::map<std::string, std::optional<std::string>> values;
  std::set<std::string> secrets;  // that were given; their values are never kept

  bool operator==(const KeptInputs&) const = default;
};

/// A JSON object: a text, null where the run has no value, true where a secret was given. Journals
/// of older engines have texts only, and leave out what has no value.
std::string to_json(const KeptInputs& kept);
KeptInputs kept_inputs_of(const std::string& json);

struct Missing {
  std::string flag;  // --set drop_backup=VALUE
  std::string what;  // Remove the backup table now?
};

class Inputs {
 public:
  Inputs(const std::vector<plan::Input>& declared, Questions& questions);

  using Chosen = std::function<bool(const plan::Input&)>;

  /// What the journal keeps of this run: decided, and not to be asked, defaulted or evaluated
  /// again. Those that `complete` chooses and the journal does not have are absent: older engines
  /// left out what a `when` did not want.
  void recall(const KeptInputs& kept, const Chosen& complete);
  /// Throws Error{edited} where a flag or the answers file gives one that `asked` chooses another
  /// value than was recalled, naming both. `was_given`: an absent input had this answer when the
  /// run began too, and was not asked for.
  void refuse_other_answers(const Chosen& asked,
                            const std::function<bool(const std::string& name,
                                                     const std::string& value)>& was_given) const;

  /// Decides every declared input that `wanted` chooses and that is not decided yet: given, asked,
  /// default, or absent where its `when` says so. What nobody can answer is returned. `evaluate`
  /// runs an input's `when`.
  std::vector<Missing> resolve(const Chosen& wanted,
                               const std::function<bool(const std::function<bool()>&)>& evaluate);
  /// Given by flag, although `when` did not ask for them: name and value.
  const std::map<std::string, std::string>& not_asked() const { return not_asked_; }

  /// Throws Error{argument} for an unknown name.
  const plan::Input& declaration(const std::string& name) const;
  std::optional<std::string> value(const std::string& name) const;
  /// Was it decided that this run has no value of it?
  bool is_absent(const std::string& name) const;

  KeptInputs kept() const;
  /// What the journal is to keep from now on, where it keeps something else.
  std::optional<std::string> changed(const std::string& recorded) const;

 private:
  void recall_secret(const plan::Input& input);
  void leave_out(const plan::Input& input);
  void refuse_given(const plan::Input& input, const std::string& given) const;
  std::optional<std::string> obtain(const plan::Input& input);

  const std::vector<plan::Input>& declared_;
  Questions& questions_;
  std::map<std::string, std::optional<std::string>> values_;  // of those that are decided
  std::set<std::string> secrets_;                             // given when the run began
  std::map<std::string, std::string> not_asked_;
};

event::Ask ask_of(const plan::Input& input);

}  // namespace engine::runner
