#include "journal/schema.h"

#include "base/embedded.h"
#include "db/pipeline.h"
#include "db/transaction.h"

namespace engine::journal {

extern const std::span<const EmbeddedFile> schema_scripts;

namespace {

constexpr int newest = 2;

std::string_view script_named(const std::string& name) {
  return embedded_text(schema_scripts, name + ".sql");
}

std::string with_schema(std::string_view script, const std::string& schema) {
  constexpr std::string_view placeholder = "{schema}";
  std::string sql{script};
  for (auto at = sql.find(placeholder); at != std::string::npos;
       at = sql.find(placeholder, at + schema.size())) {
    sql.replace(at, placeholder.size(), schema);
  }
  return sql;
}

// What stands, once no other engine can be making it. One round trip, two where there is a journal.
struct Standing {
  int version = 0;
  bool schema = false;
};

Standing wait_alone(db::Connection& connection, const std::string& schema) {
  db::Pipeline pipeline{connection};
  // CREATE … IF NOT EXISTS races between sessions; this lock does not. It is held for milliseconds,
  // by an engine that makes the schema: the wait is bounded all the same.
  pipeline.add({"SET LOCAL lock_timeout = '30s'", {}});
  pipeline.add(
      {"SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('engine journal "
       "schema'), 0)",
       {}});
  const std::size_t asked = pipeline.add(
      {"SELECT n.oid IS NOT NULL AS schema, c.oid IS NOT NULL AS journal FROM (SELECT) AS one"
       " LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = $1"
       " LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = 'version'",
       {schema}});
  pipeline.add({std::string{script_named("begin")}, {schema}});
  const db::Result there = pipeline.run().at(asked).result;
  Standing standing{0, there.boolean(0, "schema")};
  if (there.boolean(0, "journal")) {
    const auto version =
        connection.query(fmt::format("SELECT max(version) AS version FROM {}.version", schema));
    standing.version = static_cast<int>(version.integer(0, "version"));
  }
  return standing;
}

}  // namespace

int newest_schema() { return newest; }

void install(db::Connection& connection, const std::string& schema, int version) {
  db::Transaction transaction{connection};
  const Standing standing = wait_alone(connection, schema);
  if (standing.version >= version) return;

  // Not IF NOT EXISTS: that wants CREATE on the database even where the schema stands, made
  // beforehand for this role.
  std::string script = standing.schema ? "" : fmt::format("CREATE SCHEMA {};\n", schema);
  for (int next = standing.version + 1; next <= version; ++next) {
    script += with_schema(script_named(std::to_string(next)), schema);
    script += fmt::format(";\nINSERT INTO {}.version (version, engine_version) VALUES ({}, {});\n",
                          schema, next, db::Connection::quote_literal(ENGINE_VERSION));
  }
  connection.script(script + with_schema(script_named("close"), schema), db::Lookup::catalog);
  transaction.commit();
}

}  // namespace engine::journal
