// Rows of a table against their copy: told apart, counted, kept, put back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backup/manifest.h"
#include "db/connection.h"

namespace engine::backup {

struct RowCounts {
  std::int64_t inserted = 0;  // were missing
  std::int64_t updated = 0;   // differed
  std::int64_t deleted = 0;   // had not been there
  bool any() const { return inserted + updated + deleted > 0; }
};

/// A column of the copy and what it is in the table now.
struct Pairing {
  std::string copy, table;
  bool same_type = true;
};

/// A column that the table has got since, with the text that every row had when it came; no value:
/// NULL.
struct Added {
  std::string name, type;
  std::optional<std::string> baseline;
};

/// The comparison of one row set with its table as it stands. SQL text only; nothing runs.
class RowComparison {
 public:
  /// The table has the columns of the set again.
  RowComparison(const std::vector<RowSet>& sets, std::size_t index);
  /// The table has other columns meanwhile, or another name.
  RowComparison(const std::vector<RowSet>& sets, std::size_t index, QualifiedName table,
                std::vector<Pairing> pairings, std::vector<Added> added);

  std::string extra() const;    // places of rows that the copy does not have
  std::string changed() const;  // places of rows that differ from the copy's of the same key
  std::string missing() const;  // rows of the copy that the table does not have
  std::string written_since()
      const;  // whole rows: extra, changed, or with a value of their own in an added column
  std::string update() const;

 private:
  std::string match() const;
  std::string differs() const;
  std::string in_table(const std::string& alias) const;
  std::string in_copy(const std::string& alias) const;
  std::string numbered(bool copy) const;
  bool keyed() const;

  const std::vector<RowSet>& sets_;
  std::size_t index_;
  QualifiedName table_;
  std::vector<Pairing> pairings_;
  std::vector<Added> added_;
};

struct Checksum {
  std::int64_t rows = 0;
  std::string sum;
  bool operator==(const Checksum&) const = default;
};

/// Count and sum of the rows' hashes, whatever their order. A sum, not XOR: that would cancel equal
/// rows. The condition speaks of the rows as `t`.
Checksum checksum(db::Connection& connection, const QualifiedName& table,
                  const std::vector<RowColumn>& columns, const std::string& where = "");

enum class Side { table, copy };

/// The condition by which rows of a set belong to the backup, in the tables or in the copies; ""
/// for all. Of a table that refers, those that do, directly or through others; without a key to
/// tell rows apart, all.
std::string belongs(const std::vector<RowSet>& sets, std::size_t index, Side side,
                    const std::string& alias);

/// How many rows differ, by kind.
RowCounts compare(db::Connection& connection, const RowComparison& comparison);

/// "a, b": the columns of a set that can be written.
std::string written_columns(const RowSet& set);

}  // namespace engine::backup
