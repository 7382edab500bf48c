#include "journal/journal.h"

#include <nlohmann/json.hpp>

#include "db/pipeline.h"
#include "journal/event_names.h"
#include "journal/facts.h"
#include "journal/file_events.h"
#include "journal/instant.h"
#include "journal/schema.h"

namespace engine::journal {
namespace {

std::string runs_sql(const std::string& schema) {
  return fmt::format(
      "SELECT id, plan, plan_checksum, status, epoch, {} AS started_at, COALESCE({}, "
      "'') AS finished_at, role,"
      " engine_version, host, inputs::text AS inputs, state::text AS state, steps, "
      "CASE system_identifier WHEN 0 THEN '' ELSE system_identifier::text END AS "
      "system_identifier,"
      " database_oid::bigint AS database_oid, server_version, backend_pid,"
      " COALESCE(backend_start::text, '') AS backend_start FROM {}.run ",
      utc("started_at"), utc("finished_at"), schema);
}

RunRow run_of(const db::Result& rows, std::size_t i) {
  RunRow run;
  run.id = rows.text(i, "id");
  run.plan = rows.text(i, "plan");
  run.plan_checksum = rows.text(i, "plan_checksum");
  run.status = event::run_state(rows.text(i, "status"));
  run.epoch = rows.integer(i, "epoch");
  run.started_at = rows.text(i, "started_at");
  run.finished_at = rows.text(i, "finished_at");
  run.role = rows.text(i, "role");
  run.engine_version = rows.text(i, "engine_version");
  run.host = rows.text(i, "host");
  run.backend_pid = static_cast<int>(rows.integer(i, "backend_pid"));
  run.inputs = rows.text(i, "inputs");
  run.state = rows.text(i, "state");
  if (rows.at(i, "steps")) run.steps = rows.integer(i, "steps");
  run.server = {rows.text(i, "system_identifier"), rows.integer(i, "database_oid")};
  run.server_version = rows.text(i, "server_version");
  run.backend_start = rows.text(i, "backend_start");
  return run;
}

std::vector<RunRow> runs_of(const db::Result& rows) {
  std::vector<RunRow> runs;
  for (std::size_t i = 0; i < rows.size(); ++i) runs.push_back(run_of(rows, i));
  return runs;
}

std::optional<RunRow> first_run(const db::Result& rows) {
  if (rows.empty()) return std::nullopt;
  return run_of(rows, 0);
}

std::string steps_sql(const std::string& schema) {
  return fmt::format(
      "SELECT run, step, title, position, status, checksum, {} AS finished_at, reason, rows, ms "
      "FROM {}.step ",
      utc("recorded_at"), schema);
}

std::vector<StepRow> steps_of(const db::Result& rows) {
  std::vector<StepRow> steps;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StepRow& step = steps.emplace_back();
    step.run = rows.text(i, "run");
    step.step = rows.text(i, "step");
    step.title = rows.text(i, "title");
    step.position = rows.integer(i, "position");
    step.status = event::step_state(rows.text(i, "status"));
    step.checksum = rows.text(i, "checksum");
    step.finished_at = rows.text(i, "finished_at");
    step.reason = rows.text(i, "reason");
    step.rows = rows.integer(i, "rows");
    step.ms = rows.integer(i, "ms");
  }
  return steps;
}

std::string told_sql(const std::string& schema) {
  return fmt::format(
      "SELECT step, pg_catalog.jsonb_extract_path_text(data, 'name') AS name,"
      " pg_catalog.jsonb_extract_path_text(data, 'answer') AS answer,"
      " COALESCE(pg_catalog.jsonb_extract_path_text(data, 'in_rollback')::pg_catalog.bool, false)"
      " AS in_rollback FROM {}.event WHERE event = '{}' AND ",
      schema, told_event);
}

std::vector<ToldRow> told_of(const db::Result& rows) {
  std::vector<ToldRow> told;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    told.push_back({rows.text(i, "step"), rows.boolean(i, "in_rollback"), rows.text(i, "name"),
                    rows.text(i, "answer")});
  }
  return told;
}

