#include "backup/lookup.h"

#include <fmt/format.h>

#include <array>

#include "backup/backup.h"
#include "backup/closure.h"
#include "backup/manifest.h"
#include "backup/session_guards.h"
#include "base/text.h"

namespace engine::backup {
namespace {

std::optional<QualifiedName> as_place(const std::string& given) {
  try {
    return QualifiedName::parse(given);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool still_there(const journal::SnapshotRow& row) {
  return row.status == "present" || (row.kind == "snapshot" && row.status == "restored");
}

}  // namespace

journal::SnapshotRow find(db::Connection& connection, const Origin& origin, const std::string& kind,
                          const std::string& name) {
  const journal::Snapshots snapshots{connection, quote_identifier(origin.journal_schema)};
  if (auto row = snapshots.find(kind, name, as_place(name))) return std::move(*row);
  std::vector<std::string> names;
  for (const auto& row : snapshots.all()) {
    if (row.kind == kind && still_there(row)) names.push_back(row.name);
  }
  const char* what = kind == "retired" ? "retired table" : "backup";
  throw Error{Code::missing_object, "there is no {} \"{}\"{}", what, name,
              text::did_you_mean(name, names)}
      .hint(names.empty() ? fmt::format("This database has no {}.", what)
                          : fmt::format("This database has: {}.", text::listed(names)));
}

void require_owner(db::Connection& connection, const std::vector<QualifiedName>& tables,
                   const char* what) {
  for (const auto& table : tables) {
    const auto owner = connection.query(
        "SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE') AS is_owner, "
        "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)) AS owner, "
        "pg_catalog.quote_ident(current_user) AS role, o.rolsuper AS superuser "
        "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_catalog.pg_roles o ON o.oid = c.relowner "
        "WHERE n.nspname = $1 AND c.relname = $2",
        {table.schema, table.name});
    if (owner.empty() || owner.boolean(0, "is_owner")) continue;
    throw Error{Code::refused,
                "{} {} needs the owner {}; the current role is {}",
                what,
                table.display(),
                owner.text(0, "owner"),
                owner.text(0, "role")}
        .sqlstate("42501")
        .hint(owner.boolean(0, "superuser")
                  // Its rights are more than the plan needs.
                  ? fmt::format("Run the plan as {}, or run as that role: ALTER TABLE {} OWNER TO "
                                "{};",
                                owner.text(0, "owner"), table.quoted(), owner.text(0, "role"))
                  : fmt::format("GRANT {} TO {}; or run the plan as {}.", owner.text(0, "owner"),
                                owner.text(0, "role"), owner.text(0, "owner")));
  }
}

void require_plain(const catalog::Relation& table, const char* what) {
  const auto refuse = [&](const std::string& why) {
    throw Error{Code::backup, "{} {} is not possible: {}", what, table.name.display(), why}.hint(
        "Write SQL for it in the step, or back it up with pg_dump.");
  };
  if (table.kind != 'r') refuse(fmt::format("it is a {}", table.kind_name()));
  if (!table.partition_bound.empty()) refuse("it is a partition");
  if (!table.parents.empty()) refuse("it inherits from another table");
  if (!table.children.empty()) refuse("other tables inherit from it");
  if (table.persistence == 't') refuse("it is a temporary table");
}

void rethrow(const Error& error, const std::string& doing) {
  constexpr std::array retried{"55P03", "40P01", "40001", "57014"};
  for (const char* state : retried) {
    if (error.sqlstate() == state) throw error;
  }
  if (error.code() != Code::sql) throw error;
  std::string hint = error.hint();
  if (error.sqlstate() == "2BP01") {
    hint = "An object created after the backup depends on it. Drop or change that object first.";
  }
  if (error.sqlstate() == "42501") {
    hint = "Run the plan as the owner of these objects.";
  }
  throw Error{Code::backup, "{}: {}", doing, error.message()}
      .sqlstate(error.sqlstate())
      .detail(error.detail())
      .constraint(error.constraint())
      .statement(error.statement())
      .hint(std::move(hint));
}

void drop(db::Connection& connection, const Origin& origin, const std::string& name) {
  const auto row = find(connection, origin, "snapshot", name);
  const Manifest manifest = manifest_from_json(row.manifest);
  std::vector<std::string> statements;
  for (const auto& set : manifest.rows) {
    const std::uint32_t now = table_oid(connection, set.copy);
    // A person may have dropped the copy, and given its name to something else.
    if (now != 0 && now != set.copy_oid) {
      throw Error{Code::backup,
                  "{} is not the copy that backup \"{}\" created: it is another table",
                  set.copy.display(), row.name}
          .hint("Rename or drop that table. Then try again.");
    }
    statements.push_back("DROP TABLE IF EXISTS " + set.copy.quoted());
  }
  run_all(connection, statements);
  journal::Snapshots{connection, quote_identifier(origin.journal_schema)}.set_status(row.id,
                                                                                     "dropped");
}

std::vector<Entry> list(db::Connection& connection, const Origin& origin) {
  std::vector<Entry> entries;
  for (const auto& row :
       journal::Snapshots{connection, quote_identifier(origin.journal_schema)}.all()) {
    if (!still_there(row)) continue;
    entries.push_back({row.name,
                       row.kind,
                       row.run,
                       row.created_at,
                       row.status,
                       {row.table_schema, row.table_name},
                       {row.copy_schema, row.copy_name},
                       row.rows});
  }
  return entries;
}

}  // namespace engine::backup
