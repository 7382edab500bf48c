// Answers given beforehand: --set, an answers file, --yes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "event/prompter.h"

namespace engine::report {

class Answers {
 public:
  /// Each of `settings` is NAME=VALUE. Throws Error{usage} for one without a name or an equals
  /// sign.
  void set(const std::vector<std::string>& settings);
  /// A JSON object: name to text, number or boolean; null and names that begin with an underscore
  /// are not answers. Throws Error{usage} naming the file, and the line where it is no JSON.
  void read(const std::string& path);
  void yes_to_confirms() { yes_ = true; }

  /// Flags before the file before --yes, which answers confirms, and takes the default elsewhere.
  std::optional<event::Reply> find(const event::Ask& ask) const;

  /// Names given by --set, for telling which of them nothing asks for.
  std::vector<std::string> flags() const;
  /// Names that the file answers, with their places in it.
  struct InFile {
    std::string name;
    Source at;
  };
  const std::vector<InFile>& in_file() const { return in_file_; }

 private:
  struct Answer {
    std::string value, source;
  };
  std::map<std::string, Answer> answers_;
  std::vector<InFile> in_file_;
  bool yes_ = false;
};

}  // namespace engine::report
