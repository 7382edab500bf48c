#include "base/time.h"
#include "report/error_json.h"
#include "report/status.h"

namespace engine::report {
namespace {

using json = nlohmann::ordered_json;

json error_or_null(const std::optional<Error>& error, const std::string& code) {
  return error ? error_object(*error, code) : json(nullptr);
}

json change_object(const StatusChange& change) {
  json lines = json::array();
  for (const diff::Line& line : change.lines)
    lines.push_back(json_text(line.mark == '~' ? "~" : line.mark + line.text));
  return {{"change", change.change},
          {"stands", change.stands},
          {"place", json_text(change.place)},
          {"note", json_text(change.note)},
          {"diff", std::move(lines)}};
}

json step_object(const StatusStep& step) {
  json attempts = json::array();
  for (const StatusAttempt& attempt : step.attempts) {
    attempts.push_back({{"at", attempt.at},
                        {"outcome", attempt.outcome},
                        {"sqlstate", attempt.sqlstate},
                        {"message", json_text(attempt.message)},
                        {"ms", attempt.ms}});
  }
  json changes = json::array();
  for (const StatusChange& change : step.changes) changes.push_back(change_object(change));
  return {{"step", json_text(step.id)},
          {"title", json_text(step.title)},
          {"status", step.running ? std::string_view{"running"} : name_of(step.status)},
          {"finished", step.at},
          {"rows", step.rows},
          {"ms", step.ms},
          {"reason", json_text(step.reason)},
          {"stands", json_text(step.stands)},
          {"attempts", std::move(attempts)},
          {"error", error_or_null(step.error, step.code)},
          {"changes", std::move(changes)}};
}

json session_object(const StatusSession& session) {
  return {{"pid", session.pid},
          {"application_name", json_text(session.application_name)},
          {"role", json_text(session.user)},
          {"client", json_text(session.client)},
          {"since", session.since},
          {"state", session.state},
          {"statement", json_text(session.statement)},
          {"statement_since", session.statement_since},
          {"waits_for", session.waits_for},
          {"blocked_by", json_text(session.blocked_by)},
          {"orphan", session.orphan}};
}

}  // namespace

std::string status_json(const RunStatus& status) {
  json steps = json::array();
  for (const StatusStep& step : status.steps) steps.push_back(step_object(step));
  json advice = json::array();
  for (const std::string& sentence : status.advice) advice.push_back(json_text(sentence));
  const bool works = status.session && !status.session->orphan;
  const json line{{"event", "status"},
                  {"target", json_text(status.target)},
                  {"plan", json_text(status.plan)},
                  {"status", name_of(status.status)},
                  {"started", status.started},
                  {"finished", status.finished},
                  {"role", json_text(status.role)},
                  {"user", json_text(status.user)},
                  {"host", json_text(status.host)},
                  {"process", status.process},
                  {"engine_version", status.engine_version},
                  {"server_version", json_text(status.server_version)},
                  {"system_identifier", status.system_identifier},
                  {"database_oid", status.database},
                  {"pid", works ? json(status.session->pid) : json(nullptr)},
                  {"session", status.session ? session_object(*status.session) : json(nullptr)},
                  {"done", status.done},
                  {"of", status.of ? json(*status.of) : json(nullptr)},
                  {"steps", std::move(steps)},
                  {"error", error_or_null(status.error, status.code)},
                  {"advice", std::move(advice)},
                  {"next", json_text(status.next)},
                  {"undo", json_text(status.undo)},
                  {"time", time::now()},
                  {"run", status.run}};
  return line.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace engine::report
