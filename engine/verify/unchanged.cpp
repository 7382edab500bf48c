#include "verify/unchanged.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "verify/inventory.h"
#include "verify/wording.h"

namespace engine::verify {
namespace {

constexpr std::size_t hash_length = 16;
constexpr std::size_t most_told = 12;

bool is_described(const std::string& kind) {
  return Inventory::is_among(kind,
                             "table,partition,foreign table,view,matview,sequence,index,rule");
}

bool belongs_to(const std::string& schema, const std::string& engine_schema) {
  return schema == engine_schema || schema.starts_with(engine_schema + "_");
}

std::string text_of(const Item& item) {
  std::string text = fmt::format("{}|{}|{}", item.owner, item.extension, item.comment);
  for (const auto& [key, fact] : item.facts) {
    text += fmt::format("|{}={}", key, fact.is_list ? list_of(fact.items) : fact.text.value_or(""));
  }
  return text;
}

/// "table public.t" by "table public.t", "public.t", "t", "schema public".
bool is_named(const std::string& object, const std::string& written) {
  if (object == written || object.ends_with(" " + written) || object.ends_with("." + written))
    return true;
  if (!written.starts_with("schema ")) return false;
  return object.find(" " + written.substr(7) + ".") != std::string::npos;
}

}  // namespace

Picture picture_of(db::Connection& connection, const std::string& engine_schema) {
  Picture picture;
  for (const catalog::Relation& relation :
       catalog::describe_schemas(connection, {}, engine_schema)) {
    picture[fmt::format("{} {}", relation.kind_name(), relation.name.display())] =
        catalog::fingerprint(relation).hash.substr(0, hash_length);
  }
  const Inventory inventory = Inventory::read(connection);
  for (const Item& item : inventory.items()) {
    if (item.builtin || is_described(item.kind)) continue;
    if (belongs_to(item.schema, engine_schema) ||
        (item.kind == "schema" && belongs_to(item.name, engine_schema)))
      continue;
    picture[fmt::format("{} {}", item.kind, item.display())] =
        hash::sha256(text_of(item)).substr(0, hash_length);
  }
  return picture;
}

Outcome unchanged_except(const Picture& before, const Picture& now,
                         const std::vector<std::string>& except) {
  const std::string name = except.empty() ? std::string{"nothing has changed"}
                                          : "nothing has changed but " + text::listed(except);
  const auto excepted = [&](const std::string& object) {
    return std::any_of(except.begin(), except.end(),
                       [&](const std::string& written) { return is_named(object, written); });
  };
  std::vector<std::string> changes;
  for (const auto& [object, hash] : before) {
    if (excepted(object)) continue;
    const auto found = now.find(object);
    if (found == now.end()) {
      changes.push_back(object + " is gone");
    } else if (found->second != hash) {
      changes.push_back(object + " has changed");
    }
  }
  for (const auto& [object, hash] : now) {
    if (!excepted(object) && !before.contains(object)) changes.push_back(object + " is new");
  }
  if (changes.empty()) return held(name, "no change");
  if (changes.size() > most_told) {
    const std::string rest = fmt::format("{} more", changes.size() - most_told);
    changes.resize(most_told);
    changes.push_back(rest);
  }
  return failed(name, "no change", text::joined(changes, "; "));
}

}  // namespace engine::verify
