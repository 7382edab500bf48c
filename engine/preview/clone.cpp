#include "preview/clone.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/names.h"
#include "base/process.h"
#include "base/text.h"
#include "catalog/array.h"
#include "cluster/template.h"
#include "preview/queries.h"
#include "sql/statement.h"

namespace engine::preview {
namespace {

using json = nlohmann::json;

// Deeper chains of foreign keys than this end with a warning of the plan's own checks.
constexpr int generations = 20;

constexpr const char* begin = R"(
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL lock_timeout = '2s';
SET LOCAL row_security = off;
)";

constexpr const char* as_loader = "SET session_replication_role = replica";

// A journal tells which server it belongs to; on the shadow that is the shadow.
constexpr const char* adopt_journal = R"(
UPDATE {}.run SET system_identifier = (SELECT system_identifier FROM pg_catalog.pg_control_system()),
       timeline = (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()),
       database_oid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
)";

constexpr const char* sequences_query = R"(
SELECT pg_catalog.format('SELECT pg_catalog.setval(%L, %s)', pg_catalog.format('%I.%I', schemaname, sequencename),
         last_value) AS statement
  FROM pg_catalog.pg_sequences WHERE last_value IS NOT NULL
)";

std::string rows_of(const std::string& table, const std::string& columns, std::int64_t limit) {
  return fmt::format(
      "SELECT COALESCE(pg_catalog.json_agg(t), '[]')::text AS rows FROM (SELECT {} FROM {} LIMIT "
      "{}) AS t",
      columns, table, limit);
}

std::string all_equal(const std::string& left, const std::vector<std::string>& left_columns,
                      const std::string& right, const std::vector<std::string>& right_columns) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < left_columns.size(); ++i)
    parts.push_back(fmt::format("{}.{} = {}.{}", left, left_columns[i], right, right_columns[i]));
  return text::joined(parts, " AND ");
}

struct Key {
  std::string child, parent;
  std::vector<std::string> columns, keys;
};

/// Keys that the child's rows name and that the parent lacks, as rows of the parent's type.
std::string orphans_query(const Key& key) {
  std::vector<std::string> named, filled;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    named.push_back(fmt::format("c.{} AS {}", key.columns[i], key.keys[i]));
    filled.push_back(fmt::format("c.{} IS NOT NULL", key.columns[i]));
  }
  return fmt::format(
      "SELECT COALESCE(pg_catalog.json_agg(t), '[]')::text AS rows FROM (SELECT DISTINCT {} FROM "
      "{} "
      "AS c WHERE {} AND NOT EXISTS (SELECT FROM {} AS p WHERE {})) AS t",
      text::joined(named, ", "), key.child, text::joined(filled, " AND "), key.parent,
      all_equal("p", key.keys, "c", key.columns));
}

std::string parents_query(const Key& key, const std::string& columns) {
  return fmt::format(
      "SELECT COALESCE(pg_catalog.json_agg(t), '[]')::text AS rows FROM (SELECT {} FROM {} AS p "
      "WHERE EXISTS (SELECT FROM pg_catalog.json_populate_recordset(NULL::{}, $1::json) AS k WHERE "
      "{})) AS t",
      columns, key.parent, key.parent, all_equal("p", key.keys, "k", key.keys));
}

std::string insertion(const std::string& table, const std::string& columns) {
  return fmt::format(
      "INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM "
      "pg_catalog.json_populate_recordset(NULL::{0}, $1::json) ON CONFLICT DO NOTHING",
      table, columns);
}

struct TableShape {
  std::string columns;
  std::vector<Key> keys;
};

std::map<std::string, TableShape> shapes(db::Connection& connection,
                                         const std::set<std::string>& tables) {
  std::map<std::string, TableShape> found;
  const db::Result rows =
      connection.query(query("columns"), {catalog::array_of({tables.begin(), tables.end()})});
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string& name = rows.text(row, "name");
    TableShape& shape = found[name];
    shape.columns = rows.at(row, "columns").value_or("");
    for (const json& key : json::parse(rows.text(row, "keys")))
      shape.keys.push_back({name, key.at("parent"), key.at("columns"), key.at("keys")});
  }
  return found;
}

/// Everything but the password, which travels in the environment: arguments can be read by others.
std::string conninfo_of(const db::Target& target) {
  std::string conninfo;
  for (const auto& [keyword, value] : target.parameters()) {
    if (keyword == "password" || value.empty()) continue;
    std::string quoted;
    for (const char c : value) {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
    conninfo += fmt::format("{}='{}' ", keyword, quoted);
  }
  return conninfo;
}

std::optional<std::string> dumper(int major) {
  for (const cluster::Installation& one : cluster::installations(".")) {
    const std::string path = one.bin + "/pg_dump";
    if (one.major >= major && file::exists(path)) return path;
  }
  return std::nullopt;
}

/// Statements as rows; those that fail here are kept.
void execute_each(const db::Result& statements, db::Connection& shadow,
                  std::vector<std::string>& missing) {
  for (std::size_t row = 0; row < statements.size(); ++row) {
    const std::string& statement = statements.text(row, "statement");
    try {
      shadow.execute(statement);
    } catch (const Error& error) {
      if (error.sqlstate().empty()) throw;
      missing.push_back(fmt::format("{}: {}", statement, error.message()));
    }
  }
}

}  // namespace

void copy_database_rights(db::Connection& from, db::Connection& shadow, const std::string& database,
                          std::vector<std::string>& missing) {
  execute_each(from.query(query("database"), {database}), shadow, missing);
}

