#include "database_state/schema_hash.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "catalog/fingerprint.h"

namespace engine::database_state {

SchemaHashes schema_hashes(const DatabaseState& picture) {
  SchemaHashes hashes;
  for (const catalog::Relation& relation : picture.relations) {
    hashes[fmt::format("{} {}", relation.kind_name(), relation.name.display())] =
        catalog::fingerprint(relation).hash;
  }
  for (const auto& [object, definition] : picture.objects) {
    if (!object.starts_with("role ")) hashes[object] = hash::sha256(definition);
  }
  return hashes;
}

SchemaHashes read_schema_hashes(db::Connection& connection, const std::string& journal) {
  return schema_hashes(take_schema(connection, journal));
}

}  // namespace engine::database_state
