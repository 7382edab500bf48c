// Answers the questions of a rollback, so that each answer of each can be tried.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "event/prompter.h"
#include "plan/plan.h"

namespace engine::preview {

class Chooser : public event::Prompter {
 public:
  using Choice = std::pair<std::string, std::string>;  // name of the question, answer

  Chooser(const plan::Plan& plan, event::Prompter& answers) : plan_(plan), answers_(answers) {}

  /// From now on that is the answer; all other questions as ever, and what nobody answers with its
  /// first choice.
  void force(const Choice& choice) { forced_ = {choice}; }

  /// The questions so far, with every answer that each takes and the one that was given first.
  struct Question {
    std::vector<std::string> choices;
    std::string answer;
  };
  const std::map<std::string, Question>& asked() const { return asked_; }
  /// What tells this rollback from others: the answer that was forced, else all that were given.
  std::map<std::string, std::string> answers() const;

  std::optional<event::Reply> ask(const event::Ask& ask) override;
  std::optional<event::Reply> known(const event::Ask& ask) override;
  bool interactive() const override { return false; }

 private:
  event::Reply settle(const event::Ask& ask);

  const plan::Plan& plan_;
  event::Prompter& answers_;
  std::map<std::string, std::string> forced_;
  std::map<std::string, Question> asked_;
};

}  // namespace engine::preview
