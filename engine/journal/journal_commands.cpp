// The commands that write. Each is one statement, so that it can travel with the work it records.
#include <nlohmann/json.hpp>

#include "journal/engine_process.h"
#include "journal/event_names.h"
#include "journal/file_events.h"
#include "journal/journal.h"
#include "journal/storable.h"

namespace engine::journal {
namespace {

using nlohmann::json;

// Who works on the run, and where: the same for a new run and for one taken over. $1 is the run's
// id, $2 the host.
constexpr const char* session_columns =
    "role, host, engine_version, backend_pid, backend_start, server_version, system_identifier, "
    "database_oid";
std::string session_values(const Server& server) {
  // Known means that the role may execute the function; in SQL a right cannot be asked for first.
  const char* identifier =
      server.system_identifier.empty()
          ? "0"
          : "(SELECT s.system_identifier FROM pg_catalog.pg_control_system() AS s)";
  return fmt::format(
      "current_user, $2::text, $3::text, pg_catalog.pg_backend_pid(),"
      " (SELECT a.backend_start FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = "
      "pg_catalog.pg_backend_pid()),"
      " pg_catalog.current_setting('server_version'), {},"
      " (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = "
      "pg_catalog.current_database())",
      identifier);
}

// Beside the epoch: which process of whom works on the run from then on.
std::string who(const EngineProcess& process) {
  return json{{"host", process.host},
              {"user", process.user},
              {"process", process.pid},
              {"process_started", process.started}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

// A statement's part that keeps this; `run` names its part with the run's id and epoch.
std::string session_sql(const std::string& schema, const char* run, const char* parameter) {
  return fmt::format(
      "INSERT INTO {}.event (run, step, event, data) SELECT id, '', '{}', pg_catalog.jsonb_set("
      "{}::jsonb, '{{epoch}}', pg_catalog.to_jsonb(epoch)) FROM {}",
      schema, session_event, parameter, run);
}

// Others see in pg_stat_activity which run a session works on.
constexpr const char* session_name =
    "pg_catalog.set_config('application_name', 'engine/' || id || '/' || epoch, false)";

// The data of a files event.
db::Param files_of(const std::string& checksum, const std::optional<Files>& files) {
  if (!files) return std::nullopt;
  const json data{{"checksum", checksum}, {"files", *files}};
  return storable(data.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

db::Command Journal::begin_run(const RunRow& run, const std::string& source,
                               const std::string& catalog,
                               const std::optional<Files>& files) const {
  const EngineProcess process = this_process();
  return {
      fmt::format(
          "WITH begun AS (INSERT INTO {0}.run (id, {1}, plan, plan_checksum, status, inputs, "
          "state, steps)"
          " VALUES (COALESCE(NULLIF($1, ''), pg_catalog.to_char(pg_catalog.clock_timestamp() AT "
          "TIME ZONE 'UTC',"
          " 'YYYYMMDD-HH24MISS') || '-' || pg_catalog.left(pg_catalog.gen_random_uuid()::text, 4)),"
          " {2}, $4, $5, $7, $8::jsonb, $9::jsonb, $10) RETURNING id, epoch, started_at),"
          " kept AS (INSERT INTO {0}.plan_text (run, checksum, source) SELECT id, $5, $6 FROM "
          "begun),"
          " seen AS (INSERT INTO {0}.event (run, step, event, data) SELECT id, '', '{4}', "
          "$11::jsonb "
          "FROM begun WHERE $11::text IS NOT NULL), told AS ({5}),"
          " had AS (INSERT INTO {0}.event (run, step, event, data) SELECT id, '', '{6}', "
          "$13::jsonb FROM begun WHERE $13::text IS NOT NULL)"
          " SELECT id, epoch, started_at, {3} AS application_name FROM begun",
          schema_, session_columns, session_values(server_), session_name, catalog_event,
          session_sql(schema_, "begun", "$12"), files_event),
      {run.id, process.host, ENGINE_VERSION, run.plan, run.plan_checksum, storable(source),
       std::string{name_of(run.status)}, unsecret(run.inputs, "inputs"),
       unsecret(run.state, "state"),
       run.steps ? db::Param{std::to_string(*run.steps)} : std::nullopt,
       catalog.empty() ? db::Param{} : db::Param{catalog}, who(process),
       files_of(run.plan_checksum, files)}};
}

db::Command Journal::take_epoch(const std::string& run, std::optional<std::int64_t> held) const {
  const EngineProcess process = this_process();
  return {fmt::format("WITH taken AS (UPDATE {0}.run SET epoch = epoch + 1, ({1}) = ROW ({2})"
                      " WHERE id = $1 AND epoch = COALESCE($4::pg_catalog.int8, epoch)"
                      " RETURNING id, epoch),"
                      " noted AS (INSERT INTO {0}.event (run, step, event, data)"
                      " SELECT id, '', '{4}', pg_catalog.jsonb_build_object('from', "
                      "$4::pg_catalog.int8)"
                      " FROM taken WHERE $4 IS NOT NULL),"
                      " told AS ({5})"
                      " SELECT epoch, {3} AS application_name FROM taken",
                      schema_, session_columns, session_values(server_), session_name,
                      retaken_event, session_sql(schema_, "taken", "$5")),
          {run, process.host, ENGINE_VERSION,
           held ? db::Param{std::to_string(*held)} : std::nullopt, who(process)}};
}

db::Command Journal::check_epoch(const std::string& run, std::int64_t epoch) const {
  return {fmt::format("SELECT epoch FROM {}.run WHERE id = $1 AND epoch = $2 FOR SHARE", schema_),
          {run, std::to_string(epoch)}};
}

db::Command Journal::record_step(const StepRow& step) const {
  return {fmt::format(
              "INSERT INTO {}.step (run, step, title, position, status, checksum, reason, rows, ms)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
              " ON CONFLICT (run, step) DO UPDATE SET title = excluded.title, position = "
              "excluded.position,"
              " status = excluded.status, checksum = excluded.checksum, reason = excluded.reason,"
              " rows = excluded.rows, ms = excluded.ms, recorded_at = pg_catalog.clock_timestamp()"
              // Told again after a lost answer: it stays as it was told first.
              " WHERE NOT (step.status = 'rolled_back' AND excluded.status = 'rolled_back')",
              schema_),
          {step.run, step.step, step.title, std::to_string(step.position),
           std::string{name_of(step.status)}, step.checksum, storable(step.reason),
           std::to_string(step.rows), std::to_string(step.ms)}};
}

db::Command Journal::record_attempt(const StepRow& step, const std::string& outcome,
                                    const std::string& sqlstate, const std::string& message) const {
  return {fmt::format("INSERT INTO {}.attempt (run, step, outcome, sqlstate, message, ms) VALUES "
                      "($1, $2, $3, $4, $5, $6)",
                      schema_),
          {step.run, step.step, outcome, sqlstate, storable(message), std::to_string(step.ms)}};
}

db::Command Journal::record_checks(const std::string& run,
                                   const std::vector<CheckRow>& checks) const {
  json rows = json::array();
  for (const CheckRow& check : checks) {
    rows.push_back({{"step", check.step},
                    {"title", check.title},
                    {"name", storable(check.name)},
                    {"ok", check.ok},
                    {"expected", storable(check.expected)},
                    {"actual", storable(check.actual)}});
  }
  return {fmt::format(
              "INSERT INTO {}.check (run, step, title, name, ok, expected, actual)"
              " SELECT $1::text, c.step, c.title, c.name, c.ok, c.expected, c.actual FROM "
              "pg_catalog.json_to_recordset($2::json)"
              " AS c (step text, title text, name text, ok boolean, expected text, actual text)",
              schema_),
          {run, rows.dump(-1, ' ', false, json::error_handler_t::replace)}};
}

db::Command Journal::record_answer(const std::string& run, const std::string& name,
                                   const std::string& answer, const std::string& source) const {
  return {fmt::format("INSERT INTO {}.answer (run, name, answer, source) VALUES ($1, $2, $3, $4)"
                      " ON CONFLICT (run, name) DO UPDATE SET answer = excluded.answer, source = "
                      "excluded.source,"
                      " recorded_at = pg_catalog.clock_timestamp()",
                      schema_),
          {run, name, storable(answer), source}};
}

db::Command Journal::record_told(const std::string& run, const ToldRow& told) const {
  const json data{
      {"name", told.name}, {"answer", storable(told.answer)}, {"in_rollback", told.in_rollback}};
  return record_event(run, told.step, told_event,
                      data.dump(-1, ' ', false, json::error_handler_t::replace));
}

db::Command Journal::record_state(const std::string& run, const std::string& state) const {
  return {fmt::format("UPDATE {}.run SET state = $2::jsonb WHERE id = $1", schema_),
          {run, unsecret(state, "state")}};
}

db::Command Journal::record_inputs(const std::string& run, const std::string& inputs) const {
  return {fmt::format("UPDATE {}.run SET inputs = $2::jsonb WHERE id = $1", schema_),
          {run, unsecret(inputs, "inputs")}};
}

db::Command Journal::record_event(const std::string& run, const std::string& step,
                                  const std::string& what, const std::string& data) const {
  return record_facts(run, step, what, data.empty() ? "{}" : storable(data));
}

db::Command Journal::record_facts(const std::string& run, const std::string& step,
                                  const std::string& what, const std::string& data) const {
  return {fmt::format("INSERT INTO {}.event (run, step, event, data) VALUES (NULLIF($1, ''), $2, "
                      "$3, $4::jsonb)",
                      schema_),
          {run, step, what, data}};
}

db::Command Journal::record_catalog(const std::string& run, const std::string& catalog) const {
  return record_event(run, "", catalog_event, catalog);
}

db::Command Journal::record_resolution(const StepRow& step) const {
  return {fmt::format(
              "WITH resolved AS (INSERT INTO {0}.resolution (run, step, status_before, "
              "status_after, reason)"
              " VALUES ($1, $2, COALESCE((SELECT s.status FROM {0}.step AS s WHERE s.run = $1 AND "
              "s.step = $2), ''),"
              " $5, $7) RETURNING run, step)"
              " INSERT INTO {0}.step (run, step, title, position, status, checksum, reason)"
              " SELECT run, step, $3::text, $4::bigint, $5::text, $6::text, $7::text FROM resolved"
              " ON CONFLICT (run, step) DO UPDATE SET status = excluded.status, checksum = "
              "excluded.checksum,"
              " reason = excluded.reason, recorded_at = pg_catalog.clock_timestamp()",
              schema_),
          {step.run, step.step, step.title, std::to_string(step.position),
           std::string{name_of(step.status)}, step.checksum, storable(step.reason)}};
}

db::Command Journal::record_plan(const std::string& run, const std::string& checksum,
                                 const std::string& source, std::int64_t steps,
                                 const std::optional<Files>& files) const {
  return {fmt::format(
              "WITH kept AS (INSERT INTO {0}.plan_text (run, checksum, source) VALUES ($1, $2, "
              "$3) ON CONFLICT (run, checksum) DO NOTHING),"
              " had AS (INSERT INTO {0}.event (run, step, event, data) SELECT $1::text, '', '{1}', "
              "$5::jsonb WHERE $5::text IS NOT NULL)"
              " UPDATE {0}.run SET plan_checksum = $2, steps = $4 WHERE id = $1",
              schema_, files_event),
          {run, checksum, storable(source), std::to_string(steps), files_of(checksum, files)}};
}

db::Command Journal::record_file(const std::string& run, const FileRow& file,
                                 const std::string& text) const {
  const json data{{"path", file.path}, {"digest", file.digest}, {"text", text}};
  return record_event(run, file.step, file_event,
                      data.dump(-1, ' ', false, json::error_handler_t::replace));
}

db::Command Journal::name_write(const std::string& run, const std::string& write) const {
  return {fmt::format("UPDATE {}.run SET last_write = $2 WHERE id = $1", schema_), {run, write}};
}

db::Command Journal::finish_run(const std::string& run, event::RunState status) const {
  return {fmt::format("UPDATE {}.run SET status = $2, finished_at = CASE WHEN $2 IN ('running', "
                      "'rolling_back') THEN NULL"
                      " ELSE pg_catalog.clock_timestamp() END WHERE id = $1",
                      schema_),
          {run, std::string{name_of(status)}}};
}

}  // namespace engine::journal
