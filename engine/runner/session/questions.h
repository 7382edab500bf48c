// Questions and their answers: given beforehand, by --yes, or by a person; each asked once.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "event/emitter.h"
#include "event/prompter.h"

namespace engine::runner {

class Questions {
 public:
  Questions(event::Prompter& prompter, event::Emitter& emitter, bool assume_yes)
      : prompter_(prompter), emitter_(emitter), assume_yes_(assume_yes) {}

  bool interactive() const { return prompter_.interactive(); }
  bool assume_yes() const { return assume_yes_; }

  /// Throws Error{answer_no} unless the answer is yes.
  void confirm(const std::string& name, const std::string& text);
  /// Throws Error{answer_missing} naming the flag; the answer of a choice is one of its choices.
  /// `step`: a function of it asks.
  std::string answer(const event::Ask& ask, const std::string& step = "");
  /// An answer that a committed step of this run got: it is not asked for again. Throws
  /// Error{edited} where another one is given now.
  void recall(const std::string& name, const std::string& answer);
  /// What is known without asking a person.
  std::optional<event::Reply> known(const event::Ask& ask) const;
  /// Was it asked before in this command? A replayed step is not asked twice.
  bool remembers(const std::string& name) const { return remembered_.count(name) > 0; }

  /// How long people were waited for; no step is slower for it.
  std::chrono::milliseconds waited() const { return waited_; }

  /// Tells of an answer that came another way (an input's default).
  void tell(const event::Ask& ask, const event::Reply& reply, const std::string& step = "");

  struct Given {
    std::string name, answer, source;
    std::string step;  // a function of which asked; else ""
  };
  /// Answers that the journal does not have yet; never a secret.
  const std::vector<Given>& unrecorded() const { return unrecorded_; }
  void recorded() { unrecorded_.clear(); }

 private:
  event::Reply obtain(const event::Ask& ask);

  event::Prompter& prompter_;
  event::Emitter& emitter_;
  bool assume_yes_;
  std::map<std::string, std::string> remembered_;
  std::vector<Given> unrecorded_;
  std::chrono::milliseconds waited_{0};
};

/// "yes" or "no"; nothing where it is neither.
std::optional<bool> as_boolean(const std::string& answer);

}  // namespace engine::runner
