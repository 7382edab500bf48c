#include "journal/schema.h"

#include "db/transaction.h"

namespace engine::journal {
namespace {

std::string with_schema(std::string_view script, const std::string& schema) {
  constexpr std::string_view placeholder = "{schema}";
  std::string sql{script};
  for (auto at = sql.find(placeholder); at != std::string::npos;
       at = sql.find(placeholder, at + schema.size())) {
    sql.replace(at, placeholder.size(), schema);
  }
  return sql;
}

int standing_version(db::Connection& connection, const std::string& schema) {
  const auto there = connection.query(
      "SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = "
      "c.relnamespace"
      " WHERE n.nspname = $1 AND c.relname = 'version'",
      {schema});
  if (there.empty()) return 0;
  const auto version =
      connection.query(fmt::format("SELECT max(version) AS version FROM {}.version", schema));
  return static_cast<int>(version.integer(0, "version"));
}

}  // namespace

void install(db::Connection& connection, const std::string& schema, int version) {
  db::Transaction transaction{connection};
  // CREATE … IF NOT EXISTS races between sessions; this lock does not. It is held for milliseconds,
  // by an engine that makes the schema: the wait is bounded all the same.
  connection.query("SET LOCAL lock_timeout = '30s'");
  connection.query(
      "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('engine journal schema'), 0)");
  const int standing = standing_version(connection, schema);
  if (standing >= version) return;

  connection.query(begin_script(), {schema});
  // Not IF NOT EXISTS: that wants CREATE on the database even where the schema stands, made
  // beforehand for this role.
  if (connection.query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", {schema})
          .empty()) {
    connection.query(fmt::format("CREATE SCHEMA {}", schema));
  }
  for (int next = standing + 1; next <= version; ++next) {
    connection.script(
        with_schema(upgrade_scripts().at(static_cast<std::size_t>(next - 1)), schema));
    connection.query(
        fmt::format("INSERT INTO {}.version (version, engine_version) VALUES ($1, $2)", schema),
        {std::to_string(next), ENGINE_VERSION});
  }
  connection.script(with_schema(close_script(), schema));
  transaction.commit();
}

}  // namespace engine::journal
