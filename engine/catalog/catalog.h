// Reading the catalog: one round trip for any number of relations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "catalog/relation.h"
#include "db/connection.h"

namespace engine::catalog {

// Definitions are printed as the server prints them with nothing but pg_catalog on the search_path:
// every other name in them is qualified. No setting is left behind, and no transaction is needed.

/// The relations of these names; bare names are found by the session's search_path. What does not
/// exist is left out. All kinds of queries travel in one pipeline flush.
std::vector<Relation> describe(db::Connection& connection, const std::vector<QualifiedName>& names);
/// One relation; nothing where it does not exist.
std::optional<Relation> describe(db::Connection& connection, const QualifiedName& name);

/// Every table, view, materialized view and sequence of the schemas; no schema: all but the
/// system's and the engine's, which are the journal's and those named after it.
std::vector<Relation> describe_schemas(db::Connection& connection,
                                       const std::vector<std::string>& schemas = {},
                                       const std::string& engine_schema = "engine");

/// What depends on the relation, directly and through views, nearest first.
std::vector<Dependent> dependents(db::Connection& connection, const QualifiedName& name);

/// What uses an object: dependents by pg_depend, and functions and policies whose text names it
/// (said so in `description`).
std::vector<Dependent> uses(db::Connection& connection, const QualifiedName& name);

/// What DROP COLUMN … CASCADE would take along, indexes and constraints of the table included; its
/// own default is a part of it. Bodies that are text are not searched: a column's name says little.
std::vector<Dependent> uses_of_column(db::Connection& connection, const QualifiedName& table,
                                      const std::string& column);

}  // namespace engine::catalog
