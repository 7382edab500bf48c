// The foreign keys that ALTER TABLE adds.
#pragma once

#include <string>
#include <vector>

#include "base/names.h"

namespace engine::sql {

struct ForeignKey {
  QualifiedName child, parent;  // as written: the schema may be empty
  std::vector<std::string> columns;
  std::vector<std::string> keys;  // of the parent; empty where its primary key is meant
};

/// None where the grammar does not know the text.
std::vector<ForeignKey> added_foreign_keys(const std::string& statement);

}  // namespace engine::sql
