// What CREATE INDEX CONCURRENTLY leaves behind when it does not end: an INVALID index, which IF NOT
// EXISTS takes for a good one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"

namespace engine::runner {

struct IndexStatement {
  enum class Kind { create, drop } kind = Kind::create;
  std::string index;  // as written, quotes and schema included
  std::string table;  // of CREATE INDEX; as written
};

/// CREATE INDEX CONCURRENTLY with a name, or DROP INDEX CONCURRENTLY of one index; else nothing.
std::optional<IndexStatement> concurrent_index(const std::string& sql);

struct Repair {
  bool already_done = false;  // a statement that may have ended has: nothing to run
  std::string told;           // what was found, a sentence; "" where nothing was
};

/// The INVALID index that such a statement left when it failed, as its table's schema names it; ""
/// where it left none.
std::string invalid_index(db::Connection& connection, const IndexStatement& statement);

/// Before such a statement: drops the INVALID index of its name, outside a transaction. `in_doubt`:
/// the statement may have ended before. Throws Error{refused} where another session is building it.
Repair prepare_index(db::Connection& connection, const IndexStatement& statement, bool in_doubt);

}  // namespace engine::runner
