#include "runner/step/index_catalog.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "db/transaction.h"
#include "sql/recoverable.h"

namespace engine::runner {
namespace {

// Who builds an index CONCURRENTLY holds this lock on the table until it has ended, and stands in
// the view; of others' progress every role sees the process.
constexpr const char* select_indexes = R"(
SELECT i.indexrelid AS oid, i.indrelid AS "table", c.relnamespace AS schema, c.relname AS name,
       pg_catalog.format('%I.%I', n.nspname, c.relname) AS quoted,
       CASE n.nspname WHEN 'public' THEN pg_catalog.quote_ident(c.relname)
            ELSE pg_catalog.format('%I.%I', n.nspname, c.relname) END AS shown,
       i.indisvalid OR c.relkind = 'I' AS valid,
       NOT i.indisvalid AND EXISTS (
         SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
           JOIN pg_catalog.pg_locks AS l ON l.pid = p.pid AND l.database = p.datid
          WHERE p.pid <> pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
            AND l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted) AS building,
       pg_catalog.array_to_json(ARRAY(
         SELECT i.indrelid::pg_catalog.int8
         UNION SELECT m.oid::pg_catalog.int8 FROM pg_catalog.pg_class AS m WHERE m.reltoastrelid = i.indrelid
         UNION SELECT a.relid::pg_catalog.oid::pg_catalog.int8
           FROM pg_catalog.pg_partition_ancestors(i.indrelid) AS a (relid))) AS belongs_to,
       (SELECT m.relnamespace FROM pg_catalog.pg_class AS m WHERE m.reltoastrelid = i.indrelid) AS main_schema
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE )";

// What the server prints of an index, without its name and its table's. PostgreSQL 14 prints the
// number of a temporary schema.
constexpr const char* select_definitions = R"(
SELECT i.indexrelid AS oid, i.indrelid = $1::pg_catalog.oid AS is_made, i.indisunique AS is_unique,
       pg_catalog.substr(pg_catalog.pg_get_indexdef(i.indexrelid),
         pg_catalog.length(pg_catalog.concat('CREATE ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, 'INDEX ',
           pg_catalog.quote_ident(c.relname), ' ON ', CASE c.relkind WHEN 'I' THEN 'ONLY ' END,
           pg_catalog.format('%I.%I',
             CASE WHEN n.oid = pg_catalog.pg_my_temp_schema()
                   AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 150000
                  THEN 'pg_temp' ELSE n.nspname END, t.relname))) + 1) AS definition
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
 WHERE i.indrelid = $1::pg_catalog.oid OR i.indexrelid = ANY ($2::pg_catalog.oid[]))";

// Ids of transactions have 32 bits in the catalog and 64 in a snapshot. Those of this session's own
// open transaction may be behind the snapshot's.
constexpr const char* select_stood = R"(
SELECT COALESCE(pg_catalog.bool_or(
         s.next - ((s.next - r.written::pg_catalog.text::pg_catalog.int8) & 4294967295) < $2::pg_catalog.int8), false) AS stood
  FROM (SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())
                 ::pg_catalog.text::pg_catalog.int8 + 1048576 AS next) AS s,
       (SELECT c.xmin FROM pg_catalog.pg_class AS c WHERE c.oid = $1::pg_catalog.oid
        UNION ALL SELECT i.xmin FROM pg_catalog.pg_index AS i WHERE i.indexrelid = $1::pg_catalog.oid
        UNION ALL SELECT a.xmin FROM pg_catalog.pg_attribute AS a
                   WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum = 1) AS r (written))";

std::vector<IndexNow> read_indexes(db::Connection& connection, const std::string& condition,
                                   const db::Params& params = {}) {
  const db::Result found = connection.query(select_indexes + condition, params);
  std::vector<IndexNow> indexes;
  for (std::size_t row = 0; row < found.size(); ++row) {
    IndexNow& index = indexes.emplace_back();
    index.oid = found.integer(row, "oid");
    index.table = found.integer(row, "table");
    index.schema = found.at(row, "main_schema") ? found.integer(row, "main_schema")
                                                : found.integer(row, "schema");
    index.name = found.text(row, "name");
    index.quoted = found.text(row, "quoted");
    index.shown = found.text(row, "shown");
    index.valid = found.boolean(row, "valid");
    index.building = found.boolean(row, "building");
    index.belongs_to = nlohmann::json::parse(found.text(row, "belongs_to")).get<std::vector<Oid>>();
  }
  return indexes;
}

std::string array_of(const std::vector<IndexNow>& indexes) {
  std::string array = "{";
  for (const IndexNow& index : indexes)
    array += (array.size() > 1 ? "," : "") + std::to_string(index.oid);
  return array + "}";
}

// A statement without operators, so that no one of the plan's search_path is called.
std::optional<Oid> resolve(db::Connection& connection, const char* sql, const std::string& name) {
  const db::Result found = connection.execute(sql, {name});
  if (!found.at(0, "oid")) return std::nullopt;
  return found.integer(0, "oid");
}

}  // namespace

