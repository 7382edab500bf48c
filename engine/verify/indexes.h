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
  // Columns or expressions in order, each as in CREATE INDEX: "created_at DESC NULLS LAST".
  std::vector<std::string> columns;
  std::optional<bool> unique;
  bool valid = true;
  std::optional<std::string> where;  // empty: no condition
  std::string method;                // "btree"
};

event::Outcome has_index(const Subject& subject, const IndexSpec& spec);
event::Outcome has_no_index(const Subject& subject, const std::string& index);
/// Some valid index, whatever its name, with exactly these columns; `spec` has no name.
event::Outcome has_index_on(const Subject& subject, const IndexSpec& spec);
event::Outcome has_no_index_on(const Subject& subject, const IndexSpec& spec);
/// By name, those of keys and constraints included.
event::Outcome indexes_are(const Subject& subject, const std::vector<std::string>& names);

}  // namespace engine::verify
