// A preview as one HTML page: no scripts, nothing from the network, readable on a phone and in
// print.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/event.h"

namespace engine::report {

/// The first words of every page, by which a file is known as one.
inline constexpr std::string_view html_mark = "<!DOCTYPE html>\n<!-- engine preview -->\n";

/// Text from a database, a plan or a person as HTML: secrets redacted, control and
/// direction-changing characters visible, markup escaped.
std::string html_text(std::string_view raw);

/// A listener of the event stream; page() once the stream has ended.
class HtmlReport {
 public:
  void operator()(const runner::Event& event);
  std::string page() const;

 private:
  struct Step {
    runner::StepStarted started;
    runner::StepFinished finished;
    bool ended = false;
    std::vector<runner::CheckDone> checks;
    std::vector<std::string> notes;
  };

  template <typename Body>
  void keep(const Body&) {}
  void keep(const runner::RunStarted& started) { started_ = started; }
  void keep(const runner::StepStarted& step);
  void keep(const runner::StepFinished& step);
  void keep(const runner::CheckDone& check);
  void keep(const runner::Note& note);
  void keep(const runner::NoticeSeen& notice);
  void keep(const runner::QuestionAnswered& question) { questions_.push_back(question); }
  void keep(const runner::StatementTraced& trace) { traces_.push_back(trace); }
  void keep(const runner::Timeline& timeline) { timelines_.push_back(timeline); }
  void keep(const runner::Probed& probe) { probes_.push_back(probe); }
  void keep(const runner::Impact& impact) { impacts_.push_back(impact); }
  void keep(const runner::Finding& finding) { findings_.push_back(finding); }
  void keep(const runner::Difference& difference) { differences_.push_back(difference); }
  void keep(const runner::Proof& proof) { proofs_.push_back(proof); }
  void keep(const runner::Verdict& verdict) { verdict_ = verdict; }
  void keep(const runner::RunFinished& finished) { finished_ = finished; }

  std::string title_of(const std::string& step) const;
  std::vector<const runner::StatementTraced*> traces_of(const std::string& step) const;
  std::string head() const;
  std::string findings() const;
  std::string steps() const;
  std::string timelines() const;
  std::string impacts() const;
  std::string differences() const;
  std::string rollback() const;
  std::string questions() const;

  std::string time_;
  runner::RunStarted started_;
  std::vector<Step> steps_;
  std::vector<std::string> warnings_;
  std::vector<runner::QuestionAnswered> questions_;
  std::vector<runner::StatementTraced> traces_;
  std::vector<runner::Timeline> timelines_;
  std::vector<runner::Probed> probes_;
  std::vector<runner::Impact> impacts_;
  std::vector<runner::Finding> findings_;
  std::vector<runner::Difference> differences_;
  std::vector<runner::Proof> proofs_;
  runner::Verdict verdict_;
  runner::RunFinished finished_;
};

}  // namespace engine::report
