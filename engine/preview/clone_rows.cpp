#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/names.h"
#include "base/text.h"
#include "catalog/array.h"
#include "preview/clone.h"
#include "preview/queries.h"

namespace engine::preview {
namespace {

using json = nlohmann::json;

// Deeper chains of foreign keys than this end with a warning of the plan's own checks.
constexpr int generations = 20;

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

}  // namespace

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