Clone::Clone(const db::Target& target, std::string journal)
    : target_(target),
      connection_([&] {
        db::Settings settings;
        settings.read_only = true;
        return db::Connection::open(target, settings);
      }()),
      journal_(std::move(journal)) {
  connection_.script(begin);
  const db::Result now =
      connection_.query("SELECT pg_catalog.pg_export_snapshot() AS snapshot, current_user AS role");
  snapshot_ = now.text(0, "snapshot");
  role_ = now.text(0, "role");
  read_facts();
}

void Clone::read_facts() {
  const db::Result found = connection_.query(query("facts"));
  for (std::size_t row = 0; row < found.size(); ++row) {
    facts_[found.text(row, "name")] = {found.integer(row, "rows"), found.integer(row, "bytes"),
                                       found.integer(row, "uses")};
  }
}

void Clone::schema(const cluster::Shadow& shadow, const std::string& database) {
  const std::string script = dump();
  db::Connection first = db::Connection::open(shadow.target("postgres"));
  make_roles(first);
  first.execute("CREATE DATABASE " + quote_identifier(database) + " TEMPLATE template0");
  copy_database_rights(connection_, first, database, missing_);
  db::Connection connection = db::Connection::open(shadow.target(database));
  load(connection, script);
}

void Clone::make_roles(db::Connection& shadow) {
  execute_each(connection_.query(query("roles"), {std::string{cluster::superuser}}), shadow,
               missing_);
}

std::string Clone::dump() const {
  const auto program = dumper(major());
  if (!program) {
    throw Error{Code::refused, "no pg_dump here is as new as the target (PostgreSQL {})", major()}
        .hint(fmt::format("Install postgresql-client-{}, or preview a fixture: --from FILE.sql.",
                          major()));
  }
  process::Options options;
  const auto password = target_.parameters().find("password");
  if (password != target_.parameters().end())
    options.environment.push_back("PGPASSWORD=" + password->second);
  const process::Finished finished =
      process::run({*program, "--schema-only", "--snapshot=" + snapshot_, "--no-tablespaces",
                    "--no-subscriptions", "--no-security-labels", "--lock-wait-timeout=2s",
                    "--no-password", "--dbname=" + conninfo_of(target_)},
                   options);
  if (finished.status != 0) {
    throw Error{Code::unreachable, "the schema of the target could not be read"}.detail(
        text::trimmed(finished.errors));
  }
  return finished.output;
}

// All at once; where that fails, one by one, so that one extension that is missing here does not
// cost the rest.
void Clone::load(db::Connection& shadow, const std::string& script) {
  std::string sql;
  for (const std::string& line : text::lines(script)) {
    if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) sql += line + "\n";
  }
  try {
    shadow.script(sql);
    return;
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
  }
  for (const sql::Statement& statement : sql::split(sql)) {
    try {
      shadow.execute(statement.text);
    } catch (const Error& error) {
      if (error.sqlstate().empty()) throw;
      missing_.push_back(fmt::format(
          "{}: {}", text::shortened(text::printable(statement.text), 100), error.message()));
    }
  }
}

void Clone::copy(db::Connection& shadow, const std::string& table, const std::string& columns,
                 const std::string& from, const db::Params& parameters) {
  connection_.script("SAVEPOINT engine_rows");
  try {
    const db::Result rows = connection_.query(from, parameters);
    shadow.execute(insertion(table, columns), {rows.text(0, "rows")});
    connection_.script("RELEASE SAVEPOINT engine_rows");
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
    connection_.script("ROLLBACK TO SAVEPOINT engine_rows");
    missing_.push_back(fmt::format("rows of {}: {}", table, error.message()));
  }
}

void Clone::rows(const db::Target& target, const std::set<std::string>& tables,
                 std::int64_t limit) {
  db::Connection shadow = db::Connection::open(target);
  shadow.script(as_loader);
  std::set<std::string> wanted = tables;
  const db::Result journal = connection_.query(
      "SELECT pg_catalog.format('%I.%I', schemaname, tablename) AS name FROM pg_catalog.pg_tables "
      "WHERE schemaname = $1",
      {journal_});
  for (std::size_t row = 0; row < journal.size(); ++row) {
    const std::string& name = journal.text(row, "name");
    for (const auto& [table, shape] : shapes(connection_, {name}))
      copy(shadow, table, shape.columns, rows_of(table, shape.columns, INT32_MAX), {});
  }
  if (!journal.empty()) shadow.execute(fmt::format(adopt_journal, quote_identifier(journal_)));
  for (const auto& [table, shape] : shapes(connection_, tables)) {
    if (!shape.columns.empty())
      copy(shadow, table, shape.columns, rows_of(table, shape.columns, limit), {});
  }
  for (int i = 0; i < generations && add_parents(shadow, wanted); ++i) {
    for (const auto& [table, shape] : shapes(connection_, wanted)) {
      for (const Key& key : shape.keys) wanted.insert(key.parent);
    }
  }
  sequences(shadow);
  shadow.script("ANALYZE");
}

bool Clone::add_parents(db::Connection& shadow, const std::set<std::string>& tables) {
  bool added = false;
  for (const auto& [table, shape] : shapes(connection_, tables)) {
    for (const Key& key : shape.keys) {
      const db::Result orphans = shadow.query(orphans_query(key));
      const std::string keys = orphans.text(0, "rows");
      if (keys == "[]") continue;
      const std::string columns = shapes(connection_, {key.parent})[key.parent].columns;
      const std::size_t failures = missing_.size();
      copy(shadow, key.parent, columns, parents_query(key, columns), {keys});
      added = added || missing_.size() == failures;
    }
  }
  return added;
}

void Clone::sequences(db::Connection& shadow) {
  const db::Result found = connection_.query(sequences_query);
  for (std::size_t row = 0; row < found.size(); ++row) {
    try {
      shadow.query(found.text(row, "statement"));
    } catch (const Error&) {
      // Its sequence is among what could not be made.
    }
  }
}

}  // namespace engine::preview
