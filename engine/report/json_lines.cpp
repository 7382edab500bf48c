#include "report/json_lines.h"

#include <nlohmann/json.hpp>

#include "report/error_json.h"

namespace engine::report {
namespace {

using json = nlohmann::ordered_json;

std::string_view name_of(event::Mode mode) {
  switch (mode) {
    case event::Mode::run:
      return "run";
    case event::Mode::rollback:
      return "rollback";
    case event::Mode::verify:
      return "verify";
    case event::Mode::preview:
      return "preview";
    case event::Mode::task:
      return "task";
    case event::Mode::resolve:
      return "resolve";
  }
  return "";
}

json text(std::string_view raw) { return json_text(raw); }

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json error_object(const std::optional<Error>& error) {
  return error ? report::error_object(*error) : json(nullptr);
}

json fields(const event::RunStarted& started) {
  json steps = json::array();
  for (const event::PlannedStep& step : started.steps) {
    steps.push_back({{"id", text(step.id)},
                     {"title", text(step.title)},
                     {"phase", text(step.phase)},
                     {"status", name_of(step.status)}});
  }
  return {{"event", "run.started"},         {"version", 1},
          {"plan", text(started.plan)},     {"title", text(started.title)},
          {"target", text(started.target)}, {"mode", name_of(started.mode)},
          {"resumed", started.resumed},     {"steps", std::move(steps)}};
}

json fields(const event::PhaseStarted&) { return nullptr; }  // every step names its phase

json fields(const event::StepStarted& step) {
  return {{"event", "step.started"},
          {"step", text(step.step)},
          {"title", text(step.title)},
          {"phase", text(step.phase)},
          {"kind", text(step.kind)},
          {"number", step.number},
          {"of", step.of}};
}

json fields(const event::StepFinished& step) {
  return {{"event", "step.finished"},         {"step", text(step.step)},
          {"title", text(step.title)},        {"phase", text(step.phase)},
          {"status", name_of(step.status)},   {"ms", step.ms},
          {"rows", or_null(step.rows)},       {"reason", text(step.reason)},
          {"error", error_object(step.error)}};
}

json fields(const event::StatementDone& statement) {
  return {{"event", "statement"},
          {"step", text(statement.step)},
          {"file", text(statement.file)},
          {"line", statement.line},
          {"sql", text(statement.sql)},
          {"tag", text(statement.tag)},
          {"rows", or_null(statement.rows)},
          {"ms", statement.ms},
          {"taken_back", statement.taken_back}};
}

json fields(const event::Progress& progress) {
  return {{"event", "progress"},
          {"step", text(progress.step)},
          {"done", progress.done},
          {"total", progress.total},
          {"unit", text(progress.unit)},
          {"rate", progress.rate},
          {"eta_s", or_null(progress.eta_s)},
          {"throttled_by", text(progress.throttled_by)}};
}

json fields(const event::CheckDone& check) {
  return {{"event", "check"},
          {"step", text(check.step)},
          {"title", text(check.title)},
          {"name", text(check.name)},
          {"ok", check.ok},
          {"expected", text(check.expected)},
          {"actual", text(check.actual)},
          {"hint", text(check.hint)},
          {"file", text(check.at.file)},
          {"line", check.at.line},
          {"error", error_object(check.error)}};
}

json fields(const event::QuestionAnswered& question) {
  return {{"event", "question"},
          {"name", text(question.name)},
          {"text", text(question.text)},
          {"answer", question.secret ? json(nullptr) : text(question.answer)},
          {"source", text(question.source)}};
}

json fields(const event::NoticeSeen& notice) {
  return {{"event", "notice"},
          {"step", text(notice.step)},
          {"severity", text(notice.severity)},
          {"sqlstate", text(notice.sqlstate)},
          {"message", text(notice.message)}};
}

json fields(const event::Note& note) {
  return {{"event", "notice"},
          {"step", text(note.step)},
          {"severity", "note"},
          {"sqlstate", ""},
          {"message", text(note.text)}};
}

json fields(const event::TableShown& table) {
  json columns = json::array();
  for (const std::string& column : table.columns) columns.push_back(text(column));
  json rows = json::array();
  for (const auto& row : table.rows) {
    json cells = json::array();
    for (const auto& cell : row) cells.push_back(cell ? text(*cell) : json(nullptr));
    rows.push_back(std::move(cells));
  }
  return {{"event", "notice"},      {"step", text(table.step)},
          {"severity", "table"},    {"sqlstate", ""},
          {"message", ""},          {"columns", std::move(columns)},
          {"rows", std::move(rows)}};
}

json fields(const event::Retry& retry) {
  json blockers = json::array();
  for (const std::string& blocker : retry.blockers) blockers.push_back(text(blocker));
  return {
      {"event", "retry"},         {"step", text(retry.step)},   {"sqlstate", text(retry.sqlstate)},
      {"attempt", retry.attempt}, {"pause_ms", retry.pause_ms}, {"blockers", std::move(blockers)},
      {"lost", text(retry.lost)}};
}

json texts(const std::vector<std::string>& list) {
  json array = json::array();
  for (const std::string& one : list) array.push_back(text(one));
  return array;
}

json fields(const event::LockTaken& lock) {
  return {
      {"event", "lock"},         {"step", text(lock.step)},         {"file", text(lock.file)},
      {"line", lock.line},       {"relation", text(lock.relation)}, {"table", text(lock.table)},
      {"mode", text(lock.mode)}, {"held_ms", lock.held_ms},         {"transient", lock.transient},
      {"waited", lock.waited},   {"blocks", texts(lock.blocks)}};
}

/// The items of a list, each as an object.
template <typename Item, typename Make>
json objects(const std::vector<Item>& items, Make make) {
  json array = json::array();
  for (const Item& item : items) array.push_back(make(item));
  return array;
}

json fields(const event::StatementTraced& trace) {
  using Traced = event::StatementTraced;
  return {{"event", "trace"},
          {"step", text(trace.step)},
          {"file", text(trace.file)},
          {"line", trace.line},
          {"sql", text(trace.sql)},
          {"tag", text(trace.tag)},
          {"taken_back", trace.taken_back},
          {"transaction", trace.transaction},
          {"from_ms", trace.from_ms},
          {"ms", trace.ms},
          {"wal_bytes", trace.wal_bytes},
          {"temp_bytes", trace.temp_bytes},
          {"grown_bytes", trace.grown_bytes},
          {"rewrites",
           objects(trace.rewrites,
                   [](const Traced::Rewrite& one) {
                     return json{{"relation", text(one.relation)}, {"reason", text(one.reason)}};
                   })},
          {"scans", objects(trace.scans,
                            [](const Traced::Scan& one) {
                              return json{{"relation", text(one.relation)},
                                          {"why", text(one.why)},
                                          {"times", one.times},
                                          {"rows", one.rows}};
                            })},
          {"validated", texts(trace.validated)},
          {"proved", texts(trace.proved)},
          {"built", texts(trace.built)},
          {"commands", texts(trace.commands)},
          {"rows", objects(trace.rows,
                           [](const Traced::Rows& one) {
                             return json{{"relation", text(one.relation)},
                                         {"inserted", one.inserted},
                                         {"updated", one.updated},
                                         {"deleted", one.deleted}};
                           })},
          {"dropped", objects(trace.dropped,
                              [](const Traced::Dropped& one) {
                                return json{{"object", text(one.object)}, {"cascade", one.cascade}};
                              })},
          {"phases", objects(trace.phases,
                             [](const Traced::Phase& one) {
                               return json{{"name", text(one.name)}, {"ms", one.ms}};
                             })},
          {"notices", texts(trace.notices)}};
}

json fields(const event::Timeline& timeline) {
  return {{"event", "timeline"},
          {"step", text(timeline.step)},
          {"transaction", timeline.transaction},
          {"ms", timeline.ms},
          {"locks", objects(timeline.locks, [](const event::Timeline::Span& one) {
             return json{{"relation", text(one.relation)}, {"mode", text(one.mode)},
                         {"from_ms", one.from_ms},         {"until_ms", one.until_ms},
                         {"blocks", texts(one.blocks)},    {"line", one.line}};
           })}};
}

json fields(const event::Probed& probe) {
  return {{"event", "probe"},
          {"of", text(probe.of)},
          {"relation", text(probe.relation)},
          {"object", text(probe.object)},
          {"sql", text(probe.sql)},
          {"result", text(probe.result)},
          {"rows", probe.rows},
          {"more", probe.more},
          {"examples", texts(probe.examples)},
          {"reason", text(probe.reason)},
          {"ms", probe.ms}};
}

json fields(const event::Impact& impact) {
  return {{"event", "impact"},
          {"step", text(impact.step)},
          {"file", text(impact.file)},
          {"line", impact.line},
          {"sql", text(impact.sql)},
          {"relation", text(impact.relation)},
          {"work", text(impact.work)},
          {"low_ms", impact.low_ms},
          {"high_ms", impact.high_ms},
          {"wal_low", impact.wal_low},
          {"wal_high", impact.wal_high},
          {"disk_bytes", impact.disk_bytes},
          {"blocks", texts(impact.blocks)},
          {"waiting_low", impact.waiting_low},
          {"waiting_high", impact.waiting_high},
          {"basis", text(impact.basis)}};
}

json fields(const event::Finding& finding) {
  return {{"event", "finding"},
          {"rule", text(finding.rule)},
          {"severity", name_of(finding.severity)},
          {"evidence", name_of(finding.evidence)},
          {"step", text(finding.step)},
          {"file", text(finding.file)},
          {"line", finding.line},
          {"sql", text(finding.sql)},
          {"relation", text(finding.relation)},
          {"message", text(finding.message)},
          {"safer", text(finding.safer)},
          {"accepted", finding.accepted},
          {"reason", text(finding.reason)}};
}

json fields(const event::Difference& difference) {
  return {{"event", "difference"},
          {"kind", text(difference.kind)},
          {"object", text(difference.object)},
          {"mark", text(difference.mark)},
          {"role", text(difference.role)},
          {"privilege", text(difference.privilege)},
          {"before", text(difference.before)},
          {"after", text(difference.after)},
          {"words", texts(difference.words)}};
}

json fields(const event::Proof& proof) {
  return {{"event", "proof"},
          {"of", text(proof.of)},
          {"ok", proof.ok},
          {"choice", text(proof.choice)},
          {"kept", text(proof.kept)},
          {"sampled", proof.sampled},
          {"accepted", proof.accepted},
          {"reason", text(proof.reason)},
          {"lost", texts(proof.lost)}};
}

json fields(const event::Verdict& verdict) {
  json counts = json::object();
  for (const auto& [key, count] : verdict.counts) counts[key] = count;
  return {{"event", "verdict"},
          {"result", name_of(verdict.result)},
          {"why", texts(verdict.why)},
          {"counts", std::move(counts)}};
}

json fields(const event::RunFinished& finished) {
  json counts = json::object();
  for (const char* key :
       {"done", "skipped", "failed", "rolled_back", "waiting", "checks", "failed_checks"}) {
    const auto found = finished.counts.find(key);
    counts[key] = found == finished.counts.end() ? 0 : found->second;
  }
  return {{"event", "run.finished"},
          {"status", name_of(finished.status)},
          {"exit", finished.exit},
          {"counts", std::move(counts)},
          {"ms", finished.ms},
          {"next", text(finished.next)},
          {"undo", text(finished.undo)},
          {"support", text(finished.support)},
          {"error", error_object(finished.error)}};
}

}  // namespace

std::string json_line(const event::Event& event) {
  json object = std::visit([](const auto& body) { return fields(body); }, event.body);
  if (object.is_null()) return "";
  object["time"] = event.time;
  object["run"] = event.run.empty() ? json(nullptr) : json(event.run);
  return object.dump(-1, ' ', true, json::error_handler_t::replace);
}

void JsonLines::operator()(const event::Event& event) {
  const std::string line = json_line(event);
  if (!line.empty()) out_.write(line + "\n");
}

}  // namespace engine::report
