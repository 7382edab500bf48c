#include "verify/inventory.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "db/pipeline.h"
#include "sql/expression.h"
#include "verify/queries.h"

namespace engine::verify {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Facts facts_of(const std::string& text) {
  Facts facts;
  const json object = json::parse(text);
  for (const auto& [key, value] : object.items()) {
    Fact fact;
    fact.is_list = value.is_array();
    if (fact.is_list) {
      for (const json& item : value) fact.items.push_back(text_of(item));
    } else if (!value.is_null()) {
      fact.text = text_of(value);
    }
    facts.emplace(key, std::move(fact));
  }
  return facts;
}

Item item_of(const db::Result& result, std::size_t row) {
  Item item;
  item.oid = static_cast<std::uint32_t>(result.integer(row, "oid"));
  item.kind = result.text(row, "kind");
  item.schema = result.text(row, "schema");
  item.name = result.text(row, "name");
  item.signature = result.text(row, "signature");
  item.parent = result.text(row, "parent");
  item.owner = result.text(row, "owner");
  item.extension = result.text(row, "extension");
  item.comment = result.text(row, "comment");
  item.builtin = result.boolean(row, "builtin");
  item.facts = facts_of(result.text(row, "facts"));
  return item;
}

/// "f(a, b(1,2))" as f, a and b(1,2).
std::vector<std::string> signature_parts(const std::string& signature) {
  const auto open = signature.find('(');
  std::vector<std::string> parts{text::trimmed(signature.substr(0, open))};
  int depth = 0;
  std::string part;
  for (std::size_t i = open + 1; i < signature.size(); ++i) {
    const char c = signature[i];
    if (c == '(') ++depth;
    if (c == ')' && depth-- == 0) break;
    if (c == ',' && depth == 0) {
      parts.push_back(text::trimmed(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!text::trimmed(part).empty()) parts.push_back(text::trimmed(part));
  return parts;
}

/// "integer AS app.mood"
bool same_cast(const std::string& written, const std::string& printed) {
  const auto middle = [](const std::string& text) { return text::lower(text).find(" as "); };
  const auto here = middle(written), there = middle(printed);
  if (here == std::string::npos || there == std::string::npos) return false;
  return sql::same_type(written.substr(0, here), printed.substr(0, there)) &&
         sql::same_type(written.substr(here + 4), printed.substr(there + 4));
}

}  // namespace

std::string Item::display() const {
  const std::string& shown = signature.empty() ? name : signature;
  return schema.empty() ? shown : schema + "." + shown;
}

Inventory Inventory::read(db::Connection& connection) {
  db::Pipeline pipeline{connection};
  pipeline.add({query("search_path"), {}, db::Lookup::session});
  pipeline.add({query("inventory"), {}});
  const auto answers = pipeline.run();
  Inventory inventory;
  for (const json& schema : json::parse(answers[0].result.text(0, "path")))
    inventory.path_.push_back(schema.get<std::string>());
  const db::Result& items = answers[1].result;
  for (std::size_t row = 0; row < items.size(); ++row)
    inventory.items_.push_back(item_of(items, row));
  return inventory;
}

bool Inventory::is_among(std::string_view kind, std::string_view kinds) {
  for (std::size_t from = 0; from <= kinds.size();) {
    const auto comma = std::min(kinds.find(',', from), kinds.size());
    if (kinds.substr(from, comma - from) == kind) return true;
    from = comma + 1;
  }
  return false;
}

bool Inventory::on_path(const Item& item) const {
  return item.schema.empty() || std::find(path_.begin(), path_.end(), item.schema) != path_.end();
}

const Item* Inventory::find(std::string_view kinds, const std::string& written) const {
  if (kinds == "cast") {
    const auto casts = all(kinds, [&](const Item& item) { return same_cast(written, item.name); });
    return casts.empty() ? nullptr : casts.front();
  }
  const auto open = written.find('(');
  const std::string before = text::trimmed(written.substr(0, open));
  // The name of an operator is no identifier, and a schema before it has a dot.
  const bool is_operator = kinds == "operator";
  const auto dot = is_operator ? before.find('.') : std::string::npos;
  QualifiedName name{dot == std::string::npos ? "" : before.substr(0, dot),
                     dot == std::string::npos ? before : before.substr(dot + 1)};
  if (!is_operator) name = QualifiedName::parse(before);
  const auto matches = [&](const Item& item) {
    if (item.name != name.name) return false;
    if (!name.schema.empty() ? item.schema != name.schema : !on_path(item)) return false;
    return open == std::string::npos ||
           same_signature(name.name + written.substr(open), item.signature);
  };
  const auto found = all(kinds, matches);
  if (found.empty()) return nullptr;
  // The first schema of the path wins.
  return *std::min_element(found.begin(), found.end(), [&](const Item* a, const Item* b) {
    const auto place = [&](const Item* item) {
      return std::find(path_.begin(), path_.end(), item->schema) - path_.begin();
    };
    return place(a) < place(b);
  });
}

std::vector<std::string> Inventory::names(std::string_view kinds) const {
  std::vector<std::string> names;
  for (const Item* item : all(kinds, [](const Item&) { return true; }))
    names.push_back(on_path(*item) ? (item->signature.empty() ? item->name : item->signature)
                                   : item->display());
  return names;
}

bool same_signature(const std::string& written, const std::string& printed) {
  if (written.find('(') == std::string::npos || printed.find('(') == std::string::npos)
    return false;
  const auto here = signature_parts(written), there = signature_parts(printed);
  if (here.size() != there.size() || here.front() != there.front()) return false;
  for (std::size_t i = 1; i < here.size(); ++i) {
    if (!sql::same_type(here[i], there[i])) return false;
  }
  return true;
}

}  // namespace engine::verify
