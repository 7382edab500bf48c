// What a preview proves by doing it: a second run changes nothing, and the rollback restores.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "preview/chooser.h"
#include "preview/stage.h"
#include "runner/emitter.h"

namespace engine::preview {

class Proofs {
 public:
  Proofs(const runner::Plan& plan, Stage& stage, runner::Emitter& emitter,
         runner::Prompter& prompter)
      : plan_(plan), stage_(stage), emitter_(emitter), prompter_(prompter) {}

  /// From now on they are told as of what came along: not all rows of what the plan writes did.
  void of_sample() { sampled_ = true; }

  void second_run(const Picture& after);
  /// Back to what stood when the plan began, or when the last step that cannot be undone was done;
  /// then the plan runs again, and what it leaves is rolled back with every other answer.
  void rollback(const Pass& pass, const Picture& began);

  /// What did not hold and was not accepted, as clauses; empty: all held.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void choices(const Pass& pass, const Picture& before, const Chooser& chooser,
               std::set<Chooser::Choice> tried);
  runner::Proof rolled_back(const Picture& before, Chooser& chooser, const Pass& pass, bool copied);
  void prove(runner::Proof proof);

  const runner::Plan& plan_;
  Stage& stage_;
  runner::Emitter& emitter_;
  runner::Prompter& prompter_;
  std::vector<std::string> failures_;
  bool sampled_ = false;
};

}  // namespace engine::preview
