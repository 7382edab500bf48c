// A run for a person: one line a step when its outcome is known, never before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "event/event.h"
#include "report/meter.h"
#include "report/preview_page.h"
#include "report/screen.h"

namespace engine::report {

enum class Verbosity { quiet, normal, verbose };

/// A listener of the event stream. What a step did (failed checks, notes, answers; statements and
/// held checks where verbose) is kept until its line is written, and stands below it.
class Terminal {
 public:
  Terminal(Screen& screen, Meter& meter, Verbosity verbosity)
      : screen_(screen), meter_(meter), verbosity_(verbosity) {}

  void operator()(const event::Event& event);

 private:
  void show(const event::RunStarted& started, const std::string& run);
  void show(const event::PhaseStarted& phase);
  void show(const event::StepStarted& step);
  void show(const event::StepFinished& step);
  void show(const event::StatementDone& statement);
  void show(const event::Progress& progress);
  void show(const event::CheckDone& check);
  void show(const event::QuestionAnswered& question);
  void show(const event::NoticeSeen& notice);
  void show(const event::Retry& retry);
  void show(const event::Note& note);
  void show(const event::TableShown& table);
  void show(const event::LockTaken& lock) { page_.add(lock); }
  void show(const event::StatementTraced& trace) { page_.add(trace); }
  void show(const event::Timeline&) {}  // the locks say it in lines
  void show(const event::Probed& probe) { page_.add(probe); }
  void show(const event::Impact& impact) { page_.add(impact); }
  void show(const event::Finding& finding) { page_.add(finding); }
  void show(const event::Difference& difference) { page_.add(difference); }
  void show(const event::Proof& proof) { page_.add(proof); }
  void show(const event::Verdict& verdict);
  void show(const event::RunFinished& finished);

  void enter_phase(const std::string& title);
  void below(std::string lines);  // kept for the step, or printed where none is going on
  std::string reason(const Error& error) const;
  std::string failure(const event::RunFinished& finished, const Error& error) const;

  Screen& screen_;
  Meter& meter_;
  Verbosity verbosity_;
  event::Mode mode_ = event::Mode::run;
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
