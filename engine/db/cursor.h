// A query's rows in portions, so that a large one does not fill the memory.
#pragma once

#include <string>
#include <string_view>

#include "db/connection.h"

namespace engine::db {

/// Lives in a transaction of the connection; a cursor and its transaction end together. An error's
/// position counts in the query as given. Only queries: what writes cannot be read by a cursor.
class Cursor {
 public:
  Cursor(Connection& connection, std::string_view query, const Params& params = {});
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor();

  /// The next rows, at most `count` of them; no row at the end.
  Result fetch(long count = 1000);

 private:
  Connection& connection_;
  std::string name_;
};

}  // namespace engine::db
