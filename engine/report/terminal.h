// A run for a person: one line a step when its outcome is known, never before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/meter.h"
#include "report/preview_page.h"
#include "report/screen.h"
#include "runner/event.h"

namespace engine::report {

enum class Verbosity { quiet, normal, verbose };

/// A listener of the event stream. What a step did (failed checks, notes, answers; statements and
/// held checks where verbose) is kept until its line is written, and stands below it.
class Terminal {
 public:
  Terminal(Screen& screen, Meter& meter, Verbosity verbosity)
      : screen_(screen), meter_(meter), verbosity_(verbosity) {}

  void operator()(const runner::Event& event);

 private:
  void show(const runner::RunStarted& started, const std::string& run);
  void show(const runner::PhaseStarted& phase);
  void show(const runner::StepStarted& step);
  void show(const runner::StepFinished& step);
  void show(const runner::StatementDone& statement);
  void show(const runner::Progress& progress);
  void show(const runner::CheckDone& check);
  void show(const runner::QuestionAnswered& question);
  void show(const runner::NoticeSeen& notice);
  void show(const runner::Retry& retry);
  void show(const runner::Note& note);
  void show(const runner::TableShown& table);
  void show(const runner::LockTaken& lock) { page_.add(lock); }
  void show(const runner::StatementTraced& trace) { page_.add(trace); }
  void show(const runner::Timeline&) {}  // the locks say it in lines
  void show(const runner::Probed& probe) { page_.add(probe); }
  void show(const runner::Impact& impact) { page_.add(impact); }
  void show(const runner::Finding& finding) { page_.add(finding); }
  void show(const runner::Difference& difference) { page_.add(difference); }
  void show(const runner::Proof& proof) { page_.add(proof); }
  void show(const runner::Verdict& verdict);
  void show(const runner::RunFinished& finished);

  void enter_phase(const std::string& title);
  void below(std::string lines);  // kept for the step, or printed where none is going on
  std::string reason(const Error& error) const;
  std::string failure(const runner::RunFinished& finished, const Error& error) const;

  Screen& screen_;
  Meter& meter_;
  Verbosity verbosity_;
  runner::Mode mode_ = runner::Mode::run;
  std::size_t title_columns_ = 0;
  std::string phase_;
  std::string failed_step_;
  std::string failed_check_;  // of the failed step, where it was one alone
  std::string raised_;        // message of the error that the last failed check raised
  std::string check_hint_;    // that the last failed check has shown
  std::string told_;          // message of the failure that stands below its step
  std::string kind_;          // of the step
  bool in_step_ = false;
  int checks_ = 0, failed_checks_ = 0;  // of the step
  std::string details_;
  PreviewPage page_;
};

}  // namespace engine::report