bool IndexNow::is_left_by_reindex() const {
  const std::size_t end = name.find_last_not_of("0123456789");
  const std::string_view stem = std::string_view{name}.substr(0, end + 1);
  return stem.ends_with("_ccnew") || stem.ends_with("_ccold");
}

bool IndexNow::is_within(const Scope& scope) const {
  if (scope.of == Scope::Of::database) return true;
  if (scope.of == Scope::Of::schema) return schema == scope.oid;
  return std::find(belongs_to.begin(), belongs_to.end(), scope.oid) != belongs_to.end();
}

std::optional<Oid> relation_oid(db::Connection& connection, const QualifiedName& name) {
  return resolve(connection, "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid AS oid",
                 name.quoted());
}

std::optional<Oid> schema_oid(db::Connection& connection, const std::string& name) {
  return resolve(connection, "SELECT pg_catalog.to_regnamespace($1)::pg_catalog.oid AS oid",
                 quote_identifier(name));
}

std::optional<TableNow> table_now(db::Connection& connection, const QualifiedName& name) {
  const std::optional<Oid> oid = relation_oid(connection, name);
  if (!oid) return std::nullopt;
  const db::Result found = connection.query(
      "SELECT c.relnamespace AS schema, n.nspname, c.relname FROM pg_catalog.pg_class AS c"
      " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
      " WHERE c.oid = $1::pg_catalog.oid",
      {std::to_string(*oid)});
  if (found.empty()) return std::nullopt;
  return TableNow{
      *oid, found.integer(0, "schema"), {found.text(0, "nspname"), found.text(0, "relname")}};
}

std::vector<IndexNow> indexes_of(db::Connection& connection, Oid table) {
  return read_indexes(connection, "i.indrelid = $1::pg_catalog.oid", {std::to_string(table)});
}

std::optional<IndexNow> index_now(db::Connection& connection, Oid index) {
  std::vector<IndexNow> found =
      read_indexes(connection, "i.indexrelid = $1::pg_catalog.oid", {std::to_string(index)});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<IndexNow> invalid_indexes(db::Connection& connection) {
  return read_indexes(connection, "NOT i.indisvalid AND c.relkind = 'i' ORDER BY 5");
}

std::vector<IndexNow> of_same_definition(db::Connection& connection, const std::string& create,
                                         const TableNow& table,
                                         const std::vector<IndexNow>& indexes) {
  if (indexes.empty()) return {};
  // By its own name: an expression of the index may say it.
  const QualifiedName copy{"pg_temp", table.name.name};
  const std::optional<std::string> same = sql::same_index_on(create, copy);
  if (!same)
    throw Error{Code::refused,
                "the engine cannot turn the statement into CREATE INDEX on a copy of the table"};
  const db::Transaction rolled_back{connection};
  connection.execute("SET LOCAL transaction_read_only = off");
  connection.execute("CREATE TEMPORARY TABLE " + copy.quoted() + " (LIKE " + table.name.quoted() +
                     ")");
  connection.execute(*same);
  const std::optional<Oid> made = relation_oid(connection, copy);
  connection.execute("SET LOCAL search_path = pg_catalog, pg_temp");
  const db::Result found =
      connection.query(select_definitions, {std::to_string(made.value_or(0)), array_of(indexes)});
  const auto definition = [&](std::size_t row) {
    return found.text(row, "is_unique") + found.text(row, "definition");
  };
  std::string wanted;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (found.boolean(row, "is_made")) wanted = definition(row);
  }
  std::vector<IndexNow> equal;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (found.boolean(row, "is_made") || definition(row) != wanted) continue;
    for (const IndexNow& index : indexes) {
      if (index.oid == found.integer(row, "oid")) equal.push_back(index);
    }
  }
  return equal;
}

StepBegun begun_now(db::Connection& connection) {
  StepBegun begun;
  begun.next_transaction =
      connection
          .query(
              "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())"
              "::pg_catalog.text AS next")
          .integer(0, "next");
  for (const IndexNow& index : invalid_indexes(connection)) begun.invalid.push_back(index.oid);
  return begun;
}

bool stood_before(db::Connection& connection, Oid index, const StepBegun& begun) {
  return connection
      .query(select_stood, {std::to_string(index), std::to_string(begun.next_transaction)})
      .boolean(0, "stood");
}

Attachment attachment(db::Connection& connection, Oid table, Oid partition) {
  const db::Result found = connection.query(
      "SELECT h.inhdetachpending AS pending FROM pg_catalog.pg_inherits AS h"
      " WHERE h.inhparent = $1::pg_catalog.oid AND h.inhrelid = $2::pg_catalog.oid",
      {std::to_string(table), std::to_string(partition)});
  if (found.empty()) return Attachment::none;
  return found.boolean(0, "pending") ? Attachment::detach_pending : Attachment::attached;
}

}  // namespace engine::runner
