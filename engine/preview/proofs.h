// What a preview proves by doing it: a second run changes nothing, and the rollback restores.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "event/emitter.h"
#include "preview/chooser.h"
#include "preview/shadow_runner.h"

namespace engine::preview {

class Proofs {
 public:
  Proofs(const plan::Plan& plan, ShadowRunner& stage, event::Emitter& emitter,
         event::Prompter& prompter)
      : plan_(plan), stage_(stage), emitter_(emitter), prompter_(prompter) {}

  /// From now on they are told as of what came along: not all rows of what the plan writes did.
  void of_sample() { sampled_ = true; }

  void second_run(const database_state::DatabaseState& after);
  /// Back to what stood when the plan began, or when the last step that cannot be undone was done;
  /// then the plan runs again, and what it leaves is rolled back with every other answer.
  void rollback(const ShadowRun& pass, const database_state::DatabaseState& began);

  /// What did not hold and was not accepted, as clauses; empty: all held.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void choices(const ShadowRun& pass, const database_state::DatabaseState& before,
               const Chooser& chooser, std::set<Chooser::Choice> tried);
  event::Proof rolled_back(const database_state::DatabaseState& before, Chooser& chooser,
                           const ShadowRun& pass, bool copied);
  void prove(event::Proof proof);

  const plan::Plan& plan_;
  ShadowRunner& stage_;
  event::Emitter& emitter_;
  event::Prompter& prompter_;
  std::vector<std::string> failures_;
  bool sampled_ = false;
};

}  // namespace engine::preview
