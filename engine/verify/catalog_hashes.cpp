#include "verify/catalog_hashes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "verify/inventory.h"
#include "verify/outcomes.h"
#include "verify/queries.h"

namespace engine::verify {
namespace {

constexpr std::size_t hash_length = 12;

using Parts = std::map<std::string, std::string>;

std::string hashed(const std::string& text) { return hash::sha256(text).substr(0, hash_length); }

/// Of relations and their parts the catalog knows more.
bool is_described(const std::string& kind) {
  return Inventory::is_among(kind, "table,partition,view,matview,sequence,index,rule");
}

bool is_left_out(const Item& item, const std::string& engine_schema) {
  const std::string& schema = item.kind == "schema" ? item.name : item.schema;
  return item.builtin || is_described(item.kind) || item.kind == "default privileges" ||
         schema == engine_schema || schema.starts_with(engine_schema + "_") ||
         schema.starts_with("pg_temp_");
}

/// queries/picture.sql tells these by grantee and by member.
bool is_told_elsewhere(const std::string& fact) {
  return Inventory::is_among(fact, "access,members,member_of");
}

std::vector<std::string> names_of(const std::vector<catalog::Column>& columns) {
  std::vector<std::string> names;
  for (const catalog::Column& column : columns) names.push_back(column.name);
  return names;
}

void add(CatalogHashes& picture, const catalog::Relation& relation) {
  const std::string itself = fmt::format("{} {}", relation.kind_name(), relation.name.display());
  Parts& parts = picture[itself];
  parts[order_of_columns] = text::joined(names_of(relation.columns), "\n");
  for (const auto& [object, properties] : catalog::properties(relation)) {
    if (object == itself) {
      for (const auto& [property, value] : properties) {
        // A child says whose it is; its parent need not change with it.
        if (!value.empty() && property != "children") parts[property] = hashed(value);
      }
      continue;
    }
    // A key is a part of the table that has it, and said there.
    if (object.starts_with("foreign key ")) continue;
    std::string text;
    for (const auto& [property, value] : properties) text += property + "=" + value + "\n";
    parts[object] = hashed(text);
  }
}

void add(CatalogHashes& picture, const Item& item) {
  // Another name does not make it another database: the clone that a preview works on is one.
  const std::string name = item.kind == "database" ? "this" : item.display();
  Parts& parts = picture[fmt::format("{} {}", item.kind, name)];
  if (!item.owner.empty()) parts["owner"] = hashed(item.owner);
  if (!item.extension.empty()) parts["extension"] = hashed(item.extension);
  if (!item.comment.empty()) parts["comment"] = hashed(item.comment);
  for (const auto& [key, fact] : item.facts) {
    const std::string text = fact.is_list ? list_of(fact.items) : fact.text.value_or("");
    if (!text.empty() && !is_told_elsewhere(key)) parts[key] = hashed(text);
  }
}

db::Result rest(db::Connection& connection, const std::string& engine_schema) {
  return connection.query(query("catalog_hashes"), {engine_schema});
}

}  // namespace

CatalogHashes catalog_hashes_of(db::Connection& connection, const std::string& engine_schema) {
  CatalogHashes picture;
  for (const catalog::Relation& relation : catalog::describe_schemas(connection, {}, engine_schema))
    add(picture, relation);
  const Inventory inventory = Inventory::read(connection);
  for (const Item& item : inventory.items()) {
    if (!is_left_out(item, engine_schema)) add(picture, item);
  }
  const db::Result facts = rest(connection, engine_schema);
  for (std::size_t row = 0; row < facts.size(); ++row) {
    if (const auto& value = facts.at(row, "value"))
      picture[facts.text(row, "object")][facts.text(row, "part")] = hashed(*value);
  }
  return picture;
}

std::string to_json(const CatalogHashes& picture) { return nlohmann::json(picture).dump(); }

CatalogHashes catalog_hashes_from_json(const std::string& json) {
  try {
    return nlohmann::json::parse(json).get<CatalogHashes>();
  } catch (const nlohmann::json::exception&) {
    throw Error{Code::argument, "this is no picture of a catalog"}.hint(
        "catalog.picture() gives one.");
  }
}

}  // namespace engine::verify
