// Indexes, those of constraints included.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/subject.h"

namespace engine::verify {

/// What is not said is not compared; but an index that is not valid serves no query, so it must be
/// asked for.
struct IndexSpec {
  std::string name;
  std::vector<std::string> columns;  // or expressions, in order
  std::optional<bool> unique;
  bool valid = true;
  std::optional<std::string> where;  // empty: no condition
  std::string method;                // "btree"
};

Outcome has_index(const Subject& subject, const IndexSpec& spec);
Outcome has_no_index(const Subject& subject, const std::string& index);
/// By name, those of keys and constraints included.
Outcome indexes_are(const Subject& subject, const std::vector<std::string>& names);

}  // namespace engine::verify
