#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/access_changes.h"
#include "report/finding_groups.h"
#include "report/html_definitions.h"
#include "report/html_style.h"
#include "report/layout.h"
#include "report/preview_words.h"

namespace engine::report {
namespace {

using event::Difference;
using event::Finding;
using std::chrono::milliseconds;

// Nothing is loaded and nothing is executed, whatever an escaping has missed.
constexpr const char* policy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n";

std::string section(std::string_view title, const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", title, content);
}

std::string paragraph(const std::string& html) { return "<p>" + html + "</p>\n"; }

std::string named(const char* name, const std::string& raw) {
  if (raw.empty()) return "";
  return paragraph(fmt::format("<span class=\"dim\">{}</span> {}", name, html_text(raw)));
}

std::string code(const std::string& sql) {
  return sql.empty() ? "" : "<pre>" + html_text(sql) + "</pre>\n";
}

std::string place(const std::string& file, int line) {
  return line > 0 ? fmt::format("{}:{}", file, line) : "";
}

/// The other statements of a group that say the same.
std::string others(const std::vector<Finding>& group) {
  if (group.size() < 2) return "";
  std::string html =
      fmt::format("<details><summary class=\"dim\">and {} more</summary>\n",
                  text::counted(static_cast<std::int64_t>(group.size()) - 1, "statement"));
  for (std::size_t i = 1; i < group.size(); ++i)
    html += named("", place(group[i].file, group[i].line)) + code(group[i].sql);
  return html + "</details>\n";
}

std::string card(const std::vector<Finding>& group, const std::string& step) {
  const Finding& finding = group.front();
  std::string html = fmt::format(
      "<div class=\"card {0}\">\n<span class=\"tag\">{0}</span> <code>{1}</code> <span "
      "class=\"dim\">{2}</span>\n",
      finding.accepted ? "accepted" : std::string{name_of(finding.severity)},
      html_text(finding.rule), name_of(finding.evidence));
  html += paragraph(html_text(finding.message));
  html += named("step", step) + named("where", place(finding.file, finding.line));
  html += code(finding.sql) + others(group);
  html += finding.accepted ? named("accepted:", finding.reason) : named("safer:", finding.safer);
  return html + "</div>\n";
}

std::string status_word(const event::StepFinished& step) {
  switch (step.status) {
    case event::StepStatus::done:
      return "done";
    case event::StepStatus::skipped:
      return "skipped";
    case event::StepStatus::failed:
      return "FAILED";
    case event::StepStatus::rolled_back:
      return "undone";
    case event::StepStatus::waiting:
      return "waits";
  }
  return "";
}

std::string change(const Difference& difference) {
  return paragraph(
      html_text(difference.object + ": " + difference.before + " → " + difference.after));
}

std::string change(const AccessChange& change) {
  return paragraph(fmt::format("<span class=\"{0}\">{0}</span> {1}", html_text(change.mark),
                               html_text(sentence(change))));
}

}  // namespace

std::string html_text(std::string_view raw) {
  std::string html;
  for (const char c : shown(raw)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

void HtmlReport::operator()(const event::Event& event) {
  if (time_.empty()) time_ = event.time;
  std::visit([this](const auto& body) { keep(body); }, event.body);
}

void HtmlReport::keep(const event::StepStarted& step) {
  steps_.push_back({step, {}, false, {}, {}});
}

void HtmlReport::keep(const event::StepFinished& step) {
  for (Step& one : steps_) {
    if (one.started.step != step.step) continue;
    one.finished = step;
    one.ended = true;
  }
}

void HtmlReport::keep(const event::CheckDone& check) {
  if (!steps_.empty()) steps_.back().checks.push_back(check);
}

void HtmlReport::keep(const event::Note& note) {
  if (!steps_.empty()) steps_.back().notes.push_back(note.text);
}

void HtmlReport::keep(const event::NoticeSeen& notice) {
  // What the preview says besides is for those who read all of it.
  const bool beside = notice.severity == "INFO" && notice.step.empty();
  if (notice.severity == "WARNING" || beside) warnings_.push_back(notice.message);
}

std::string HtmlReport::title_of(const std::string& step) const {
  for (const Step& one : steps_) {
    if (one.started.step == step) return one.started.title;
  }
  return step;
}

// The engine's own only where they did something to be told.
std::vector<const event::StatementTraced*> HtmlReport::traces_of(const std::string& step) const {
  std::vector<const event::StatementTraced*> found;
  for (const event::StatementTraced& trace : traces_) {
    if (trace.step == step && (!trace.sql.empty() || !effects(trace).empty()))
      found.push_back(&trace);
  }
  return found;
}

std::string HtmlReport::head() const {
  const event::VerdictKind result = verdict_.result;
  const char* const kind = result == event::VerdictKind::blocked ? "bad"
                           : result == event::VerdictKind::clean ? "good"
                                                                 : "warning";
  const auto [word, decision] = verdict_words(verdict_);
  const std::string words =
      word.empty() ? "The preview reached no verdict" : fmt::format("{}: {}", word, decision);
  std::string html =
      "<header>\n<p class=\"dim\">engine preview</p>\n<h1>" + html_text(started_.title) + "</h1>\n";
  html += paragraph(fmt::format("<span class=\"dim\">{} · {} · {}</span>", html_text(started_.plan),
                                html_text(started_.target), html_text(time_)));
  html += fmt::format("<div class=\"card {}\"><span class=\"tag verdict\">{}</span>\n", kind,
                      html_text(words));
  std::vector<std::string> counts;
  for (const char* severity : {"danger", "warning", "info", "accepted"}) {
    const auto found = verdict_.counts.find(severity);
    if (found != verdict_.counts.end() && found->second > 0)
      counts.push_back(fmt::format("{} {}", found->second, severity));
  }
  if (!counts.empty()) html += paragraph(text::joined(counts, ", "));
  if (finished_.error) {
    html += paragraph(html_text(finished_.error->message()));
    html += named("where", place(finished_.error->source().file, finished_.error->source().line));
    html += code(finished_.error->statement());
    html += named("hint", finished_.error->hint());
  }
  if (!finished_.next.empty())
    html +=
        paragraph("<span class=\"dim\">next</span> <code>" + html_text(finished_.next) + "</code>");
  html += "</div>\n";
  for (const std::string& warning : warnings_)
    html += "<div class=\"card warning\">" + html_text(warning) + "</div>\n";
  return html + "</header>\n";
}

std::string HtmlReport::findings() const {
  std::string decisions, notes;
  for (const std::vector<Finding>& group : finding_groups(findings_))
    (decides(group) ? decisions : notes) += card(group, title_of(group.front().step));
  return section("What needs a decision", decisions) + section("What to know", notes);
}

std::string HtmlReport::steps() const {
  std::string html, phase;
  for (const Step& step : steps_) {
    if (step.started.phase != phase) {
      phase = step.started.phase;
      if (!phase.empty()) html += "<h3>" + html_text(phase) + "</h3>\n";
    }
    const bool failed = step.ended && step.finished.status == event::StepStatus::failed;
    html += fmt::format("<details{}><summary>{}. {} <span class=\"{}\">{}", failed ? " open" : "",
                        step.started.number, html_text(step.started.title), failed ? "no" : "dim",
                        step.ended ? status_word(step.finished) : "");
    const std::vector<const event::StatementTraced*> traces = traces_of(step.started.step);
    if (!traces.empty())
      html += ", " + text::counted(static_cast<std::int64_t>(traces.size()), "statement");
    if (!step.checks.empty())
      html += ", " + text::counted(static_cast<std::int64_t>(step.checks.size()), "check");
    html += "</span></summary>\n";
    if (!step.finished.reason.empty()) html += paragraph(html_text(step.finished.reason));
    for (const std::string& note : step.notes) html += paragraph(html_text(note));
    for (const event::StatementTraced* trace : traces) {
      html += named("", trace->line > 0 ? place(trace->file, trace->line) + "  " + trace->tag
                                        : "by the engine's own statements");
      html += code(trace->sql);
      for (const std::string& effect : effects(*trace)) html += paragraph(html_text(effect));
    }
    for (const event::CheckDone& check : step.checks) {
      html += paragraph(std::string{check.ok ? "<span class=\"yes\">holds</span> "
                                             : "<span class=\"no\">fails</span> "} +
                        html_text(check.name));
    }
    if (step.finished.error) html += paragraph(html_text(step.finished.error->message()));
    html += "</details>\n";
  }
  return section("Steps", html);
}

std::string HtmlReport::timelines() const {
  std::string html;
  for (const event::Timeline& timeline : timelines_) {
    std::string bars;
    const double whole = std::max<double>(1, static_cast<double>(timeline.ms));
    for (const event::Timeline::Span& span : timeline.locks) {
      if (span.blocks.empty()) continue;
      const double from = std::min(100.0, 100 * static_cast<double>(span.from_ms) / whole);
      const double until = std::min(100.0, 100 * static_cast<double>(span.until_ms) / whole);
      const bool reads =
          std::find(span.blocks.begin(), span.blocks.end(), "reads") != span.blocks.end();
      bars += fmt::format(
          "<div class=\"lock\"><div>{}<br><span class=\"dim\">{}; {} wait, {}</span></div>"
          "<div class=\"track\"><div class=\"bar{}\" "
          "style=\"left:{:.1f}%;right:{:.1f}%\"></div></div>"
          "</div>\n",
          html_text(span.relation), html_text(span.mode),
          html_text(text::joined(span.blocks, ", ")),
          time::duration(milliseconds{span.until_ms - span.from_ms}), reads ? " reads" : "", from,
          100 - until);
    }
    if (bars.empty()) continue;
    const std::string where = timeline.transaction > 0
                                  ? fmt::format("transaction {}", timeline.transaction)
                                  : "outside a transaction";
    html += fmt::format("<h3>{} <span class=\"dim\">{}, {}</span></h3>\n",
                        html_text(title_of(timeline.step)), where,
                        time::duration(milliseconds{timeline.ms})) +
            bars;
  }
  if (!html.empty())
    html = paragraph("<span class=\"dim\">Times are measured on the shadow.</span>") + html;
  return section("Locks that make other sessions wait", html);
}

std::string HtmlReport::impacts() const {
  std::string html;
  for (const event::Impact& impact : impacts_) {
    html += "<div class=\"card\">\n" +
            paragraph(html_text(
                fmt::format("{} of {}: {}", impact.work, impact.relation, duration_of(impact))));
    html += named("room:", room_of(impact)) + named("by:", impact.basis);
    html += named("step", title_of(impact.step)) + "</div>\n";
  }
  if (!impacts_.empty()) html += paragraph(html_text(room_of_all(impacts_)));
  for (const event::Probed& probe : probes_) {
    const bool found = probe.result == "found";
    html += fmt::format("<div class=\"card {}\">\n", found ? "bad" : "good");
    html += paragraph(html_text(probe.of + ": " + probe.object + " of " + probe.relation));
    html += paragraph(html_text("on the target: " + answer_words(probe)));
    for (const std::string& example : probe.examples) html += code(example);
    html += "</div>\n";
  }
  return section("Effects on the target", html);
}

std::string HtmlReport::differences() const {
  std::string html;
  for (const auto& [kind, heading] : difference_kinds) {
    std::string changes;
    if (kind == "schema") {
      changes = html_definitions(differences_);
    } else if (kind == "access") {
      for (const AccessChange& one : access_changes(differences_)) changes += change(one);
    } else {
      for (const Difference& difference : differences_) {
        if (difference.kind == kind) changes += change(difference);
      }
    }
    html += section(heading, changes);
  }
  return html;
}

std::string HtmlReport::rollback() const {
  std::string html;
  for (const event::Proof& proof : proofs_) {
    const char* const kind = proof.ok ? "good" : proof.accepted ? "warning" : "bad";
    const char* const word = proof.ok ? "yes" : proof.accepted ? "no" : "NO";
    html += fmt::format("<div class=\"card {}\"><span class=\"tag\">{}</span> {}\n", kind, word,
                        html_text(claim(proof)));
    if (!proof.lost.empty()) html += "<ul>\n";
    for (const std::string& lost : proof.lost) html += "<li>" + html_text(lost) + "</li>\n";
    if (!proof.lost.empty()) html += "</ul>\n";
    if (proof.accepted) html += named("accepted:", proof.reason);
    html += "</div>\n";
  }
  return section("Rollback and second run, executed on the shadow", html);
}

std::string HtmlReport::questions() const {
  std::string html;
  for (const event::QuestionAnswered& question : questions_) {
    html += paragraph(fmt::format(
        "{} <span class=\"dim\">here: {} = {} ({})</span>",
        html_text(question.text.empty() ? question.name : question.text), html_text(question.name),
        question.secret ? "a secret" : html_text(question.answer), html_text(question.source)));
  }
  return section("Questions that will be asked", html);
}

std::string HtmlReport::page() const {
  std::string html{html_mark};
  html += "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += policy;
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
          html_text(started_.title) + "</title>\n<style>" + html_style +
          "</style>\n</head>\n<body>\n";
  html += head() + findings() + steps() + timelines() + impacts() + differences() + rollback() +
          questions();
  return html + "</body>\n</html>\n";
}

}  // namespace engine::report
