#include "journal/facts.h"

#include <algorithm>
#include <array>
#include <regex>

#include "base/text.h"
#include "db/pipeline.h"
#include "journal/journal.h"

namespace engine::journal {
namespace {

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
    "       COALESCE($1 = ANY (pg_catalog.current_setting('engine.schemas', true)::name[]), false)"
    "       OR COALESCE(current_user = $1 AND"
    "         pg_catalog.strpos(pg_catalog.current_setting('engine.search_path', true), '$user') > "
    "0,"
    "         false) AS in_search_path,"
    "       v.oid IS NOT NULL AND r.oid IS NOT NULL AS installed,"
    "       COALESCE(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false) AS may_use,"
    "       COALESCE(t.selectable, false) AS may_select, COALESCE(t.insertable, false) AS "
    "may_insert,"
    "       COALESCE(t.updatable, false) AS may_update,"
    "       {} AS system_identifier"
    "  FROM pg_catalog.pg_database AS d"
    "  LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = $1"
    "  LEFT JOIN pg_catalog.pg_class AS v ON v.relnamespace = n.oid AND v.relname = 'version'"
    "  LEFT JOIN pg_catalog.pg_class AS r ON r.relnamespace = n.oid AND r.relname = 'run'"
    // What the engine does there: it reads all, adds to all but the versions, and changes some.
    "  LEFT JOIN LATERAL"
    "       (SELECT pg_catalog.bool_and(pg_catalog.has_table_privilege(c.oid, 'SELECT')) AS "
    "selectable,"
    "               pg_catalog.bool_and(c.relname = 'version' OR "
    "pg_catalog.has_table_privilege(c.oid, "
    "'INSERT')) AS insertable,"
    "               pg_catalog.bool_and(c.relname NOT IN ('run', 'step', 'answer', 'snapshot') OR "
    "pg_catalog.has_table_privilege(c.oid, 'UPDATE')) AS updatable"
    "          FROM pg_catalog.pg_class AS c WHERE c.relnamespace = n.oid AND c.relkind = 'r'"
    "           AND c.relname IN ('version', 'run', 'plan_text', 'step', 'attempt', 'check', "
    "'answer', "
    "'snapshot', 'event', 'resolution')) AS t ON true"
    " WHERE d.datname = pg_catalog.current_database()";

constexpr const char* identifier = "(SELECT system_identifier FROM pg_catalog.pg_control_system())";
constexpr const char* no_identifier = "''";

Facts facts_of(const db::Result& row) {
  Facts facts;
  facts.writable_server = row.boolean(0, "writable_server");
  facts.standby = row.boolean(0, "standby");
  facts.may_create = row.boolean(0, "may_create");
  facts.schema_there = row.boolean(0, "schema_there");
  facts.owns_schema = row.boolean(0, "owns_schema");
  facts.may_create_in_schema = row.boolean(0, "may_create_in_schema");
  facts.schema_empty = row.boolean(0, "schema_empty");
  facts.in_search_path = row.boolean(0, "in_search_path");
  facts.installed = row.boolean(0, "installed");
  facts.may_use = row.boolean(0, "may_use");
  facts.may_select = row.boolean(0, "may_select");
  facts.may_insert = row.boolean(0, "may_insert");
  facts.may_update = row.boolean(0, "may_update");
  facts.database = row.text(0, "database_quoted");
  facts.role = row.text(0, "role_quoted");
  facts.owner = row.text(0, "owner");
  facts.server = {row.text(0, "system_identifier"), row.integer(0, "database_oid")};
  return facts;
}

/// The grants that are missing, each as its owner types it.
std::vector<std::string> missing_grants(const Facts& facts, const std::string& schema,
                                        bool read_only) {
  std::vector<std::string> grants;
  if (!facts.may_use)
    grants.push_back(fmt::format("GRANT USAGE ON SCHEMA {} TO {};", schema, facts.role));
  std::vector<std::string> rights;
  if (!facts.may_select) rights.emplace_back("SELECT");
  if (!facts.may_insert && !read_only) rights.emplace_back("INSERT");
  if (!facts.may_update && !read_only) rights.emplace_back("UPDATE");
  if (!rights.empty()) {
    grants.push_back(fmt::format("GRANT {} ON ALL TABLES IN SCHEMA {} TO {};",
                                 text::joined(rights, ", "), schema, facts.role));
  }
  return grants;
}

void refuse_newer(const Facts& facts, const std::string& schema) {
  if (facts.version && *facts.version > schema_version()) {
    throw Error{
        Code::refused,
        "the journal in schema {} has version {}, but this engine supports versions up to {}",
        schema, *facts.version, schema_version()}
        .hint("Use the engine version that wrote the journal, or a newer one.");
  }
}

void refuse_creation(const Facts& facts, const std::string& schema) {
  if (facts.schema_there && !facts.schema_empty) {
    throw Error{Code::refused, "schema {} exists, but is not a journal", schema}.hint(
        "Give the journal another schema in engine.toml: journal_schema = \"engine_journal\".");
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
        .hint(fmt::format("As its owner: GRANT CREATE ON DATABASE {} TO {}; or create it for the "
                          "role: CREATE SCHEMA {} "
                          "AUTHORIZATION {};",
                          facts.database, facts.role, schema, facts.role));
  }
}

/// Nothing where the role may not execute pg_control_system().
std::optional<Facts> ask(db::Connection& connection, const std::string& schema,
                         const char* identifier_sql) {
  // Where there is no journal, the second statement fails and the first one is answered.
  std::optional<Facts> facts;
  db::Pipeline pipeline{connection};
  pipeline.add({fmt::format(fmt::runtime(facts_sql), identifier_sql), {schema}});
  pipeline.add({fmt::format("SELECT max(version) AS version FROM {}.version", schema), {}});
  try {
    pipeline.run([&](std::size_t index, const db::Answer& answer) {
      if (index == 0) {
        facts = facts_of(answer.result);
      } else if (answer.result.at(0, "version")) {
        facts->version = static_cast<int>(answer.result.integer(0, "version"));
      }
    });
  } catch (const Error& error) {
    constexpr std::array absent{"3F000", "42P01", "42703"};  // no schema, table, column
    if (error.sqlstate() == "42501") return facts;
    if (!facts || std::find(absent.begin(), absent.end(), error.sqlstate()) == absent.end()) throw;
  }
  return facts;
}

}  // namespace

Facts read_facts(db::Connection& connection, const std::string& schema) {
  if (const auto facts = ask(connection, schema, identifier)) return *facts;
  return ask(connection, schema, no_identifier).value();
}

void check_schema_name(const std::string& schema) {
  static const std::regex plain{"[a-z_][a-z0-9_]{0,62}"};
  if (schema.size() > 63 || !std::regex_match(schema, plain) || schema.starts_with("pg_")) {
    throw Error{Code::usage, "\"{}\" cannot be the journal's schema", schema}.hint(
        "Use lower-case letters, digits and underscores, not starting with pg_.");
  }
}

void check_access(const Facts& facts, const std::string& schema, bool read_only) {
  if (facts.installed) {
    const std::vector<std::string> grants = missing_grants(facts, schema, read_only);
    if (!grants.empty()) {
      throw Error{Code::refused, "role {} may not {} the journal in schema {}", facts.role,
                  read_only ? "read" : "use", schema}
          .sqlstate("42501")
          .hint(fmt::format("As {}: {}", facts.owner, text::joined(grants, " ")));
    }
  }
  refuse_newer(facts, schema);
}

void check_writable(const Facts& facts) {
  if (facts.standby) {
    throw Error{Code::refused, "the server is a standby: it accepts no changes"}
        .sqlstate("25006")
        .hint("Connect to the primary, or give both hosts with target_session_attrs=read-write.");
  }
  if (!facts.writable_server) {
    throw Error{Code::refused, "transactions on database {} are read only for role {}",
                facts.database, facts.role}
        .sqlstate("25006")
        .hint(fmt::format("default_transaction_read_only is set for the role, the database or the "
                          "server. One of: ALTER ROLE {0} RESET default_transaction_read_only; "
                          "ALTER DATABASE {1} RESET default_transaction_read_only;",
                          facts.role, facts.database));
  }
}

void check_search_path(const Facts& facts, const std::string& schema) {
  if (!facts.in_search_path) return;
  throw Error{Code::refused,
              "the journal's schema {} is in the search_path of role {}: the plan would create its "
              "objects there",
              schema, facts.role}
      .hint(fmt::format("Give the journal another schema in engine.toml (journal = "
                        "\"engine_journal\"), or: ALTER ROLE {} SET search_path = public;",
                        facts.role));
}

void check_installation(const Facts& facts, const std::string& schema) {
  if (!facts.version) {
    refuse_creation(facts, schema);
  } else if (!facts.owns_schema) {
    throw Error{
        Code::refused,
        "the journal in schema {} has version {} and must be upgraded to {} by its owner {}",
        schema,
        *facts.version,
        schema_version(),
        facts.owner}
        .hint(fmt::format("Run engine once as {}, or GRANT {} TO {};", facts.owner, facts.owner,
                          facts.role));
  }
}

}  // namespace engine::journal
