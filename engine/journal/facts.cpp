#include "journal/facts.h"

#include <algorithm>
#include <array>
#include <regex>

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
    "       $1 = ANY (pg_catalog.current_schemas(false)) OR (current_user = $1 AND "
    "pg_catalog.strpos(pg_catalog.current_setting('search_path'), '$user') > 0) AS in_search_path,"
    "       v.oid IS NOT NULL AND r.oid IS NOT NULL AS installed,"
    "       COALESCE(pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND "
    "pg_catalog.has_table_privilege(r.oid, 'SELECT')"
    "                AND pg_catalog.has_table_privilege(v.oid, 'SELECT'), false) AS readable,"
    "       COALESCE(pg_catalog.has_table_privilege(r.oid, 'INSERT') AND "
    "pg_catalog.has_table_privilege(r.oid, 'UPDATE'),"
    "                false) AS writable,"
    "       (SELECT system_identifier FROM pg_catalog.pg_control_system()) AS system_identifier"
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
  facts.in_search_path = row.boolean(0, "in_search_path");
  facts.installed = row.boolean(0, "installed");
  facts.readable = row.boolean(0, "readable");
  facts.writable = row.boolean(0, "writable");
  facts.database = row.text(0, "database_quoted");
  facts.role = row.text(0, "role_quoted");
  facts.owner = row.text(0, "owner");
  facts.server = {row.text(0, "system_identifier"), row.integer(0, "database_oid")};
  return facts;
}

[[noreturn]] void refuse_access(const Facts& facts, const std::string& schema, bool read_only) {
  throw Error{Code::refused, "role {} may not {} the journal in schema {}", facts.role,
              read_only ? "read" : "use", schema}
      .sqlstate("42501")
      .hint(fmt::format("As {0}: GRANT USAGE ON SCHEMA {1} TO {2}; GRANT {3} ON ALL TABLES IN "
                        "SCHEMA {1} TO {2};{4}",
                        facts.owner, schema, facts.role,
                        read_only ? "SELECT" : "SELECT, INSERT, UPDATE",
                        read_only ? " What runs plans needs INSERT and UPDATE, too." : ""));
}

void refuse_newer(const Facts& facts, const std::string& schema) {
  if (facts.version && *facts.version > schema_version()) {
    throw Error{Code::refused,
                "the journal in schema {} has version {}, this engine knows up to {}", schema,
                *facts.version, schema_version()}
        .hint("Use the engine that wrote it, or a newer one.");
  }
}

void refuse_creation(const Facts& facts, const std::string& schema) {
  if (facts.schema_there && !facts.schema_empty) {
    throw Error{Code::refused, "schema {} exists and is not a journal", schema}.hint(
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
        .hint(fmt::format("As its owner: GRANT CREATE ON DATABASE {} TO {}; or make it for the "
                          "role: CREATE SCHEMA {} "
                          "AUTHORIZATION {};",
                          facts.database, facts.role, schema, facts.role));
  }
}

}  // namespace

Facts read_facts(db::Connection& connection, const std::string& schema) {
  // Where there is no journal, the second statement fails and the first has told.
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

void check_schema_name(const std::string& schema) {
  static const std::regex plain{"[a-z_][a-z0-9_]{0,62}"};
  if (!std::regex_match(schema, plain) || schema.starts_with("pg_")) {
    throw Error{Code::usage, "\"{}\" cannot be the journal's schema", schema}.hint(
        "Use lower-case letters, digits and underscores, not starting with pg_.");
  }
}

void check_access(const Facts& facts, const std::string& schema, bool read_only) {
  if (facts.installed && (!facts.readable || (!facts.writable && !read_only)))
    refuse_access(facts, schema, read_only);
  refuse_newer(facts, schema);
}

void check_writable(const Facts& facts) {
  if (facts.standby) {
    throw Error{Code::refused, "the server is a standby: it accepts no changes"}
        .sqlstate("25006")
        .hint("Give the primary's address, or both hosts with target_session_attrs=read-write.");
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
              "the journal's schema {} is in the search_path of role {}: what a plan makes would "
              "land in it",
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
