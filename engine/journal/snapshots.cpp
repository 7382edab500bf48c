#include "journal/snapshots.h"

#include "journal/storable.h"

namespace engine::journal {
namespace {

std::string select(const std::string& schema) {
  return fmt::format(
      "SELECT id, COALESCE(run, '') AS run, step, kind, name, table_schema, table_name, "
      "table_oid::bigint AS table_oid,"
      " copy_schema, copy_name, manifest::text AS manifest, rows, checksum, status,"
      " pg_catalog.to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS "
      "created_at"
      " FROM {}.snapshot ",
      schema);
}

SnapshotRow snapshot_of(const db::Result& rows, std::size_t i) {
  SnapshotRow snapshot;
  snapshot.id = rows.integer(i, "id");
  snapshot.run = rows.text(i, "run");
  snapshot.step = rows.text(i, "step");
  snapshot.kind = rows.text(i, "kind");
  snapshot.name = rows.text(i, "name");
  snapshot.table_schema = rows.text(i, "table_schema");
  snapshot.table_name = rows.text(i, "table_name");
  snapshot.table_oid = rows.integer(i, "table_oid");
  snapshot.copy_schema = rows.text(i, "copy_schema");
  snapshot.copy_name = rows.text(i, "copy_name");
  snapshot.manifest = rows.text(i, "manifest");
  snapshot.rows = rows.integer(i, "rows");
  snapshot.checksum = rows.text(i, "checksum");
  snapshot.status = rows.text(i, "status");
  snapshot.created_at = rows.text(i, "created_at");
  return snapshot;
}

std::optional<SnapshotRow> first(const db::Result& rows) {
  if (rows.empty()) return std::nullopt;
  return snapshot_of(rows, 0);
}

}  // namespace

std::int64_t Snapshots::record(const SnapshotRow& snapshot) const {
  const auto written = connection_->query(
      fmt::format("INSERT INTO {}.snapshot (run, step, kind, name, table_schema, table_name, "
                  "table_oid, copy_schema,"
                  " copy_name, manifest, rows, checksum) VALUES (NULLIF($1, ''), $2, $3, $4, $5, "
                  "$6, $7, $8, $9,"
                  " $10::jsonb, $11, $12) RETURNING id",
                  schema_),
      {snapshot.run, snapshot.step, snapshot.kind, snapshot.name, snapshot.table_schema,
       snapshot.table_name, std::to_string(snapshot.table_oid), snapshot.copy_schema,
       snapshot.copy_name, unsecret(snapshot.manifest, "manifest"), std::to_string(snapshot.rows),
       snapshot.checksum});
  return written.integer(0, "id");
}

std::optional<SnapshotRow> Snapshots::find(const std::string& kind, const std::string& name,
                                           const std::optional<QualifiedName>& place) const {
  const QualifiedName table = place.value_or(QualifiedName{});
  return first(connection_->query(
      select(schema_) +
          "WHERE kind = $1 AND (status = 'present' OR kind = 'snapshot' AND status = 'restored')"
          " AND (name = $2"
          " OR CASE kind WHEN 'retired' THEN table_name ELSE copy_name END = $4"
          " AND $3 IN ('', CASE kind WHEN 'retired' THEN table_schema ELSE copy_schema END))"
          " ORDER BY id DESC LIMIT 1",
      {kind, name, table.schema, table.name}));
}

std::vector<SnapshotRow> Snapshots::all() const {
  const auto rows = connection_->query(select(schema_) + "ORDER BY id DESC");
  std::vector<SnapshotRow> found;
  for (std::size_t i = 0; i < rows.size(); ++i) found.push_back(snapshot_of(rows, i));
  return found;
}

void Snapshots::replace(const SnapshotRow& snapshot) const {
  connection_->query(
      fmt::format("UPDATE {}.snapshot SET table_oid = $2, manifest = $3::jsonb WHERE id = $1",
                  schema_),
      {std::to_string(snapshot.id), std::to_string(snapshot.table_oid),
       unsecret(snapshot.manifest, "manifest")});
}

void Snapshots::set_status(std::int64_t id, const std::string& status) const {
  connection_->query(
      fmt::format(
          "UPDATE {}.snapshot SET status = $2, ended_at = CASE WHEN $2 = 'present' THEN NULL"
          " ELSE pg_catalog.clock_timestamp() END WHERE id = $1",
          schema_),
      {std::to_string(id), status});
}

}  // namespace engine::journal
