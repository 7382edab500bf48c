#include "journal/history.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "db/pipeline.h"
#include "journal/event_names.h"
#include "journal/instant.h"
#include "journal/storable.h"

namespace engine::journal {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::int64_t integer_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

SessionRow session_of(const json& data, const std::string& at) {
  return {integer_of(data, "epoch"),
          at,
          {text_of(data, "host"), text_of(data, "user"), integer_of(data, "process"),
           text_of(data, "process_started")}};
}

FailureRow failure_of(const json& data, const std::string& step, const std::string& at) {
  Error error{Code::sql, text_of(data, "message")};
  error.sqlstate(text_of(data, "sqlstate"))
      .detail(text_of(data, "detail"))
      .hint(text_of(data, "hint"))
      .context(text_of(data, "context"))
      .constraint(text_of(data, "constraint"))
      .statement(text_of(data, "statement"))
      .position(static_cast<int>(integer_of(data, "position")))
      .at({text_of(data, "file"), static_cast<int>(integer_of(data, "line"))});
  return {step, at, text_of(data, "code"), std::move(error)};
}

void add_inputs_read(const json& data, const std::string& step, History& history) {
  const bool by_rollback = text_of(data, "by") == "rollback";
  std::set<std::string>& names =
      (by_rollback ? history.read_by_rollback : history.read_by_run)[step];
  const auto found = data.find("names");
  if (found == data.end()) return;
  for (const json& name : *found)
    if (name.is_string()) names.insert(name.get<std::string>());
}

void add_events(const db::Result& rows, History& history) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const json data = json::parse(rows.text(i, "data"), nullptr, false);
    if (!data.is_object()) continue;
    const std::string& event = rows.text(i, "event");
    const std::string& step = rows.text(i, "step");
    const std::string& at = rows.text(i, "at");
    if (event == session_event) history.sessions.push_back(session_of(data, at));
    if (event == failure_event) history.failures.push_back(failure_of(data, step, at));
    if (event == inputs_event) add_inputs_read(data, step, history);
  }
}

/// Version 1 of the journal has no such table.
void add_resolutions(db::Connection& connection, const std::string& schema, const std::string& run,
                     History& history) {
  db::Result rows;
  try {
    rows = connection.query(
        fmt::format("SELECT step, status_before, status_after, reason, role, {} AS at "
                    "FROM {}.resolution WHERE run = $1 ORDER BY sequence",
                    utc("recorded_at"), schema),
        {run});
  } catch (const Error& error) {
    if (error.sqlstate() == "42P01") return;
    throw;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    history.resolutions.push_back({rows.text(i, "step"), rows.text(i, "status_before"),
                                   rows.text(i, "status_after"), rows.text(i, "reason"),
                                   rows.text(i, "role"), rows.text(i, "at")});
  }
}

}  // namespace

const SessionRow* History::session(std::int64_t epoch) const {
  const auto found = std::find_if(sessions.rbegin(), sessions.rend(),
                                  [&](const SessionRow& row) { return row.epoch == epoch; });
  return found == sessions.rend() ? nullptr : &*found;
}

History read_history(db::Connection& connection, const std::string& schema,
                     const std::string& run) {
  db::Pipeline pipeline{connection};
  pipeline.add({fmt::format("SELECT step, event, data::text AS data, {} AS at FROM {}.event "
                            "WHERE run = $1 AND event IN ('{}', '{}', '{}') ORDER BY sequence",
                            utc("recorded_at"), schema, session_event, failure_event, inputs_event),
                {run}});
  pipeline.add({fmt::format("SELECT step, outcome, sqlstate, message, ms, {} AS at FROM {}.attempt "
                            "WHERE run = $1 ORDER BY sequence",
                            utc("recorded_at"), schema),
                {run}});
  pipeline.add({fmt::format("SELECT source, {} AS at FROM {}.plan_text WHERE run = $1 "
                            "ORDER BY sequence DESC",
                            utc("recorded_at"), schema),
                {run}});
  const auto answers = pipeline.run();

  History history;
  add_events(answers[0].result, history);
  const db::Result& attempts = answers[1].result;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    history.attempts.push_back({attempts.text(i, "step"), attempts.text(i, "outcome"),
                                attempts.text(i, "sqlstate"), attempts.text(i, "message"),
                                attempts.text(i, "at"), attempts.integer(i, "ms")});
  }
  const db::Result& texts = answers[2].result;
  for (std::size_t i = 0; i < texts.size(); ++i)
    history.texts.push_back({texts.text(i, "source"), texts.text(i, "at")});
  add_resolutions(connection, schema, run, history);
  return history;
}

db::Command record_failure(const Journal& journal, const std::string& run, const std::string& step,
                           const Error& error) {
  json data{{"code", std::string{name_of(error.code())}}, {"message", storable(error.message())}};
  // Each text by itself: within JSON a secret with a quote in it would not be found.
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) data[key] = storable(value);
  };
  add("sqlstate", error.sqlstate());
  add("detail", error.detail());
  add("hint", error.hint());
  add("context", error.context());
  add("constraint", error.constraint());
  add("statement", error.statement());
  add("file", error.source().file);
  if (error.source().line > 0) data["line"] = error.source().line;
  if (error.position() > 0) data["position"] = error.position();
  return journal.record_event(run, step, failure_event,
                              data.dump(-1, ' ', false, json::error_handler_t::replace));
}

db::Command record_inputs_read(const Journal& journal, const std::string& run,
                               const std::string& step, bool by_rollback,
                               const std::set<std::string>& names) {
  const json data{{"by", by_rollback ? "rollback" : "run"}, {"names", names}};
  return journal.record_event(run, step, inputs_event, data.dump());
}

}  // namespace engine::journal
