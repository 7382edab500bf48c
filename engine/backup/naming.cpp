#include "backup/naming.h"

#include <algorithm>

#include "backup/session_guards.h"

namespace engine::backup {
namespace {

constexpr std::size_t longest_name = 63;

// Cut between two characters: a UTF-8 continuation byte begins with the bits 10.
std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string{text};
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return std::string{text.substr(0, bytes)};
}

std::string fitted(std::string_view stem, std::string_view suffix) {
  return cut(stem, longest_name - std::min(suffix.size(), longest_name)) + std::string{suffix};
}

// Default privileges can open new schemas and tables; the owner's own rights stay.
void revoke_from_others(db::Connection& connection, const char* kind, const std::string& catalog,
                        const char* acl, const char* owner, const std::string& condition,
                        const std::string& object) {
  const auto open = connection.query(fmt::format(
      "SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) "
      "END "
      "AS grantee FROM pg_catalog.{} o CROSS JOIN LATERAL pg_catalog.aclexplode(o.{}) a "
      "LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee WHERE a.grantee <> o.{} AND {}",
      catalog, acl, owner, condition));
  std::vector<std::string> statements;
  for (std::size_t i = 0; i < open.size(); ++i) {
    statements.push_back(
        fmt::format("REVOKE ALL ON {} {} FROM {}", kind, object, open.text(i, "grantee")));
  }
  run_all(connection, statements);
}

void create_schema(db::Connection& connection, const std::string& schema,
                   const std::string& about) {
  const auto role = connection.query(
      "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS "
      "allowed, "
      "pg_catalog.quote_ident(pg_catalog.current_database()) AS database, "
      "pg_catalog.quote_ident(current_user) AS role");
  if (!role.boolean(0, "allowed")) {
    throw Error{Code::refused, "role {} may not create the schema {} that keeps backups",
                role.text(0, "role"), quote_identifier(schema)}
        .hint(fmt::format("GRANT CREATE ON DATABASE {} TO {};", role.text(0, "database"),
                          role.text(0, "role")));
  }
  const std::string quoted = quote_identifier(schema);
  run_all(connection,
          {"CREATE SCHEMA " + quoted, fmt::format("COMMENT ON SCHEMA {} IS {}", quoted,
                                                  db::Connection::quote_literal(about))});
  revoke_from_others(connection, "SCHEMA", "pg_namespace", "nspacl", "nspowner",
                     "o.nspname = " + db::Connection::quote_literal(schema), quoted);
}

bool schema_exists(db::Connection& connection, const std::string& schema) {
  return !connection.query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", {schema})
              .empty();
}

}  // namespace

std::string copies_schema(db::Connection& connection, const Origin& origin) {
  std::string schema = origin.journal_schema + "_backup";
  if (!schema_exists(connection, schema)) {
    create_schema(connection, schema, "Copies of tables, taken by engine before it changed them.");
  }
  return schema;
}

std::string own_schema(db::Connection& connection, const Origin& origin, std::string_view purpose,
                       std::string_view table) {
  const std::string stem = fmt::format("{}_{}_{}", origin.journal_schema, purpose, table);
  std::string schema = cut(stem, longest_name);
  for (int number = 2; schema_exists(connection, schema); ++number) {
    schema = fitted(stem, fmt::format("_{}", number));
  }
  create_schema(connection, schema, fmt::format("The table {}, moved here by engine.", table));
  return schema;
}

QualifiedName free_name(db::Connection& connection, const std::string& schema,
                        std::string_view stem, std::string_view suffix) {
  QualifiedName name{schema, fitted(stem, suffix)};
  // A table's row type takes its name among the types as well.
  const auto taken = [&] {
    return !connection
                .execute(
                    "SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = $1 AND "
                    "(EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND "
                    "c.relname = $2) OR "
                    "EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid AND "
                    "t.typname = $2))",
                    {name.schema, name.name})
                .empty();
  };
  for (int number = 2; taken(); ++number) {
    name.name = fitted(stem, fmt::format("{}_{}", suffix, number));
  }
  return name;
}

std::string run_suffix(db::Connection& connection, const Origin& origin) {
  std::string id = origin.run;
  if (id.empty()) {
    id = connection
             .execute(
                 "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', "
                 "'YYYYMMDD_HH24MISS') AS id")
             .text(0, "id");
  }
  std::replace(id.begin(), id.end(), '-', '_');
  return "_" + id;
}

void make_private(db::Connection& connection, const QualifiedName& table,
                  const std::string& comment) {
  const std::string quoted = table.quoted();
  revoke_from_others(
      connection, "TABLE", "pg_class", "relacl", "relowner",
      fmt::format("o.oid = {}::pg_catalog.regclass", db::Connection::quote_literal(quoted)),
      quoted);
  run_all(connection, {fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", quoted),
                       fmt::format("COMMENT ON TABLE {} IS {}", quoted,
                                   db::Connection::quote_literal(comment))});
}

}  // namespace engine::backup
