#include "preview/picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "preview/queries.h"

namespace engine::preview {
namespace {

using catalog::Relation;
using runner::Difference;

bool has_rows(const Relation& relation) {
  return relation.kind == 'r' || (relation.kind == 'm' && relation.populated);
}

/// Of every table in one statement. jsonb names the columns, so that their order does not matter.
std::string rows_query(const std::vector<Relation>& relations) {
  std::vector<std::string> parts;
  for (const Relation& relation : relations) {
    if (!has_rows(relation)) continue;
    const std::string name = relation.name.quoted();
    parts.push_back(fmt::format(
        "SELECT {} AS relation, pg_catalog.count(*) AS rows, "
        "COALESCE(pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.to_jsonb(t)::text, 0)), 0)"
        "::text AS checksum FROM {} AS t",
        db::Connection::quote_literal(name), name));
  }
  return text::joined(parts, "\nUNION ALL ");
}

constexpr int keys_looked_at = 20'000;  // of a table

std::string keys_query(const std::vector<Relation>& relations) {
  std::vector<std::string> parts;
  for (const Relation& relation : relations) {
    const catalog::Constraint* key = relation.primary_key();
    if (relation.kind != 'r' || key == nullptr) continue;
    std::vector<std::string> columns;
    for (const std::string& column : key->columns) columns.push_back(quote_identifier(column));
    const std::string list = text::joined(columns, ", ");
    parts.push_back(fmt::format(
        "SELECT {0} AS relation, pg_catalog.hashtextextended(pg_catalog.jsonb_build_array({1})"
        "::text, 0)::text AS key FROM (SELECT {1} FROM {2} ORDER BY {1} LIMIT {3}) AS t",
        db::Connection::quote_literal(relation.name.quoted()), list, relation.name.quoted(),
        keys_looked_at));
  }
  return text::joined(parts, "\nUNION ALL ");
}

std::string kind_of(const Relation& relation) {
  return fmt::format("{} {}", relation.kind_name(), relation.name.display());
}

void compare_objects(const std::map<std::string, std::string>& before,
                     const std::map<std::string, std::string>& after,
                     std::vector<Difference>& found) {
  for (const auto& [object, definition] : before) {
    const auto other = after.find(object);
    if (other == after.end()) {
      found.push_back({"schema", object, definition, ""});
    } else if (other->second != definition) {
      found.push_back({"schema", object, definition, other->second});
    }
  }
  for (const auto& [object, definition] : after) {
    if (!before.contains(object)) found.push_back({"schema", object, "", definition});
  }
}

std::string rows_in(const Picture& picture, const std::string& table) {
  const auto count = picture.counts.find(table);
  return count == picture.counts.end() ? "" : text::counted(count->second, "row");
}

/// Tables that are new or gone are told with the schema.
void compare_rows(const Picture& before, const Picture& after, std::vector<Difference>& found) {
  for (const auto& [table, checksum] : before.rows) {
    const auto other = after.rows.find(table);
    if (other == after.rows.end() || other->second == checksum) continue;
    const std::string was = rows_in(before, table), is = rows_in(after, table);
    found.push_back({"rows", table, was, was == is ? is + " with other contents" : is});
  }
}

void compare_relations(const Picture& before, const Picture& after,
                       std::vector<Difference>& found) {
  for (const Relation& was : before.relations) {
    const Relation* now = after.relation(was.name.quoted());
    if (now == nullptr) {
      found.push_back({"schema", kind_of(was), "there", ""});
      continue;
    }
    for (const std::string& sentence : catalog::differences(was, *now))
      found.push_back({"schema", kind_of(was), "", sentence});
  }
  for (const Relation& now : after.relations) {
    if (before.relation(now.name.quoted()) == nullptr)
      found.push_back({"schema", kind_of(now), "", "there"});
  }
}

}  // namespace

const Relation* Picture::relation(const std::string& quoted) const {
  const auto found = std::find_if(relations.begin(), relations.end(),
                                  [&](const Relation& one) { return one.name.quoted() == quoted; });
  return found == relations.end() ? nullptr : &*found;
}

Picture take_picture(db::Connection& connection, const std::string& journal) {
  Picture picture;
  picture.relations = catalog::describe_schemas(connection, {}, journal);
  std::erase_if(picture.relations,
                [](const Relation& relation) { return relation.name.schema == "engine_trace"; });
  const db::Result objects = connection.query(query("objects"), {journal});
  for (std::size_t row = 0; row < objects.size(); ++row)
    picture.objects[objects.text(row, "object")] = objects.text(row, "definition");
  const db::Result access = connection.query(query("access"), {journal});
  for (std::size_t row = 0; row < access.size(); ++row)
    picture.access.insert(access.text(row, "line"));
  const std::string rows_sql = rows_query(picture.relations);
  if (rows_sql.empty()) return picture;
  const db::Result rows = connection.query(rows_sql);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string& name = rows.text(row, "relation");
    picture.counts[name] = rows.integer(row, "rows");
    picture.rows[name] = rows.text(row, "rows") + " " + rows.text(row, "checksum");
  }
  const std::string keys_sql = keys_query(picture.relations);
  if (keys_sql.empty()) return picture;
  const db::Result keys = connection.query(keys_sql);
  for (std::size_t row = 0; row < keys.size(); ++row)
    picture.keys[keys.text(row, "relation")].insert(keys.text(row, "key"));
  return picture;
}

std::vector<Difference> differences(const Picture& before, const Picture& after) {
  std::vector<Difference> found;
  compare_relations(before, after, found);
  compare_objects(before.objects, after.objects, found);
  compare_rows(before, after, found);
  for (const std::string& line : before.access) {
    if (!after.access.contains(line)) found.push_back({"access", line, "allowed", ""});
  }
  for (const std::string& line : after.access) {
    if (!before.access.contains(line)) found.push_back({"access", line, "", "allowed"});
  }
  return found;
}

}  // namespace engine::preview
