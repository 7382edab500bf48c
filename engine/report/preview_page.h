// What a preview found, as a page to be read from top to bottom.
#pragma once

#include <string>
#include <vector>

#include "report/paint.h"
#include "runner/event.h"

namespace engine::report {

/// Keeps what a preview tells until its verdict, since the verdict stands first.
class PreviewPage {
 public:
  void add(const runner::RunStarted& started) { planned_ = started.steps; }
  void add(const runner::StepStarted& step) { steps_.push_back(step); }
  void add(const runner::QuestionAnswered& question) { questions_.push_back(question); }
  void add(const runner::LockTaken& lock) { locks_.push_back(lock); }
  void add(const runner::StatementTraced& trace) { traces_.push_back(trace); }
  void add(const runner::Probed& probe) { probes_.push_back(probe); }
  void add(const runner::Impact& impact) { impacts_.push_back(impact); }
  void add(const runner::Finding& finding) { findings_.push_back(finding); }
  void add(const runner::Difference& difference) { differences_.push_back(difference); }
  void add(const runner::Proof& proof) { proofs_.push_back(proof); }

  std::string text(const runner::Verdict& verdict, const Paint& paint, int width) const;

 private:
  std::string title_of(const std::string& step) const;
  std::string findings(const Paint& paint, int width) const;
  std::string locks(const Paint& paint, int width) const;
  std::string steps(const Paint& paint, int width) const;
  std::string not_reached(std::size_t columns) const;
  std::string impacts(const Paint& paint, int width) const;
  std::string probes(const Paint& paint, int width) const;
  std::string differences(const Paint& paint, int width) const;
  std::string proofs(const Paint& paint, int width) const;
  std::string questions(const Paint& paint, int width) const;

  std::vector<runner::PlannedStep> planned_;
  std::vector<runner::StepStarted> steps_;
  std::vector<runner::QuestionAnswered> questions_;
  std::vector<runner::LockTaken> locks_;
  std::vector<runner::StatementTraced> traces_;
  std::vector<runner::Probed> probes_;
  std::vector<runner::Impact> impacts_;
  std::vector<runner::Finding> findings_;
  std::vector<runner::Difference> differences_;
  std::vector<runner::Proof> proofs_;
};

}  // namespace engine::report
