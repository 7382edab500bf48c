// What a preview found, as a page to be read from top to bottom.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "report/paint.h"

namespace engine::report {

/// Keeps what a preview tells until its verdict, since the verdict stands first.
class PreviewPage {
 public:
  void add(const event::RunStarted& started) { planned_ = started.steps; }
  void add(const event::StepStarted& step) { steps_.push_back(step); }
  void add(const event::QuestionAnswered& question) { questions_.push_back(question); }
  void add(const event::LockTaken& lock) { locks_.push_back(lock); }
  void add(const event::StatementTraced& trace) { traces_.push_back(trace); }
  void add(const event::Probed& probe) { probes_.push_back(probe); }
  void add(const event::Impact& impact) { impacts_.push_back(impact); }
  void add(const event::Finding& finding) { findings_.push_back(finding); }
  void add(const event::Difference& difference) { differences_.push_back(difference); }
  void add(const event::Proof& proof) { proofs_.push_back(proof); }

  std::string text(const event::Verdict& verdict, const Paint& paint, int width) const;

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

  std::vector<event::PlannedStep> planned_;
  std::vector<event::StepStarted> steps_;
  std::vector<event::QuestionAnswered> questions_;
  std::vector<event::LockTaken> locks_;
  std::vector<event::StatementTraced> traces_;
  std::vector<event::Probed> probes_;
  std::vector<event::Impact> impacts_;
  std::vector<event::Finding> findings_;
  std::vector<event::Difference> differences_;
  std::vector<event::Proof> proofs_;
};

}  // namespace engine::report
