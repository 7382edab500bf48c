#include "verify/objects.h"

#include <algorithm>

#include "base/text.h"
#include "verify/wording.h"

namespace engine::verify {
namespace {

std::vector<std::string> column_of(const db::Result& result) {
  std::vector<std::string> names;
  for (std::size_t row = 0; row < result.size(); ++row) names.push_back(result.text(row, "name"));
  return names;
}

std::vector<std::string> role_names(db::Connection& connection) {
  return column_of(connection.query("SELECT rolname AS name FROM pg_catalog.pg_roles ORDER BY 1"));
}

std::vector<std::string> schema_names(db::Connection& connection) {
  return column_of(
      connection.query("SELECT nspname AS name FROM pg_catalog.pg_namespace ORDER BY 1"));
}

std::vector<std::string> extension_names(db::Connection& connection) {
  return column_of(
      connection.query("SELECT extname AS name FROM pg_catalog.pg_extension ORDER BY 1"));
}

/// Types that people name: no arrays, and no row types of tables.
constexpr std::string_view named_types =
    " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
    " WHERE t.typcategory <> 'A' AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class c"
    " WHERE c.oid = t.typrelid AND c.relkind = 'c'))";

bool type_exists(db::Connection& connection, const QualifiedName& type) {
  const auto result =
      connection.query(fmt::format("SELECT 1 {} AND t.typname = $1 AND CASE WHEN $2 = '' THEN"
                                   " pg_catalog.pg_type_is_visible(t.oid) ELSE n.nspname = $2 END",
                                   named_types),
                       {type.name, type.schema});
  return !result.empty();
}

std::vector<std::string> type_names(db::Connection& connection) {
  return column_of(connection.query(fmt::format(
      "SELECT CASE WHEN pg_catalog.pg_type_is_visible(t.oid) THEN t.typname::pg_catalog.text"
      " ELSE n.nspname || '.' || t.typname END AS name {}"
      " AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
      named_types)));
}

Outcome there_is(std::string_view noun, const std::string& written, bool found,
                 const std::vector<std::string>& known) {
  const std::string what = fmt::format("{} {}", noun, written);
  return found ? held(what + " exists", what)
               : failed(what + " exists", what, nothing_like(noun, written, known));
}

Outcome there_is_no(std::string_view noun, const std::string& written, bool found) {
  const std::string what = fmt::format("{} {}", noun, written);
  return found ? failed("there is no " + what, "no " + what, what)
               : held("there is no " + what, "no " + what);
}

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Outcome there_is(std::string_view noun, const std::string& written,
                 const std::vector<std::string>& known) {
  return there_is(noun, written, among(known, written), known);
}

}  // namespace

Outcome has_role(db::Connection& connection, const std::string& role) {
  return there_is("role", role, role_names(connection));
}
Outcome has_no_role(db::Connection& connection, const std::string& role) {
  return there_is_no("role", role, among(role_names(connection), role));
}

Outcome is_member_of(db::Connection& connection, const std::string& role,
                     const std::string& group) {
  const std::string name = fmt::format("role {} is a member of {}", role, group);
  const std::string expected = "member of " + group;
  const auto roles = role_names(connection);
  for (const auto& one : {role, group}) {
    if (!among(roles, one)) return failed(name, expected, nothing_like("role", one, roles));
  }
  const auto result = connection.query(
      "SELECT pg_catalog.pg_has_role($1::pg_catalog.name, $2::pg_catalog.name, 'MEMBER') AS member",
      {role, group});
  return compared(name, expected,
                  (result.boolean(0, "member") ? "member of " : "no member of ") + group);
}

Outcome has_type(db::Connection& connection, const QualifiedName& type) {
  const bool found = type_exists(connection, type);
  return there_is("type", type.display(), found,
                  found ? std::vector<std::string>{} : type_names(connection));
}
Outcome has_no_type(db::Connection& connection, const QualifiedName& type) {
  return there_is_no("type", type.display(), type_exists(connection, type));
}

Outcome labels_are(db::Connection& connection, const QualifiedName& type,
                   const std::vector<std::string>& labels) {
  const std::string name = fmt::format("type {} has exactly these labels", type.display());
  if (!type_exists(connection, type)) {
    return failed(name, list_of(labels),
                  nothing_like("type", type.display(), type_names(connection)));
  }
  const auto actual = column_of(connection.query(
      "SELECT e.enumlabel AS name FROM pg_catalog.pg_enum e"
      " JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = "
      "t.typnamespace"
      " WHERE t.typname = $1 AND CASE WHEN $2 = '' THEN pg_catalog.pg_type_is_visible(t.oid)"
      " ELSE n.nspname = $2 END ORDER BY e.enumsortorder",
      {type.name, type.schema}));
  return compared(name, list_of(labels), list_of(actual));
}

Outcome has_schema(db::Connection& connection, const std::string& schema) {
  return there_is("schema", schema, schema_names(connection));
}
Outcome has_no_schema(db::Connection& connection, const std::string& schema) {
  return there_is_no("schema", schema, among(schema_names(connection), schema));
}
Outcome has_extension(db::Connection& connection, const std::string& extension) {
  return there_is("extension", extension, extension_names(connection));
}
Outcome has_no_extension(db::Connection& connection, const std::string& extension) {
  return there_is_no("extension", extension, among(extension_names(connection), extension));
}

}  // namespace engine::verify
