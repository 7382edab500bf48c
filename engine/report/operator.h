// Who answers: what was given beforehand, then the person at the terminal, then the default.
#pragma once

#include "report/answers.h"
#include "report/console.h"
#include "runner/prompter.h"

namespace engine::report {

class Operator : public runner::Prompter {
 public:
  Operator(const Answers& answers, Console& console) : answers_(answers), console_(console) {}

  std::optional<runner::Reply> ask(const runner::Ask& ask) override;
  std::optional<runner::Reply> known(const runner::Ask& ask) override;
  bool interactive() const override { return console_.present(); }

 private:
  runner::Reply given(std::string answer, std::string source);
  std::optional<runner::Reply> prompt(const runner::Ask& ask);

  const Answers& answers_;
  Console& console_;
};

}  // namespace engine::report
