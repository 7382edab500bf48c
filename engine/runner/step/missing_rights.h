// What a role lacks where the server refuses a statement with SQLSTATE 42501.
#pragma once

#include <set>
#include <string>

#include "base/names.h"
#include "sql/statement.h"

namespace engine::runner {

struct Right {
  QualifiedName table;    // as written: the schema may be empty
  std::string privilege;  // SELECT, INSERT, UPDATE, DELETE or TRUNCATE
  auto operator<=>(const Right&) const = default;
};

/// The rights on tables that a statement of rows wants, as far as its text names them. None of
/// ALTER TABLE and its like, which want the owner.
std::set<Right> wanted_rights(const sql::Statement& statement);

/// A hint with the grants that the statement wants. The server's message names the object; row
/// security refuses with the same SQLSTATE.
std::string missing_rights(const std::string& statement);

}  // namespace engine::runner
