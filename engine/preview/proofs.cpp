#include "preview/proofs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/diff.h"
#include "base/error.h"
#include "base/text.h"
#include "runner/runner.h"

namespace engine::preview {
namespace {

using event::Event;
using event::Proof;
using event::RunFinished;

constexpr std::size_t most_lost = 30;

/// What a second run changed, or a rollback did not bring back.
std::vector<std::string> sentences_of(const event::Difference& difference) {
  const std::string& object = difference.object;
  if (difference.kind == "access") {
    const auto extent_or_none = [](const std::string& extent) {
      return extent.empty() ? "none" : extent;
    };
    return {fmt::format("access of {}: {} on {} is {}, was {}", difference.role,
                        difference.privilege, object, extent_or_none(difference.after),
                        extent_or_none(difference.before))};
  }
  if (difference.mark == "gone") return {object + " is missing"};
  if (difference.mark == "new") return {object + " is left behind"};
  if (difference.kind == "rows")
    return {object + ": was " + difference.before + ", is " + difference.after};
  std::vector<std::string> sentences;
  for (const std::string& words : difference.words) sentences.push_back(object + ": " + words);
  if (!sentences.empty()) return sentences;
  std::vector<std::string> was, is;
  for (const diff::Line& line : diff::unified(difference.before, difference.after, 0)) {
    if (line.mark == '-') was.push_back(text::trimmed(line.text));
    if (line.mark == '+') is.push_back(text::trimmed(line.text));
  }
  const auto all = [](const std::vector<std::string>& lines) {
    return lines.empty() ? "nothing" : text::joined(lines, " ");
  };
  return {object + ": was " + all(was) + ", is " + all(is)};
}

std::vector<std::string> sentences(const std::vector<event::Difference>& differences) {
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const event::Difference& difference : differences) {
    for (const std::string& line : sentences_of(difference)) {
      if (lines.size() < most_lost) {
        lines.push_back(text::shortened(text::printable(line), 400));
      } else {
        ++more;
      }
    }
  }
  if (more > 0) lines.push_back(fmt::format("… and {} more", more));
  return lines;
}

std::string why(const RunFinished& finished) {
  std::string words{name_of(finished.status)};
  if (finished.error) {
    words += ": " + finished.error->message();
    if (!finished.error->detail().empty()) words += " (" + finished.error->detail() + ")";
  }
  return words;
}

std::string kept_words(const ShadowRun& pass) {
  if (pass.kept == nullptr) return "";
  return fmt::format("step \"{}\" cannot be undone: {}", pass.kept->title,
                     std::get<plan::Impossible>(pass.kept->rollback).why);
}

std::optional<Chooser::Choice> untried(const std::map<std::string, Chooser::Question>& questions,
                                       const std::set<Chooser::Choice>& tried) {
  for (const auto& [name, question] : questions) {
    for (const std::string& answer : question.choices) {
      if (!tried.contains({name, answer})) return Chooser::Choice{name, answer};
    }
  }
  return std::nullopt;
}

bool resumed(const ShadowRun& pass) {
  return std::any_of(pass.events.begin(), pass.events.end(), [](const Event& event) {
    const auto* started = std::get_if<event::RunStarted>(&event.body);
    return started != nullptr && started->resumed;
  });
}

std::string failure_of(const Proof& proof) {
  if (proof.of == "second_run") return "a second run changes something";
  if (proof.of == "run_after_rollback") return "after the rollback the plan does not run again";
  return "the rollback does not restore the state before the run" +
         (proof.choice.empty() ? "" : " (" + proof.choice + ")");
}

}  // namespace

void Proofs::prove(Proof proof) {
  if (!proof.ok && !proof.accepted) failures_.push_back(failure_of(proof));
  proof.sampled = sampled_;
  emitter_.emit(std::move(proof));
}

void Proofs::second_run(const database_state::DatabaseState& after) {
  const ShadowRun again = stage_.perform(runner::run);
  Proof proof{"second_run", false, sentences(database_state::differences(after, stage_.picture()))};
  if (again.finished.status != event::Ending::nothing_to_do)
    proof.lost.insert(proof.lost.begin(), "it ended as " + why(again.finished));
  proof.ok = proof.lost.empty();
  prove(std::move(proof));
}

// Of a run that began earlier the rollback goes back beyond where the preview began: nobody has a
// picture of that.
Proof Proofs::rolled_back(const database_state::DatabaseState& before, Chooser& chooser,
                          const ShadowRun& pass, bool copied) {
  ShadowRunner::Attention attention;
  attention.prompter = &chooser;
  if (pass.kept != nullptr) attention.to = pass.kept_to;
  attention.copied = copied;
  const ShadowRun back = stage_.perform(runner::rollback, attention);
  Proof proof{"rollback", false, {}, "", kept_words(pass)};
  if (back.finished.exit != Exit::done) proof.lost.push_back("it ended as " + why(back.finished));
  if (resumed(pass) && pass.kept == nullptr) {
    emitter_.emit(event::NoticeSeen{"", "WARNING", "",
                                    "an earlier run finished some steps: their rollback was run, "
                                    "but not compared with what was there before them"});
  } else {
    for (std::string& line : sentences(database_state::differences(before, stage_.picture())))
      proof.lost.push_back(std::move(line));
  }
  proof.ok = proof.lost.empty();
  std::vector<std::string> words;
  for (const auto& [name, answer] : chooser.answers()) {
    words.push_back(name + " = " + answer);
    // What it leaves may be meant so; that it breaks off is not.
    const auto reason = plan_.accept.find(name + "=" + answer);
    if (proof.ok || back.finished.exit != Exit::done || reason == plan_.accept.end()) continue;
    proof.accepted = true;
    proof.reason = reason->second;
  }
  proof.choice = text::joined(words, ", ");
  return proof;
}

// As answered; then the plan runs again, and copies of what it leaves are rolled back with every
// other answer of every question that a rollback asks, one at a time.
void Proofs::rollback(const ShadowRun& pass, const database_state::DatabaseState& began) {
  const database_state::DatabaseState& before = pass.kept == nullptr ? began : pass.after_kept;
  Chooser chooser{plan_, prompter_};
  Proof first = rolled_back(before, chooser, pass, false);
  std::set<Chooser::Choice> tried;
  for (const auto& [name, question] : chooser.asked()) tried.emplace(name, question.answer);
  const bool holds = first.ok || first.accepted;
  prove(std::move(first));
  if (!holds) return;
  const ShadowRun once_more = stage_.perform(runner::run);
  Proof last{"run_after_rollback", once_more.finished.exit == Exit::done, {}};
  if (!last.ok) last.lost.push_back("it ended as " + why(once_more.finished));
  const bool ran = last.ok;
  prove(std::move(last));
  if (ran) choices(pass, before, chooser, std::move(tried));
}

void Proofs::choices(const ShadowRun& pass, const database_state::DatabaseState& before,
                     const Chooser& chooser, std::set<Chooser::Choice> tried) {
  const std::string done = stage_.database();
  std::map<std::string, Chooser::Question> questions = chooser.asked();
  // An answer may bring another question.
  for (std::optional<Chooser::Choice> choice = untried(questions, tried); choice;
       choice = untried(questions, tried)) {
    tried.insert(*choice);
    stage_.go_back_to(done);
    stage_.copy(fmt::format("choice_{}", tried.size()));
    Chooser other{plan_, prompter_};
    other.force(*choice);
    prove(rolled_back(before, other, pass, true));
    for (const auto& [name, question] : other.asked()) {
      tried.emplace(name, question.answer);
      questions.emplace(name, question);
    }
  }
}

}  // namespace engine::preview
