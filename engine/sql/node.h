// Reading a node of the parse tree. Private to sql.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/names.h"

namespace engine::sql {

/// A field that holds a word; "" where it is absent.
std::string text(const nlohmann::json& node, const char* key);

/// Of a RangeVar: as written, the schema may be empty.
QualifiedName relation_name(const nlohmann::json& range);

/// The items of a list; none where it is absent.
const nlohmann::json& children(const nlohmann::json& node, const char* key);

/// An option of a list like "(ANALYZE, VERBOSE off)".
bool has_option(const nlohmann::json& node, const char* list, const char* name);
/// Given, and not given as false. `otherwise` where it is not given.
bool option_is_on(const nlohmann::json& node, const char* list, const char* name,
                  bool otherwise = false);

}  // namespace engine::sql