/// `of`: the run's id, as SQL.
std::string files_sql(const std::string& schema, const std::string& of) {
  return fmt::format(
      "SELECT DISTINCT ON (step, data->>'path') step, data->>'path' AS path,"
      " data->>'digest' AS digest FROM {}.event WHERE run = {} AND event = '{}'"
      " ORDER BY step, data->>'path', sequence DESC",
      schema, of, file_event);
}

std::vector<FileRow> files_of(const db::Result& rows) {
  std::vector<FileRow> files;
  for (std::size_t i = 0; i < rows.size(); ++i)
    files.push_back({rows.text(i, "step"), rows.text(i, "path"), rows.text(i, "digest")});
  return files;
}

}  // namespace

int schema_version() { return newest_schema(); }

Journal Journal::open(db::Connection& connection, std::string schema, bool read_only) {
  check_schema_name(schema);
  Journal journal{connection, std::move(schema)};
  const Facts facts = read_facts(connection, journal.schema_);
  journal.server_ = facts.server;
  check_access(facts, journal.schema_, read_only);
  journal.exists_ = facts.version.has_value();
  if (read_only) return journal;

  check_writable(facts);
  check_search_path(facts, journal.schema_);
  if (facts.version == schema_version()) return journal;
  check_installation(facts, journal.schema_);
  install(connection, journal.schema_, schema_version());
  journal.exists_ = true;
  return journal;
}

Loaded Journal::load(const std::string& plan) const {
  if (!exists_) return {};
  const std::string latest_id = fmt::format(
      "(SELECT id FROM {}.run WHERE plan = $1 ORDER BY sequence DESC LIMIT 1)", schema_);
  db::Pipeline pipeline{*connection_};
  pipeline.add({runs_sql(schema_) + "WHERE id = " + latest_id, {plan}});
  pipeline.add(
      {steps_sql(schema_) + "WHERE run = " + latest_id + " ORDER BY position, step", {plan}});
  pipeline.add(
      {fmt::format("SELECT name, answer, source FROM {}.answer WHERE run = {} ORDER BY name",
                   schema_, latest_id),
       {plan}});
  pipeline.add({told_sql(schema_) + "run = " + latest_id + " ORDER BY sequence", {plan}});
  pipeline.add({files_sql(schema_, latest_id), {plan}});
  const auto answers = pipeline.run();

  Loaded loaded;
  loaded.run = first_run(answers[0].result);
  loaded.steps = steps_of(answers[1].result);
  const db::Result& given = answers[2].result;
  for (std::size_t i = 0; i < given.size(); ++i) {
    loaded.answers.push_back(
        {given.text(i, "name"), given.text(i, "answer"), given.text(i, "source")});
  }
  loaded.told = told_of(answers[3].result);
  loaded.files = files_of(answers[4].result);
  return loaded;
}

std::optional<RunRow> Journal::latest(const std::string& plan) const {
  if (!exists_) return std::nullopt;
  return first_run(connection_->query(
      runs_sql(schema_) + "WHERE plan = $1 ORDER BY sequence DESC LIMIT 1", {plan}));
}

std::optional<RunRow> Journal::run(const std::string& id) const {
  if (!exists_) return std::nullopt;
  return first_run(connection_->query(runs_sql(schema_) + "WHERE id = $1", {id}));
}

std::optional<std::string> Journal::catalog_at_start(const std::string& run) const {
  if (!exists_) return std::nullopt;
  const db::Result found = connection_->query(
      fmt::format(
          "SELECT data::text AS data FROM {}.event WHERE run = $1 AND event = '{}' ORDER BY "
          "sequence DESC LIMIT 1",
          schema_, catalog_event),
      {run});
  if (found.empty()) return std::nullopt;
  return found.text(0, "data");
}

std::optional<RunRow> Journal::unfinished() const {
  if (!exists_) return std::nullopt;
  // A task's run is named PLAN:TASK, and no plan's id has a colon.
  return first_run(connection_->query(
      runs_sql(schema_) +
      "WHERE status NOT IN ('done', 'rolled_back') AND pg_catalog.strpos(plan, ':') = 0"
      " ORDER BY sequence DESC LIMIT 1"));
}

std::optional<RunRow> Journal::ended_since(const std::string& instant) const {
  if (!exists_) return std::nullopt;
  return first_run(connection_->query(
      runs_sql(schema_) + "WHERE finished_at >= $1::timestamptz ORDER BY finished_at DESC LIMIT 1",
      {instant}));
}

