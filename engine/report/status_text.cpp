#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/text.h"
#include "base/time.h"
#include "report/failure.h"
#include "report/layout.h"
#include "report/status.h"
#include "report/status_steps.h"

namespace engine::report {
namespace {

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parsed(const std::string& instant) {
  using namespace std::chrono;
  int year = 0, hours = 0, minutes = 0, seconds = 0, ms = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(instant.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d.%3dZ", &year, &month, &day, &hours,
                  &minutes, &seconds, &ms) != 7)
    return std::nullopt;
  const sys_days date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
  return sys_time<std::chrono::milliseconds>{date} + std::chrono::hours{hours} +
         std::chrono::minutes{minutes} + std::chrono::seconds{seconds} +
         std::chrono::milliseconds{ms};
}

std::string duration_between(const std::string& from, const std::string& until) {
  const auto began = parsed(from), ended = parsed(until);
  return began && ended && *ended >= *began ? time::duration(*ended - *began) : "";
}

class Page {
 public:
  Page(const RunStatus& status, const Paint& paint, int width)
      : status_(status),
        paint_(paint),
        width_(width),
        columns_(static_cast<std::size_t>(std::max(width, 0))) {}

  std::string text() {
    heading();
    text_ += status_steps(status_, paint_, width_);
    if (status_.unnamed > 0)
      paragraph(2, fmt::format("… and {} pending", text::counted(status_.unnamed, "step")));
    if (status_.error) {
      text_ += "\n" + failure_block(*status_.error, {}, paint_, width_);
    }
    for (const std::string& advice : status_.advice) paragraph(0, shown(advice));
    text_ += failure_advice({{}, {}, {}, status_.next, status_.undo}, width_);
    return std::move(text_);
  }

 private:
  void paragraph(std::size_t indent, const std::string& text) {
    for (const std::string& line : wrap(text, columns_ > indent ? columns_ - indent : 0))
      text_ += std::string(indent, ' ') + line + "\n";
  }

  void row(std::string_view label, const std::string& text) {
    text_ += labelled(2, label, shown_on_one_line(text), columns_);
  }

  void heading() {
    paragraph(0, fmt::format("Run {} of {}: {}", shown_on_one_line(status_.run),
                             shown_on_one_line(status_.plan), name_of(status_.status)));
    std::string began = status_time(status_.started) + " UTC";
    if (!status_.finished.empty()) {
      began += ", ended " + status_time(status_.finished, status_.started);
      const std::string took = duration_between(status_.started, status_.finished);
      if (!took.empty()) began += " (" + took + ")";
    }
    row("began", began);
    row("by", person());
    row("engine", engine());
    row("server", server());
    row("steps", counts());
    if (status_.session) add_session(*status_.session);
    text_ += "\n";
  }

  std::string person() const {
    const std::string role = "role " + status_.role;
    return status_.user.empty() ? role : fmt::format("{}, as {}", status_.user, role);
  }

  std::string engine() const {
    std::string text = fmt::format("{} on {}", status_.engine_version, status_.host);
    if (status_.process > 0) text += fmt::format(", process {}", status_.process);
    return text;
  }

  std::string server() const {
    // "15.18 (Debian 15.18-0+deb12u1)": the packager says nothing here.
    const std::string& version = status_.server_version;
    return fmt::format("PostgreSQL {}, system {}, database OID {}",
                       version.substr(0, version.find(' ')), status_.system_identifier,
                       status_.database);
  }

  std::string counts() const {
    const auto count = [&](auto holds) {
      return std::count_if(status_.steps.begin(), status_.steps.end(), holds);
    };
    const auto with = [&](std::initializer_list<event::StepState> states) {
      return count([&](const StatusStep& step) {
        return !step.running &&
               std::find(states.begin(), states.end(), step.status) != states.end();
      });
    };
    std::vector<std::string> parts{status_.of
                                       ? fmt::format("{} of {} done", status_.done, *status_.of)
                                       : fmt::format("{} done", status_.done)};
    const auto add = [&](std::int64_t number, std::string_view word) {
      if (number > 0) parts.push_back(fmt::format("{} {}", number, word));
    };
    add(with({event::StepState::skipped}), "skipped");
    add(count([](const StatusStep& step) { return step.running; }), "running");
    add(with({event::StepState::failed, event::StepState::rollback_failed,
              event::StepState::unverified}),
        "failed");
    add(with({event::StepState::intent}), "interrupted");
    add(with({event::StepState::waiting}), "waiting");
    add(with({event::StepState::rolled_back}), "undone");
    add(with({event::StepState::pending}) + status_.unnamed, "pending");
    return text::joined(parts, ", ");
  }

  void add_session(const StatusSession& session) {
    std::string text = fmt::format("pid {} of {} from {}, application_name {}", session.pid,
                                   session.user, session.client, session.application_name);
    if (!session.since.empty()) text += ", since " + status_time(session.since) + " UTC";
    row("session", text);
    std::string statement = session.state;
    if (!session.statement_since.empty())
      statement += (statement.empty() ? "since " : " since ") +
                   status_time(session.statement_since, session.since);
    if (!session.statement.empty())
      statement += (statement.empty() ? "" : ": ") + text::trimmed(session.statement);
    row("statement", statement);
    row("waits for", session.waits_for);
    row("blocked by", session.blocked_by);
    row("", session.sentence);
  }

  const RunStatus& status_;
  const Paint& paint_;
  int width_;
  std::size_t columns_;
  std::string text_;
};

}  // namespace

std::string status_time(const std::string& instant, const std::string& besides) {
  constexpr std::size_t day = 11;  // "2026-11-20 "
  const std::string whole = time::to_the_second(instant);
  const bool same = besides.size() > day && whole.size() > day &&
                    besides.substr(0, day - 1) == whole.substr(0, day - 1);
  return same ? whole.substr(day) : whole;
}

std::string status_text(const RunStatus& status, const Paint& paint, int width) {
  return Page{status, paint, width}.text();
}

}  // namespace engine::report
