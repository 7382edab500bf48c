#include "backup/closure.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "backup/queries.h"
#include "catalog/catalog.h"

namespace engine::backup {
namespace {

std::string oid_array(const std::vector<std::uint32_t>& oids) {
  std::string list;
  for (const auto oid : oids) list += (list.empty() ? "" : ",") + std::to_string(oid);
  return "{" + list + "}";
}

std::uint32_t oid_at(const db::Result& rows, std::size_t row, std::string_view column) {
  return static_cast<std::uint32_t>(rows.integer(row, column));
}

std::vector<KeyColumn> key_of(db::Connection& connection, std::uint32_t table) {
  const auto rows = connection.query(query("primary_key"), {std::to_string(table)});
  std::vector<KeyColumn> key;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    key.push_back({rows.text(i, "column"), rows.text(i, "op")});
  }
  return key;
}

RowSet row_set_of(db::Connection& connection, const catalog::Relation& table) {
  RowSet set;
  set.table = table.name;
  set.oid = table.oid;
  set.key = key_of(connection, table.oid);
  for (const auto& column : table.columns) {
    set.columns.push_back(
        {column.name, column.type, column.generated, column.identity == "always"});
  }
  return set;
}

bool takes_rows_along(const ForeignKey& key) {
  return key.on_delete == 'c' || key.on_delete == 'n' || key.on_delete == 'd';
}

catalog::Relation policy_of(const std::vector<catalog::Relation>& tables,
                            const QualifiedName& table, const std::string& policy) {
  for (const auto& relation : tables) {
    if (relation.name != table) continue;
    catalog::Relation only;
    only.name = table;
    only.policies.push_back(*relation.policy(policy));
    return only;
  }
  throw Error{Code::missing_object, "table {} was dropped while the engine read it",
              table.display()};
}

}  // namespace

std::vector<ForeignKey> foreign_keys(db::Connection& connection,
                                     const std::vector<std::uint32_t>& tables) {
  const auto rows = connection.query(query("foreign_keys"), {oid_array(tables)});
  std::vector<ForeignKey> keys;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (keys.empty() || keys.back().oid != oid_at(rows, i, "oid")) {
      ForeignKey key;
      key.oid = oid_at(rows, i, "oid");
      key.name = rows.text(i, "name");
      key.child = {rows.text(i, "child_schema"), rows.text(i, "child_name")};
      key.parent = {rows.text(i, "parent_schema"), rows.text(i, "parent_name")};
      key.child_oid = oid_at(rows, i, "child_oid");
      key.parent_oid = oid_at(rows, i, "parent_oid");
      key.on_delete = rows.text(i, "on_delete").front();
      key.validated = rows.boolean(i, "validated");
      keys.push_back(std::move(key));
    }
    keys.back().pairs.push_back(
        {rows.text(i, "child_column"), rows.text(i, "parent_column"), rows.text(i, "op")});
  }
  return keys;
}

std::vector<RowSet> row_sets(db::Connection& connection, const catalog::Relation& table,
                             bool refers) {
  std::vector<RowSet> sets{row_set_of(connection, table)};
  for (std::size_t parent = 0; refers && parent < sets.size(); ++parent) {
    for (const auto& key : foreign_keys(connection, {sets[parent].oid})) {
      if (key.parent_oid != sets[parent].oid || !takes_rows_along(key)) continue;
      auto child = std::find_if(sets.begin(), sets.end(),
                                [&](const RowSet& set) { return set.oid == key.child_oid; });
      // Keys among tables in a circle: only those that lead away from the table are followed.
      if (child != sets.end() && child <= sets.begin() + static_cast<std::ptrdiff_t>(parent))
        continue;
      if (child == sets.end()) {
        const auto relation = catalog::describe(connection, key.child);
        if (!relation) continue;
        child = sets.insert(sets.end(), row_set_of(connection, *relation));
      }
      child->links.push_back({parent, key.pairs});
    }
  }
  return sets;
}

std::map<std::string, std::uint32_t> referrers(db::Connection& connection, std::uint32_t table) {
  std::map<std::string, std::uint32_t> tables;
  for (const auto& key : foreign_keys(connection, {table})) {
    if (key.parent_oid == table) tables[key.child.quoted()] = key.child_oid;
  }
  return tables;
}

std::uint32_t table_oid(db::Connection& connection, const QualifiedName& table) {
  const auto found = connection.query(
      "SELECT c.oid::bigint AS oid FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = $1 AND c.relname = $2",
      {table.schema, table.name});
  return found.empty() ? 0 : static_cast<std::uint32_t>(found.integer(0, "oid"));
}

