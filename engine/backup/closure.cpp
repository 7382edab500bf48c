#include "backup/closure.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
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

// conpfeqop compares the referenced column (left) with the referring one, and may lie in an extension's schema.
constexpr const char* foreign_key_columns = R"sql(
SELECT c.oid::bigint AS oid, c.conname AS name, c.confdeltype AS on_delete, c.convalidated AS validated,
       c.conrelid::bigint AS child_oid, cn.nspname AS child_schema, cr.relname AS child_name,
       c.confrelid::bigint AS parent_oid, pn.nspname AS parent_schema, pr.relname AS parent_name,
       ca.attname AS child_column, pa.attname AS parent_column,
       pg_catalog.format('OPERATOR(%I.%s)', opn.nspname, op.oprname) AS op
  FROM pg_catalog.pg_constraint c
  JOIN pg_catalog.pg_class cr ON cr.oid = c.conrelid
  JOIN pg_catalog.pg_namespace cn ON cn.oid = cr.relnamespace
  JOIN pg_catalog.pg_class pr ON pr.oid = c.confrelid
  JOIN pg_catalog.pg_namespace pn ON pn.oid = pr.relnamespace
 CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey),
                               pg_catalog.unnest(c.conpfeqop)) WITH ORDINALITY AS k(child, parent, op, place)
  JOIN pg_catalog.pg_attribute ca ON ca.attrelid = c.conrelid AND ca.attnum = k.child
  JOIN pg_catalog.pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = k.parent
  JOIN pg_catalog.pg_operator op ON op.oid = k.op
  JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
 WHERE c.contype = 'f' AND c.conparentid = 0
   AND (c.conrelid = ANY ($1::oid[]) OR c.confrelid = ANY ($1::oid[]))
 ORDER BY cn.nspname, cr.relname, c.conname, c.oid, k.place
)sql";

// The primary key, with strategy 3 (equal) of each column's own operator class.
constexpr const char* key_columns = R"sql(
SELECT a.attname AS "column", pg_catalog.format('OPERATOR(%I.%s)', n.nspname, o.oprname) AS op
  FROM pg_catalog.pg_index i
 CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(i.indkey::int2[]), pg_catalog.unnest(i.indclass::oid[]))
            WITH ORDINALITY AS k(number, class, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
  JOIN pg_catalog.pg_opclass c ON c.oid = k.class
  JOIN pg_catalog.pg_amop x ON x.amopfamily = c.opcfamily AND x.amoplefttype = c.opcintype
                           AND x.amoprighttype = c.opcintype AND x.amopstrategy = 3
  JOIN pg_catalog.pg_operator o ON o.oid = x.amopopr
  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
 WHERE i.indrelid = $1 AND i.indisprimary AND i.indisvalid AND k.place <= i.indnkeyatts
 ORDER BY k.place
)sql";

