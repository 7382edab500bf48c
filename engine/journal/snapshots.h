// Which backups of tables this database holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "db/connection.h"

namespace engine::journal {

struct SnapshotRow {
  std::int64_t id = 0;
  std::string run, step;  // empty: taken outside of a run
  std::string kind;       // snapshot, retired
  std::string name;       // as the plan calls it
  std::string table_schema, table_name;
  std::int64_t table_oid = 0;
  std::string copy_schema, copy_name;
  std::string manifest;  // JSON object
  std::int64_t rows = 0;
  std::string checksum;
  std::string status;  // present, restored, dropped
  std::string created_at;
};

class Snapshots {
 public:
  /// `schema` is that of an open journal.
  Snapshots(db::Connection& connection, std::string schema)
      : connection_(&connection), schema_(std::move(schema)) {}

  /// Writes the row in the transaction that is open, and returns its id.
  std::int64_t record(const SnapshotRow& snapshot) const;
  /// The newest one of that kind which still is there: by its name, or by the table's that is meant
  /// by `place` (of a snapshot the copy, of a retired table itself; its schema may be empty, no
  /// place: by name alone).
  std::optional<SnapshotRow> find(const std::string& kind, const std::string& name,
                                  const std::optional<QualifiedName>& place = {}) const;
  std::vector<SnapshotRow> all() const;  // newest first, dropped ones too
  /// The manifest and the table's OID anew: the table was made again.
  void replace(const SnapshotRow& snapshot) const;
  /// present, restored or dropped.
  void set_status(std::int64_t id, const std::string& status) const;

 private:
  db::Connection* connection_;
  std::string schema_;
};

}  // namespace engine::journal
