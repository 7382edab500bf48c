// The inputs of a plan or a task: found, checked, kept with the run.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/plan.h"
#include "runner/questions.h"

namespace engine::runner {

/// Canonical texts by name; an input without a value is absent.
using Values = std::map<std::string, std::string>;

/// As the journal keeps them: a JSON object of texts.
std::string to_json(const Values& values);
Values values_of(const std::string& json);

struct Missing {
  std::string flag;  // --set drop_backup=VALUE
  std::string what;  // Remove the backup table now?
};

class Inputs {
 public:
  Inputs(const std::vector<Input>& declared, Questions& questions);

  /// What the journal keeps of this run.
  void recall(const Values& kept);
  /// Throws Error{edited} where a flag or the answers file says another value than was recalled,
  /// naming both. For a command that asks for inputs; the others ignore such an answer.
  void refuse_other_answers() const;

  /// Gives every declared input that `wanted` chooses a value: recalled, given, asked or default.
  /// What has none and nobody can answer is returned. `evaluate` runs an input's `when`.
  std::vector<Missing> resolve(const std::function<bool(const Input&)>& wanted,
                               const std::function<bool(const std::function<bool()>&)>& evaluate);

  /// Throws Error{argument} for an unknown name.
  const Input& declaration(const std::string& name) const;
  std::optional<std::string> value(const std::string& name) const;

  /// Without the secret ones.
  Values kept() const;
  /// What the journal is to keep from now on, where it keeps something else.
  std::optional<std::string> changed(const std::string& recorded) const;

 private:
  void recall_secret(const Input& input);
  std::optional<std::string> obtain(const Input& input);

  const std::vector<Input>& declared_;
  Questions& questions_;
  Values values_;
};

Ask ask_of(const Input& input);

}  // namespace engine::runner
