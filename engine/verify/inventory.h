// What people made in a database, one item each in one shape: existence, ownership, comments and
// "exactly these" are then one piece of code for every kind.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "db/connection.h"

namespace engine::verify {

/// What differs from kind to kind: "version" of an extension, "labels" of an enum. A list, or a
/// text; nothing where it is NULL.
struct Fact {
  std::optional<std::string> text;
  std::vector<std::string> items;
  bool is_list = false;
};
using Facts = std::map<std::string, Fact>;

struct Item {
  std::uint32_t oid = 0;
  std::string kind;  // "enum", "foreign table", "role" … as in queries/inventory.sql
  std::string schema, name;
  std::string signature;  // "f(integer, text)" of routines and operators, else ""
  std::string parent;     // "public.t": the table of a rule, the parent of a partition
  std::string owner, extension, comment;
  bool builtin = false;
  Facts facts;

  std::string display() const;  // with its schema
};

class Inventory {
 public:
  /// One round trip. Names and types are printed with their schemas.
  static Inventory read(db::Connection& connection);

  /// The item of one of the kinds ("enum,domain"); a bare name is looked for along the search_path.
  /// `name(types)` finds what has a signature.
  const Item* find(std::string_view kinds, const std::string& written) const;
  /// All of the kinds that `matches`, in the order of their names.
  template <typename Matches>
  std::vector<const Item*> all(std::string_view kinds, Matches matches) const {
    std::vector<const Item*> found;
    for (const Item& item : items_) {
      if (is_among(item.kind, kinds) && matches(item)) found.push_back(&item);
    }
    return found;
  }
  /// As a person would write them here: without the schema where the search_path finds them.
  std::vector<std::string> names(std::string_view kinds) const;

  const std::vector<Item>& items() const { return items_; }

  static bool is_among(std::string_view kind, std::string_view kinds);

 private:
  bool on_path(const Item& item) const;

  std::vector<Item> items_;
  std::vector<std::string> path_;
};

/// "f(int,text)" is "f(integer, text)".
bool same_signature(const std::string& written, const std::string& printed);

}  // namespace engine::verify