std::map<std::string, int> column_numbers(db::Connection& connection, std::uint32_t table) {
  const auto rows = connection.query(
      "SELECT attname AS name, attnum AS number FROM pg_catalog.pg_attribute "
      "WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped",
      {std::to_string(table)});
  std::map<std::string, int> numbers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    numbers[rows.text(i, "name")] = static_cast<int>(rows.integer(i, "number"));
  }
  return numbers;
}

void read_attached(db::Connection& connection, Manifest& manifest) {
  const auto rows = connection.query(query("attached"), {std::to_string(manifest.table.oid)});
  std::vector<QualifiedName> names;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows.at(i, "name")) names.push_back({rows.text(i, "schema"), rows.text(i, "name")});
    if (rows.at(i, "policy")) {
      names.push_back({rows.text(i, "policy_schema"), rows.text(i, "policy_table")});
    }
  }
  const auto relations = catalog::describe(connection, names);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Attached item;
    item.depth = static_cast<int>(rows.integer(i, "depth"));
    const std::string kind = rows.at(i, "relkind").value_or("");
    if (kind == "v" || kind == "m") {
      const QualifiedName name{rows.text(i, "schema"), rows.text(i, "name")};
      const auto view = std::find_if(relations.begin(), relations.end(),
                                     [&](const auto& each) { return each.name == name; });
      if (view == relations.end()) continue;
      item.relation = *view;
    } else if (rows.at(i, "signature")) {
      item.kind = AttachedKind::routine;
      auto routine = read_routine(connection, rows.text(i, "signature"));
      if (!routine) continue;
      item.routine = std::move(*routine);
    } else if (rows.at(i, "policy")) {
      item.kind = AttachedKind::policy;
      item.relation =
          policy_of(relations, {rows.text(i, "policy_schema"), rows.text(i, "policy_table")},
                    rows.text(i, "policy"));
    } else {
      manifest.unsupported.push_back(rows.text(i, "description"));
      continue;
    }
    manifest.attached.push_back(std::move(item));
  }
}

std::vector<std::string> beyond_rights(db::Connection& connection, const Manifest& manifest) {
  std::string values;
  const auto add = [&](const std::string& what, const std::string& owner) {
    values += fmt::format("{}({}::text, {})", values.empty() ? "" : ", ",
                          db::Connection::quote_literal(what), owner);
  };
  const auto named = [](const std::string& owner) {
    return db::Connection::quote_literal(owner) + "::name";
  };
  const auto of_table = [](const QualifiedName& table) {
    return fmt::format(
        "(SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c WHERE c.oid = "
        "{}::pg_catalog.regclass)",
        db::Connection::quote_literal(table.quoted()));
  };
  for (const auto& item : manifest.attached) {
    switch (item.kind) {
      case AttachedKind::view:
        add(item.name(), named(item.relation.owner));
        break;
      case AttachedKind::routine:
        add(item.name(), named(item.routine.owner));
        break;
      case AttachedKind::policy:
        add(item.name(), of_table(item.relation.name));
        break;
    }
  }
  for (const auto& key : manifest.table.referenced_by) {
    add(fmt::format("foreign key {} of {}", quote_identifier(key.name), key.table.display()),
        of_table(key.table));
  }
  for (const auto& publication : manifest.table.publications) {
    add("its place in publication " + quote_identifier(publication.name),
        fmt::format("(SELECT pg_catalog.pg_get_userbyid(p.pubowner) FROM "
                    "pg_catalog.pg_publication p WHERE p.pubname = {})",
                    db::Connection::quote_literal(publication.name)));
  }
  std::vector<std::string> sentences;
  if (values.empty()) return sentences;
  const auto rows = connection.query(fmt::format(
      "SELECT v.what, pg_catalog.quote_ident(v.owner) AS owner FROM (VALUES {}) v (what, "
      "owner) WHERE NOT pg_catalog.pg_has_role(v.owner, 'MEMBER')",
      values));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sentences.push_back(
        fmt::format("{} (belongs to {})", rows.text(i, "what"), rows.text(i, "owner")));
  }
  return sentences;
}

std::optional<Routine> read_routine(db::Connection& connection, const std::string& signature) {
  const auto rows = connection.query(query("routine"), {signature});
  if (rows.empty()) return std::nullopt;
  Routine routine{rows.text(0, "kind"),  rows.text(0, "signature"), rows.text(0, "definition"),
                  rows.text(0, "owner"), rows.text(0, "comment"),   {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows.at(i, "grantee")) continue;
    routine.grants.push_back({rows.text(i, "grantee"), rows.text(i, "grantor"),
                              rows.text(i, "privilege"), rows.boolean(i, "grantable")});
  }
  return routine;
}

}  // namespace engine::backup