std::vector<RunRow> Journal::runs(int limit) const {
  if (!exists_) return {};
  return runs_of(connection_->query(runs_sql(schema_) + "ORDER BY sequence DESC LIMIT $1::bigint",
                                    {std::to_string(limit)}));
}

std::vector<RunRow> Journal::runs_from(const std::string& prefix) const {
  if (!exists_) return {};
  return runs_of(connection_->query(
      runs_sql(schema_) + "WHERE pg_catalog.starts_with(id, $1) ORDER BY sequence DESC", {prefix}));
}

std::vector<RunRow> Journal::latest_runs() const {
  if (!exists_) return {};
  return runs_of(connection_->query(
      runs_sql(schema_) +
      fmt::format("WHERE sequence IN (SELECT pg_catalog.max(sequence) FROM {}.run"
                  " WHERE pg_catalog.strpos(plan, ':') = 0 GROUP BY plan) ORDER BY plan",
                  schema_)));
}

std::vector<StepRow> Journal::steps(const std::string& run) const {
  if (!exists_) return {};
  return steps_of(
      connection_->query(steps_sql(schema_) + "WHERE run = $1 ORDER BY position, step", {run}));
}

std::vector<ToldRow> Journal::told(const std::string& run) const {
  if (!exists_) return {};
  return told_of(connection_->query(told_sql(schema_) + "run = $1 ORDER BY sequence", {run}));
}

std::vector<PlanText> Journal::plan_texts(const std::string& run) const {
  std::vector<PlanText> texts;
  if (!exists_) return texts;
  const auto rows = connection_->query(
      fmt::format("SELECT t.source, (SELECT (e.data->'files')::text FROM {0}.event AS e"
                  " WHERE e.run = t.run AND e.event = '{1}' AND e.data->>'checksum' = t.checksum"
                  " ORDER BY e.sequence DESC LIMIT 1) AS files,"
                  " (SELECT pg_catalog.json_object_agg(e.data->>'path', e.data->>'text'"
                  " ORDER BY e.sequence)::text FROM {0}.event AS e"
                  " WHERE e.run = t.run AND e.event = '{2}') AS late"
                  " FROM {0}.plan_text AS t WHERE t.run = $1 ORDER BY t.sequence DESC",
                  schema_, files_event, file_event),
      {run});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    PlanText& text = texts.emplace_back(PlanText{rows.text(i, "source"), std::nullopt});
    if (!rows.at(i, "files")) continue;
    text.files.emplace();
    for (const char* column : {"late", "files"}) {
      if (!rows.at(i, column)) continue;
      const auto kept = nlohmann::json::parse(rows.text(i, column)).get<Files>();
      for (const auto& [path, content] : kept) (*text.files)[path] = content;
    }
  }
  return texts;
}

std::vector<FileRow> Journal::files(const std::string& run) const {
  if (!exists_) return {};
  return files_of(connection_->query(files_sql(schema_, "$1"), {run}));
}

bool Journal::has_written(const std::string& run, const std::string& write) const {
  return !connection_
              ->query(fmt::format("SELECT FROM {}.run WHERE id = $1 AND last_write = $2", schema_),
                      {run, write})
              .empty();
}

bool Journal::has_retaken(const std::string& run, std::int64_t held) const {
  return has_event(run, retaken_event, fmt::format(R"({{"from": {}}})", held));
}

bool Journal::has_event(const std::string& run, const std::string& what,
                        const std::string& json) const {
  return !connection_
              ->query(fmt::format("SELECT FROM {}.event WHERE run = $1 AND event = $2 AND data = "
                                  "$3::jsonb LIMIT 1",
                                  schema_),
                      {run, what, json})
              .empty();
}

std::vector<EventRow> Journal::step_events(const std::string& run, const std::string& step) const {
  std::vector<EventRow> events;
  const auto rows = connection_->query(
      fmt::format("SELECT event, data::text AS data FROM {}.event WHERE run = $1 AND step = $2 "
                  "ORDER BY sequence",
                  schema_),
      {run, step});
  for (std::size_t i = 0; i < rows.size(); ++i)
    events.push_back({rows.text(i, "event"), rows.text(i, "data")});
  return events;
}

}  // namespace engine::journal
