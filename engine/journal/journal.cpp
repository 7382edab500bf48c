#include "journal/journal.h"

#include <array>
#include <regex>

#include "db/pipeline.h"
#include "journal/schema.h"

namespace engine::journal {
namespace {

/// What the server says before anything of the journal is read.
struct Facts {
  bool writable_server = true, standby = false;
  bool may_create = false;
  bool schema_there = false, owns_schema = false, schema_empty = true, may_create_in_schema = false;
  bool installed = false, readable = false, writable = false;
  std::string database, role, owner;
  Server server;
  std::optional<int> version;
};

// pg_walfile_name() tells the timeline of this moment; pg_control_checkpoint() that of the last
// checkpoint, which is all that a standby has.
constexpr const char* facts_sql =
    "SELECT pg_catalog.current_setting('transaction_read_only') = 'off' AS writable_server,"
    "       pg_catalog.pg_is_in_recovery() AS standby,"
    "       d.datname AS database, d.oid::bigint AS database_oid, current_user AS role,"
    "       pg_catalog.quote_ident(d.datname) AS database_quoted, "
    "pg_catalog.quote_ident(current_user) AS role_quoted,"
    "       pg_catalog.has_database_privilege(d.oid, 'CREATE') AS may_create,"
    "       n.oid IS NOT NULL AS schema_there,"
    "       COALESCE(pg_catalog.pg_has_role(n.nspowner, 'USAGE'), false) AS owns_schema,"
    "       COALESCE(pg_catalog.has_schema_privilege(n.oid, 'CREATE'), false) AS "
    "may_create_in_schema,"
    "       COALESCE(pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(n.nspowner)), '') AS owner,"
    "       NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c WHERE c.relnamespace = n.oid) AS "
    "schema_empty,"
    "       v.oid IS NOT NULL AND r.oid IS NOT NULL AS installed,"
    "       COALESCE(pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND "
    "pg_catalog.has_table_privilege(r.oid, 'SELECT')"
    "                AND pg_catalog.has_table_privilege(v.oid, 'SELECT'), false) AS readable,"
    "       COALESCE(pg_catalog.has_table_privilege(r.oid, 'INSERT') AND "
    "pg_catalog.has_table_privilege(r.oid, 'UPDATE'),"
    "                false) AS writable,"
    "       (SELECT system_identifier FROM pg_catalog.pg_control_system()) AS system_identifier,"
    "       CASE WHEN pg_catalog.pg_is_in_recovery() THEN (SELECT timeline_id FROM "
    "pg_catalog.pg_control_checkpoint())"
    "            ELSE ('x' || "
    "pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, "
    "8))::bit(32)::int"
    "       END AS timeline"
    "  FROM pg_catalog.pg_database AS d"
    "  LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = $1"
    "  LEFT JOIN pg_catalog.pg_class AS v ON v.relnamespace = n.oid AND v.relname = 'version'"
    "  LEFT JOIN pg_catalog.pg_class AS r ON r.relnamespace = n.oid AND r.relname = 'run'"
    " WHERE d.datname = pg_catalog.current_database()";

Facts facts_of(const db::Result& row) {
  Facts facts;
  facts.writable_server = row.boolean(0, "writable_server");
  facts.standby = row.boolean(0, "standby");
  facts.may_create = row.boolean(0, "may_create");
  facts.schema_there = row.boolean(0, "schema_there");
  facts.owns_schema = row.boolean(0, "owns_schema");
  facts.may_create_in_schema = row.boolean(0, "may_create_in_schema");
  facts.schema_empty = row.boolean(0, "schema_empty");
  facts.installed = row.boolean(0, "installed");
  facts.readable = row.boolean(0, "readable");
  facts.writable = row.boolean(0, "writable");
  facts.database = row.text(0, "database_quoted");
  facts.role = row.text(0, "role_quoted");
  facts.owner = row.text(0, "owner");
  facts.server = {row.text(0, "system_identifier"), row.integer(0, "timeline"),
                  row.integer(0, "database_oid")};
  return facts;
}

/// The facts and the version in one round trip: where there is no journal, the second statement
/// fails and the first has told.
Facts read_facts(db::Connection& connection, const std::string& schema) {
  Facts facts;
  bool told = false;
  db::Pipeline pipeline{connection};
  pipeline.add({facts_sql, {schema}});
  pipeline.add({fmt::format("SELECT max(version) AS version FROM {}.version", schema), {}});
  try {
    pipeline.run([&](std::size_t index, const db::Answer& answer) {
      if (index == 0) {
        facts = facts_of(answer.result);
        told = true;
      } else if (answer.result.at(0, "version")) {
        facts.version = static_cast<int>(answer.result.integer(0, "version"));
      }
    });
  } catch (const Error& error) {
    constexpr std::array absent{"3F000", "42P01", "42703",
                                "42501"};  // no schema, table, column or right
    if (!told || std::find(absent.begin(), absent.end(), error.sqlstate()) == absent.end()) throw;
  }
  return facts;
}

[[noreturn]] void refuse_access(const Facts& facts, const std::string& schema) {
  throw Error{Code::refused, "role {} may not use the journal in schema {}", facts.role, schema}
      .hint(fmt::format("As {}: GRANT USAGE ON SCHEMA {} TO {}; GRANT SELECT, INSERT, UPDATE ON "
                        "ALL TABLES IN SCHEMA {} TO {};",
                        facts.owner, schema, facts.role, schema, facts.role));
}

void refuse_newer(const Facts& facts, const std::string& schema) {
  if (facts.version && *facts.version > schema_version()) {
    throw Error{Code::refused,
                "the journal in schema {} has version {}, this engine knows up to {}", schema,
                *facts.version, schema_version()}
        .hint("Use the engine that wrote it, or a newer one.");
  }
}

void refuse_read_only(const Facts& facts) {
  if (facts.standby) {
    throw Error{Code::refused, "the server is a standby: it accepts no changes"}
        .sqlstate("25006")
        .hint("Give the primary's address, or both hosts with target_session_attrs=read-write.");
  }
  if (!facts.writable_server) {
    throw Error{Code::refused, "transactions on database {} are read only for role {}",
                facts.database, facts.role}
        .sqlstate("25006")
        .hint(fmt::format(
            "See default_transaction_read_only: ALTER ROLE {} RESET default_transaction_read_only;",
            facts.role));
  }
}

void refuse_creation(const Facts& facts, const std::string& schema) {
  if (facts.schema_there && !facts.schema_empty) {
    throw Error{Code::refused, "schema {} exists and is not a journal", schema}.hint(
        "Give the journal another schema in engine.toml: journal = \"engine_journal\".");
  }
  if (facts.schema_there && !facts.may_create_in_schema) {
    throw Error{Code::refused, "role {} may not create the journal's tables in schema {}",
                facts.role, schema}
        .hint(fmt::format("As {}: ALTER SCHEMA {} OWNER TO {};", facts.owner, schema, facts.role));
  }
  if (!facts.schema_there && !facts.may_create) {
    throw Error{Code::refused, "role {} may not create the journal's schema {} in database {}",
                facts.role, schema, facts.database}
        .sqlstate("42501")
        .hint(fmt::format("As its owner: GRANT CREATE ON DATABASE {} TO {}; or make it for the "
                          "role: CREATE SCHEMA {} "
                          "AUTHORIZATION {};",
                          facts.database, facts.role, schema, facts.role));
  }
}

void check_name(const std::string& schema) {
  // The name stands in scripts and messages: a plain one needs no quotes anywhere.
  static const std::regex plain{"[a-z_][a-z0-9_]{0,62}"};
  if (!std::regex_match(schema, plain) || schema.starts_with("pg_")) {
    throw Error{Code::usage, "\"{}\" cannot be the journal's schema", schema}.hint(
        "Use lower-case letters, digits and underscores, not starting with pg_.");
  }
}

constexpr const char* instant =
    "pg_catalog.to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

std::string runs_sql(const std::string& schema) {
  return fmt::format(
      "SELECT id, plan, plan_checksum, plan_source, status, epoch, {} AS started_at, COALESCE({}, "
      "'') AS finished_at, role,"
      " engine_version, host, inputs::text AS inputs, state::text AS state, system_identifier, "
      "timeline,"
      " database_oid::bigint AS database_oid FROM {}.run ",
      fmt::format(fmt::runtime(instant), "started_at"),
      fmt::format(fmt::runtime(instant), "finished_at"), schema);
}

RunRow run_of(const db::Result& rows, std::size_t i) {
  RunRow run;
  run.id = rows.text(i, "id");
  run.plan = rows.text(i, "plan");
  run.plan_checksum = rows.text(i, "plan_checksum");
  run.plan_source = rows.text(i, "plan_source");
  run.status = rows.text(i, "status");
  run.epoch = rows.integer(i, "epoch");
  run.started_at = rows.text(i, "started_at");
  run.finished_at = rows.text(i, "finished_at");
  run.role = rows.text(i, "role");
  run.engine_version = rows.text(i, "engine_version");
  run.host = rows.text(i, "host");
  run.inputs = rows.text(i, "inputs");
  run.state = rows.text(i, "state");
  run.server = {rows.text(i, "system_identifier"), rows.integer(i, "timeline"),
                rows.integer(i, "database_oid")};
  return run;
}

std::optional<RunRow> first_run(const db::Result& rows) {
  if (rows.empty()) return std::nullopt;
  return run_of(rows, 0);
}

std::string steps_sql(const std::string& schema) {
  return fmt::format(
      "SELECT run, step, title, position, status, checksum, {} AS finished_at, reason, rows, ms "
      "FROM {}.step ",
      fmt::format(fmt::runtime(instant), "recorded_at"), schema);
}

std::vector<StepRow> steps_of(const db::Result& rows) {
  std::vector<StepRow> steps;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StepRow& step = steps.emplace_back();
    step.run = rows.text(i, "run");
    step.step = rows.text(i, "step");
    step.title = rows.text(i, "title");
    step.position = rows.integer(i, "position");
    step.status = rows.text(i, "status");
    step.checksum = rows.text(i, "checksum");
    step.finished_at = rows.text(i, "finished_at");
    step.reason = rows.text(i, "reason");
    step.rows = rows.integer(i, "rows");
    step.ms = rows.integer(i, "ms");
  }
  return steps;
}

}  // namespace

