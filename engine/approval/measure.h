// What a step has done to others when it is about to commit: measured alike on the shadow, where it
// is approved, and on the target, where it is held to that.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "approval/schema_changes.h"
#include "db/connection.h"

namespace engine::approval {

struct Written {
  std::int64_t inserted = 0, updated = 0, deleted = 0;
  bool operator==(const Written&) const = default;
};

struct Measured {
  /// By relation the strongest mode held, from ROW EXCLUSIVE on.
  std::map<std::string, std::string> locks;
  std::map<std::string, Written> rows;
  std::map<std::string, std::string> rewritten;  // tables with a new file: how
  bool catalog = false;                          // it may have written there
  SchemaChanges schema;
};

/// Of its locks only those that keep writers out: others hurt nobody where each statement gives
/// them back.
Measured that_block(Measured measured);

/// How a table got a new file.
inline constexpr const char* written_anew = "writes";
inline constexpr const char* emptied = "empties";

class Measure {
 public:
  explicit Measure(std::string journal) : journal_(std::move(journal)) {}

  /// At the start of the transaction: what the server has counted until then is of transactions
  /// before, which it reports once a second at most.
  db::Command starting() const;
  void started(const db::Result& rows);

  /// At its end: one round trip in `works`, and one in `watches`, another session with the same
  /// database.
  Measured finish(db::Connection& works, db::Connection& watches) const;

 private:
  std::string journal_;
  std::map<std::string, Written> before_;
  std::string catalog_before_;
};

/// Which file each table has: of statements outside a transaction, whose locks have been given
/// back.
class TableFiles {
 public:
  explicit TableFiles(std::string journal) : journal_(std::move(journal)) {}
  void look(db::Connection& works);
  /// Tables that have another one since, and how.
  std::map<std::string, std::string> rewritten(db::Connection& works) const;

 private:
  std::string journal_;
  std::string oids_ = "{}", files_ = "{}";
};

}  // namespace engine::approval
