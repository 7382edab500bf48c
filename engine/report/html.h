// A preview as one HTML page: no scripts, nothing from the network, readable on a phone and in
// print.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "event/event.h"

namespace engine::report {

/// The first words of every page, by which a file is known as one.
inline constexpr std::string_view html_mark = "<!DOCTYPE html>\n<!-- engine preview -->\n";

/// Text from a database, a plan or a person as HTML: secrets redacted, control and
/// direction-changing characters visible, markup escaped.
std::string html_text(std::string_view raw);

/// A listener of the event stream; page() once the stream has ended.
class HtmlReport {
 public:
  void operator()(const event::Event& event);
  std::string page() const;

 private:
  struct Step {
    event::StepStarted started;
    event::StepFinished finished;
    bool ended = false;
    std::vector<event::CheckDone> checks;
    std::vector<std::string> notes;
  };

  template <typename Body>
  void keep(const Body&) {}
  void keep(const event::RunStarted& started) { started_ = started; }
  void keep(const event::StepStarted& step);
  void keep(const event::StepFinished& step);
  void keep(const event::CheckDone& check);
  void keep(const event::Note& note);
  void keep(const event::NoticeSeen& notice);
  void keep(const event::QuestionAnswered& question) { questions_.push_back(question); }
  void keep(const event::StatementTraced& trace) { traces_.push_back(trace); }
  void keep(const event::Timeline& timeline) { timelines_.push_back(timeline); }
  void keep(const event::Probed& probe) { probes_.push_back(probe); }
  void keep(const event::Impact& impact) { impacts_.push_back(impact); }
  void keep(const event::Finding& finding) { findings_.push_back(finding); }
  void keep(const event::Difference& difference) { differences_.push_back(difference); }
  void keep(const event::Proof& proof) { proofs_.push_back(proof); }
  void keep(const event::Verdict& verdict) { verdict_ = verdict; }
  void keep(const event::RunFinished& finished) { finished_ = finished; }

  std::string title_of(const std::string& step) const;
  std::vector<const event::StatementTraced*> traces_of(const std::string& step) const;
  std::string head() const;
  std::string findings() const;
  std::string steps() const;
  std::string timelines() const;
  std::string impacts() const;
  std::string differences() const;
  std::string rollback() const;
  std::string questions() const;

  std::string time_;
  event::RunStarted started_;
  std::vector<Step> steps_;
  std::vector<std::string> warnings_;
  std::vector<event::QuestionAnswered> questions_;
  std::vector<event::StatementTraced> traces_;
  std::vector<event::Timeline> timelines_;
  std::vector<event::Probed> probes_;
  std::vector<event::Impact> impacts_;
  std::vector<event::Finding> findings_;
  std::vector<event::Difference> differences_;
  std::vector<event::Proof> proofs_;
  event::Verdict verdict_;
  event::RunFinished finished_;
};

}  // namespace engine::report