int schema_version() { return static_cast<int>(upgrade_scripts().size()); }

Journal Journal::open(db::Connection& connection, std::string schema, bool read_only) {
  check_name(schema);
  Journal journal{connection, std::move(schema)};
  const Facts facts = read_facts(connection, journal.schema_);
  journal.server_ = facts.server;

  if (facts.installed && (!facts.readable || (!facts.writable && !read_only)))
    refuse_access(facts, journal.schema_);
  refuse_newer(facts, journal.schema_);
  journal.exists_ = facts.version.has_value();
  if (read_only) return journal;

  refuse_read_only(facts);
  if (facts.version == schema_version()) return journal;
  if (!facts.version) {
    refuse_creation(facts, journal.schema_);
  } else if (!facts.owns_schema) {
    throw Error{
        Code::refused,
        "the journal in schema {} has version {} and must be upgraded to {} by its owner {}",
        journal.schema_,
        *facts.version,
        schema_version(),
        facts.owner}
        .hint(fmt::format("Run engine once as {}, or GRANT {} TO {};", facts.owner, facts.owner,
                          facts.role));
  }
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
  const auto answers = pipeline.run();

  Loaded loaded;
  loaded.run = first_run(answers[0].result);
  loaded.steps = steps_of(answers[1].result);
  const db::Result& given = answers[2].result;
  for (std::size_t i = 0; i < given.size(); ++i) {
    loaded.answers.push_back(
        {given.text(i, "name"), given.text(i, "answer"), given.text(i, "source")});
  }
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

std::vector<RunRow> Journal::runs(int limit) const {
  std::vector<RunRow> found;
  if (!exists_) return found;
  const auto rows = connection_->query(
      runs_sql(schema_) + "ORDER BY sequence DESC LIMIT $1::bigint", {std::to_string(limit)});
  for (std::size_t i = 0; i < rows.size(); ++i) found.push_back(run_of(rows, i));
  return found;
}

std::vector<StepRow> Journal::steps(const std::string& run) const {
  if (!exists_) return {};
  return steps_of(
      connection_->query(steps_sql(schema_) + "WHERE run = $1 ORDER BY position, step", {run}));
}

std::vector<AttemptRow> Journal::attempts(const std::string& run) const {
  std::vector<AttemptRow> found;
  if (!exists_) return found;
  const auto rows =
      connection_->query(fmt::format("SELECT step, outcome, sqlstate, message, {} AS at, ms FROM "
                                     "{}.attempt WHERE run = $1 ORDER BY sequence",
                                     fmt::format(fmt::runtime(instant), "recorded_at"), schema_),
                         {run});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.push_back({rows.text(i, "step"), rows.text(i, "outcome"), rows.text(i, "sqlstate"),
                     rows.text(i, "message"), rows.text(i, "at"), rows.integer(i, "ms")});
  }
  return found;
}

}  // namespace engine::journal
