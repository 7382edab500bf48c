#include "base/names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"

namespace engine {
namespace {

constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1; the server would cut the rest silently

// Reserved in PostgreSQL 14 to 18 (pg_get_keywords: R and T, and C where it cannot be a column's
// name alone).
constexpr std::array reserved{
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
};

bool needs_quotes(std::string_view name) {
  const auto plain_start = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto plain = [&](char c) { return plain_start(c) || (c >= '0' && c <= '9'); };
  return !plain_start(name.front()) || !std::all_of(name.begin(), name.end(), plain) ||
         std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

// One part of a dotted name, from `position` on, which it moves behind the part.
std::string read_part(std::string_view text, std::size_t& position) {
  const auto malformed = [&] {
    return Error{Code::argument, "\"{}\" is not the name of an object", text}.hint(
        "Write name, schema.name, or \"Odd Name\" in double quotes.");
  };
  std::string part;
  if (position < text.size() && text[position] == '"') {
    for (++position;; ++position) {
      if (position >= text.size()) throw malformed();
      if (text[position] == '"') {
        if (position + 1 >= text.size() || text[position + 1] != '"') break;
        ++position;
      }
      part += text[position];
    }
    ++position;
  } else {
    for (; position < text.size() && text[position] != '.'; ++position) {
      const auto byte = static_cast<unsigned char>(text[position]);
      if (!std::isalnum(byte) && byte != '_' && byte != '$' && byte < 0x80) throw malformed();
      part += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : text[position];
    }
    if (!part.empty() &&
        (std::isdigit(static_cast<unsigned char>(part.front())) || part.front() == '$'))
      throw malformed();
  }
  if (part.empty()) throw malformed();
  return part;
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  if (name.empty()) throw Error{Code::argument, "a name is empty"};
  if (name.find('\0') != std::string_view::npos)
    throw Error{Code::argument, "a name contains a NUL byte"};
  if (name.size() > longest_name) {
    throw Error{Code::argument, "the name \"{}\" has {} bytes; PostgreSQL keeps {}", name,
                name.size(), longest_name};
  }
  if (!needs_quotes(name)) return std::string{name};
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

QualifiedName QualifiedName::parse(std::string_view text) {
  std::size_t position = 0;
  QualifiedName result{"", read_part(text, position)};
  if (position < text.size() && text[position] == '.') {
    ++position;
    result.schema = std::move(result.name);
    result.name = read_part(text, position);
  }
  if (position != text.size()) {
    throw Error{Code::argument, "\"{}\" is not the name of an object", text}.hint(
        "Write name or schema.name; the database is the one the engine is connected to.");
  }
  return result;
}

std::string QualifiedName::quoted() const {
  return schema.empty() ? quote_identifier(name)
                        : quote_identifier(schema) + "." + quote_identifier(name);
}

std::string QualifiedName::display() const { return quoted(); }

}  // namespace engine
