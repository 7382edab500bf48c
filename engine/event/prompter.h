// Who answers questions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace engine::event {

struct Ask {
  enum class Kind { confirm, choice, text, secret, manual };
  std::string name;  // stable: what flags and answers files use
  std::string text;
  Kind kind = Kind::confirm;
  std::vector<std::string> choices;
  std::optional<std::string> preset;
  /// Of a typed answer: what is wrong with it, "" where nothing is. May be empty. A person is asked
  /// again.
  std::function<std::string(const std::string&)> problem = {};
};

struct Reply {
  std::string answer;  // "yes", "no", a choice, a text; manual: done, failed, skip, later
  std::string source;  // flag, answers file, prompt, default, --yes
};

/// Implemented by the terminal and by answers given beforehand.
class Prompter {
 public:
  virtual ~Prompter() = default;
  /// Nothing: there is no answer and nobody to ask. End of input is "no" (confirm) or nothing.
  virtual std::optional<Reply> ask(const Ask& ask) = 0;
  /// What would be given without asking a person; used to list what is missing before anything is
  /// touched.
  virtual std::optional<Reply> known(const Ask& ask) = 0;
  /// Is there a person to ask?
  virtual bool interactive() const = 0;
};

}  // namespace engine::event