// Walks pg_depend upwards from the table, its row type and the sequences it owns. A view's dependency is recorded by its rule, so
// a rule stands for the relation it belongs to. What belongs to the table itself falls and comes back with it.
constexpr const char* attached_objects = R"sql(
WITH RECURSIVE walk (class, object, depth, path) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, s.object, 0, ARRAY[s.object]
    FROM (SELECT $1::oid AS object
          UNION ALL
          SELECT d.objid FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
           WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
             AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = $1) s
  UNION ALL
  SELECT n.class, n.object, w.depth + 1, w.path || n.object
    FROM walk w
    LEFT JOIN pg_catalog.pg_class r ON w.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND r.oid = w.object
    LEFT JOIN pg_catalog.pg_type t ON t.oid = r.reltype
    JOIN pg_catalog.pg_depend d ON d.deptype = 'n' AND
         ((d.refclassid = w.class AND d.refobjid = w.object) OR
          (d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (t.oid, t.typarray)))
    LEFT JOIN pg_catalog.pg_rewrite rule ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND rule.oid = d.objid
    LEFT JOIN pg_catalog.pg_class owner ON owner.oid = rule.ev_class
   CROSS JOIN LATERAL (
     SELECT CASE WHEN owner.relkind IN ('v', 'm') OR rule.ev_class = $1
                 THEN 'pg_catalog.pg_class'::pg_catalog.regclass::oid ELSE d.classid END AS class,
            CASE WHEN owner.relkind IN ('v', 'm') OR rule.ev_class = $1 THEN rule.ev_class ELSE d.objid END AS object) n
   WHERE n.object <> ALL (w.path) AND w.depth < 60
     AND d.classid NOT IN ('pg_catalog.pg_constraint'::pg_catalog.regclass,
                           'pg_catalog.pg_statistic_ext'::pg_catalog.regclass,
                           'pg_catalog.pg_publication_rel'::pg_catalog.regclass)
), found AS (
  SELECT class, object, pg_catalog.max(depth) AS depth FROM walk WHERE depth > 0 GROUP BY class, object
)
SELECT f.depth, f.object::bigint AS oid, c.relkind, n.nspname AS schema, c.relname AS name,
       CASE WHEN p.prokind IN ('f', 'p', 'w') THEN p.oid::pg_catalog.regprocedure::text END AS signature,
       y.polname AS policy, yn.nspname AS policy_schema, yc.relname AS policy_table,
       pg_catalog.pg_describe_object(f.class, f.object, 0) AS description
  FROM found f
  LEFT JOIN pg_catalog.pg_class c ON f.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = f.object
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_proc p ON f.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = f.object
  LEFT JOIN pg_catalog.pg_policy y ON f.class = 'pg_catalog.pg_policy'::pg_catalog.regclass AND y.oid = f.object
  LEFT JOIN pg_catalog.pg_class yc ON yc.oid = y.polrelid
  LEFT JOIN pg_catalog.pg_namespace yn ON yn.oid = yc.relnamespace
  LEFT JOIN pg_catalog.pg_trigger g ON f.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = f.object
  LEFT JOIN pg_catalog.pg_attrdef a ON f.class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = f.object
 WHERE $1 NOT IN (COALESCE(y.polrelid, 0), COALESCE(g.tgrelid, 0), COALESCE(a.adrelid, 0), f.object)
   AND c.relkind IS DISTINCT FROM 'S' AND c.relkind IS DISTINCT FROM 'i'
 ORDER BY f.depth, c.relkind NULLS LAST, f.object
)sql";

constexpr const char* routine_facts = R"sql(
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
       p.oid::pg_catalog.regprocedure::text AS signature,
       pg_catalog.pg_get_functiondef(p.oid) AS definition, pg_catalog.pg_get_userbyid(p.proowner) AS owner,
       COALESCE(pg_catalog.obj_description(p.oid, 'pg_proc'), '') AS comment,
       CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END AS grantee,
       pg_catalog.pg_get_userbyid(a.grantor) AS grantor, a.privilege_type AS privilege, a.is_grantable AS grantable
  FROM pg_catalog.pg_proc p
  LEFT JOIN LATERAL pg_catalog.aclexplode(
              COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) a ON true
 WHERE p.oid = pg_catalog.to_regprocedure($1)
 ORDER BY a.grantee
)sql";

std::vector<KeyColumn> key_of(db::Connection& connection, std::uint32_t table) {
  const auto rows = connection.execute(key_columns, {std::to_string(table)});
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

catalog::Relation policy_of(const std::vector<catalog::Relation>& tables, const QualifiedName& table,
                            const std::string& policy) {
  for (const auto& relation : tables) {
    if (relation.name != table) continue;
    catalog::Relation only;
    only.name = table;
    only.policies.push_back(*relation.policy(policy));
    return only;
  }
  throw Error{Code::missing_object, "table {} went away while it was read", table.display()};
}

}  // namespace

std::vector<ForeignKey> foreign_keys(db::Connection& connection,
                                     const std::vector<std::uint32_t>& tables) {
  const auto rows = connection.execute(foreign_key_columns, {oid_array(tables)});
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
      if (child != sets.end() && child <= sets.begin() + static_cast<std::ptrdiff_t>(parent)) continue;
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

std::map<std::string, int> column_numbers(db::Connection& connection, std::uint32_t table) {
  const auto rows = connection.execute(
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
  const auto rows =
      connection.execute(attached_objects, {std::to_string(manifest.table.oid)});
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

std::optional<Routine> read_routine(db::Connection& connection, const std::string& signature) {
  const auto rows = connection.execute(routine_facts, {signature});
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
