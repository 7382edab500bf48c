// What the printers share.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/definition.h"
#include "db/connection.h"

namespace engine::catalog::print {

inline std::string literal(std::string_view text) { return db::Connection::quote_literal(text); }

/// "TABLE", "MATERIALIZED VIEW": the kind's word in ALTER and COMMENT ON.
std::string_view keyword(const Relation& relation);

/// `a, "B"`
std::string name_list(const std::vector<std::string>& names);
/// A role, or PUBLIC.
std::string role(const std::string& name);
/// "fillfactor=70" as `fillfactor='70'`.
std::string option_list(const std::vector<std::string>& options, const std::string& prefix = "");

/// Is this child's column or constraint there because its parent has it? A partition is made alone
/// and attached, so everything of it is made.
inline bool comes_from_parent(const Relation& relation, bool local) {
  return !local && relation.partition_bound.empty();
}

}  // namespace engine::catalog::print
