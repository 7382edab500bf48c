// Who answers: what was given beforehand, then the person at the terminal, then the default.
#pragma once

#include "event/prompter.h"
#include "report/answers.h"
#include "report/console.h"

namespace engine::report {

class Operator : public event::Prompter {
 public:
  Operator(const Answers& answers, Console& console) : answers_(answers), console_(console) {}

  std::optional<event::Reply> ask(const event::Ask& ask) override;
  std::optional<event::Reply> known(const event::Ask& ask) override;
  bool interactive() const override { return console_.present(); }

 private:
  event::Reply given(std::string answer, std::string source);
  std::optional<event::Reply> prompt(const event::Ask& ask);

  const Answers& answers_;
  Console& console_;
};

}  // namespace engine::report
