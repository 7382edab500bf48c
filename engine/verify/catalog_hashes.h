// The whole catalog as hashes: what was there at one moment, to be compared with another.
#pragma once

#include <map>
#include <string>

#include "db/connection.h"

namespace engine::verify {

/// Object ("table public.t", "role anon") to what makes it that object ("column id", "policy p",
/// "owner", "privileges of anon"), each as a short hash. Rows and the numbers of sequences are not
/// in it; nor is the engine's own schema, nor anything temporary.
using CatalogHashes = std::map<std::string, std::map<std::string, std::string>>;

/// The one part that is no hash but names, a line each: a column more or less moves no other.
constexpr const char* order_of_columns = "order of columns";

/// Three round trips. Names and definitions are printed with their schemas, whatever the
/// search_path.
CatalogHashes catalog_hashes_of(db::Connection& connection, const std::string& engine_schema);

/// An object of objects, for the journal and for Lua.
std::string to_json(const CatalogHashes& picture);
/// Throws Error{argument} for what is no picture.
CatalogHashes catalog_hashes_from_json(const std::string& json);

}  // namespace engine::verify
