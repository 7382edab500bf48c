#include "shadow/masks.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/names.h"

namespace engine::shadow {
namespace {

bool is_kind(const std::string& mask) { return mask == "null" || mask == "hash" || mask == "text"; }

/// public.users.email, quotes where a name has dots: the last name is the column.
std::pair<std::string, std::string> place_of(const std::string& text) {
  bool quoted = false;
  std::size_t last = std::string::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '.' && !quoted) last = i;
  }
  try {
    if (last != std::string::npos) {
      const QualifiedName table = QualifiedName::parse(text.substr(0, last));
      const QualifiedName column = QualifiedName::parse(text.substr(last + 1));
      if (!table.schema.empty()) return {table.quoted(), quote_identifier(column.name)};
    }
  } catch (const Error&) {
    // Told below.
  }
  throw Error{Code::usage, "mask of \"{}\" names no column", text}.hint(
      "Write schema.table.column, as in mask = { \"auth.users.email\" = \"hash\" }.");
}

std::string hash_of(const std::string& value, const std::string& type) {
  const auto number = [&](const char* largest) {
    return fmt::format("(pg_catalog.abs(pg_catalog.hashtextextended({}::text, 0) % {}))::{}", value,
                       largest, type);
  };
  if (type == "smallint") return number("32768");
  if (type == "integer") return number("2147483648");
  if (type == "bigint" || type == "numeric") return number("9223372036854775807");
  return fmt::format("pg_catalog.md5({}::text)::{}", value, type);
}

}  // namespace

Masks::Masks(const std::map<std::string, std::string>& by_column) {
  for (const auto& [place, mask] : by_column) by_column_[place_of(place)] = mask;
}

void Masks::join(const std::string& table, const std::string& column,
                 const std::string& other_table, const std::string& other_column) {
  const auto one = by_column_.find({table, column});
  const auto other = by_column_.find({other_table, other_column});
  if (one != by_column_.end() && other == by_column_.end() && is_kind(one->second))
    by_column_[{other_table, other_column}] = one->second;
  if (other != by_column_.end() && one == by_column_.end() && is_kind(other->second))
    by_column_[{table, column}] = other->second;
}

std::string Masks::expression(const std::string& table, const std::string& column,
                              const std::string& type) const {
  const std::string value = "t." + column;
  const auto found = by_column_.find({table, column});
  if (found == by_column_.end()) return value;
  const std::string& mask = found->second;
  if (mask == "null") return "NULL::" + type;
  if (mask == "hash") return hash_of(value, type);
  if (mask == "text") {
    return fmt::format(
        "pg_catalog.regexp_replace(pg_catalog.regexp_replace({}::text, '[[:alpha:]]', 'x', 'g'), "
        "'[[:digit:]]', '0', 'g')::{}",
        value, type);
  }
  return fmt::format("({})::{}", mask, type);
}

}  // namespace engine::shadow
