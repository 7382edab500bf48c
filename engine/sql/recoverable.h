// Statements whose outcome can be read from the catalog after they were cut off: those that make,
// rebuild and drop indexes, and DETACH PARTITION … CONCURRENTLY.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/names.h"

namespace engine::sql {

/// All names are as the grammar gives them: folded, unescaped and cut to 63 bytes. The schema is
/// empty where the statement left it to the search_path.
struct CreateIndex {
  std::string name;  // "" where the server chooses it
  QualifiedName table;
  bool concurrently = false;
  bool if_not_exists = false;
};

struct DropIndex {
  std::vector<QualifiedName> indexes;
  bool concurrently = false;
  bool if_exists = false;
  bool cascade = false;

  /// The same statement for other indexes.
  std::string text(const std::vector<QualifiedName>& of) const;
};

struct ReindexConcurrently {
  enum class Of { index, table, schema, database } of = Of::table;
  QualifiedName name;  // of an index, a table, or a schema (its name alone); empty: the database
};

struct DetachConcurrently {
  QualifiedName table, partition;

  /// What ends a detach that was cut off between its two transactions.
  std::string finalize() const;
};

using Recoverable = std::variant<CreateIndex, DropIndex, ReindexConcurrently, DetachConcurrently>;

/// Nothing for another statement, for more than one, and where the grammar does not know the text.
std::optional<Recoverable> recoverable(const std::string& statement);

/// The index of a CREATE INDEX on another table, without CONCURRENTLY, and with a name that the
/// server chooses. Nothing where the text is no CREATE INDEX, or cannot be changed like that.
std::optional<std::string> same_index_on(const std::string& create, const QualifiedName& table);

}  // namespace engine::sql
