#include "database_state/database_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/names.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/definition.h"
#include "catalog/fingerprint.h"
#include "database_state/object_text.h"
#include "database_state/queries.h"
#include "database_state/sequences.h"

namespace engine::database_state {
namespace {

using catalog::Relation;
using event::Difference;

// Of one statement: the parser goes down a chain of UNIONs once for each of its links.
constexpr std::size_t tables_at_once = 50;
constexpr int keys_looked_at = 20'000;  // of a table

/// jsonb names the columns, so that their order does not matter; in a row's text, their names do
/// not.
std::string rows_query(const Relation& relation) {
  const std::string name = relation.name.quoted();
  return fmt::format(
      "SELECT {} AS relation, pg_catalog.count(*) AS rows, "
      "COALESCE(pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.to_jsonb(t)::text, 0)), 0)"
      "::text AS checksum, COALESCE(pg_catalog.sum(pg_catalog.hashtextextended(t::text, 0)), 0)"
      "::text AS placed FROM {} AS t",
      db::Connection::quote_literal(name), name);
}

std::string keys_query(const Relation& relation) {
  const catalog::Constraint* key = relation.primary_key();
  if (relation.kind != 'r' || key == nullptr) return "";
  std::vector<std::string> columns;
  for (const std::string& column : key->columns) columns.push_back(quote_identifier(column));
  return fmt::format(
      "SELECT {0} AS relation, pg_catalog.hashtextextended(pg_catalog.jsonb_build_array({1})"
      "::text, 0)::text AS key FROM (SELECT {1} FROM {2} ORDER BY {1} LIMIT {3}) AS t",
      db::Connection::quote_literal(relation.name.quoted()), text::joined(columns, ", "),
      relation.name.quoted(), keys_looked_at);
}

/// What the query gives of each relation for which it is not "".
template <typename Take>
void ask(db::Connection& connection, const std::vector<const Relation*>& relations,
         std::string (*query_of)(const Relation&), Take take) {
  std::vector<std::string> parts;
  const auto flush = [&] {
    if (parts.empty()) return;
    const db::Result result =
        connection.query(text::joined(std::exchange(parts, {}), "\nUNION ALL "));
    for (std::size_t row = 0; row < result.size(); ++row) take(result, row);
  };
  for (const Relation* relation : relations) {
    std::string part = query_of(*relation);
    if (!part.empty()) parts.push_back(std::move(part));
    if (parts.size() == tables_at_once) flush();
  }
  flush();
}

// Else what a picture read would be told of the plan's statements, by the server's counts. Only a
// superuser may.
constexpr const char* uncounted = R"(
SELECT pg_catalog.set_config('track_counts', 'off', false)
  FROM pg_catalog.pg_roles
 WHERE rolname = CURRENT_USER AND rolsuper
)";

// A relation without a file's first block is empty, and most of a clone are.
constexpr const char* filled_query = R"(
SELECT c.oid FROM pg_catalog.pg_class AS c
 WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND c.oid >= 16384 AND pg_catalog.pg_relation_size(c.oid) > 0
)";

constexpr const char* numbers_query = R"(
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, a.attname AS name, a.attnum AS number
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND c.oid >= 16384
)";

void take_numbers(db::Connection& connection, DatabaseState& picture) {
  const db::Result found = connection.query(numbers_query);
  for (std::size_t row = 0; row < found.size(); ++row)
    picture.numbers[found.text(row, "relation")][found.text(row, "name")] =
        static_cast<int>(found.integer(row, "number"));
}

void take_rows(db::Connection& connection, DatabaseState& picture) {
  std::set<std::int64_t> filled_oids;
  const db::Result found = connection.query(filled_query);
  for (std::size_t row = 0; row < found.size(); ++row)
    filled_oids.insert(found.integer(row, "oid"));
  std::vector<const Relation*> filled;
  for (const Relation& relation : picture.relations) {
    if (relation.kind != 'r' && !(relation.kind == 'm' && relation.populated)) continue;
    picture.counts[relation.name.quoted()] = 0;
    picture.rows[relation.name.quoted()] = "0 0";
    if (filled_oids.contains(relation.oid)) filled.push_back(&relation);
  }
  ask(connection, filled, rows_query, [&](const db::Result& rows, std::size_t row) {
    const std::string& name = rows.text(row, "relation");
    picture.counts[name] = rows.integer(row, "rows");
    picture.rows[name] = rows.text(row, "rows") + " " + rows.text(row, "checksum");
    picture.placed_rows[name] = rows.text(row, "rows") + " " + rows.text(row, "placed");
  });
  ask(connection, filled, keys_query, [&](const db::Result& keys, std::size_t row) {
    picture.keys[keys.text(row, "relation")].insert(keys.text(row, "key"));
  });
}

std::string kind_of(const Relation& relation) {
  return fmt::format("{} {}", relation.kind_name(), relation.name.display());
}

std::vector<std::string> in_words(std::string summary) {
  if (summary.empty()) return {};
  return {std::move(summary)};
}

void compare_objects(const std::map<std::string, std::string>& before,
                     const std::map<std::string, std::string>& after,
                     std::vector<Difference>& found) {
  for (const auto& [object, definition] : before) {
    const auto other = after.find(object);
    if (other == after.end()) {
      found.push_back({"schema", object, "gone", object_text(object, definition), "",
                       in_words(summary_of(object, definition))});
    } else if (other->second != definition) {
      found.push_back({"schema", object, "changed", object_text(object, definition),
                       object_text(object, other->second)});
    }
  }
  for (const auto& [object, definition] : after) {
    if (before.contains(object)) continue;
    found.push_back({"schema", object, "new", "", object_text(object, definition),
                     in_words(summary_of(object, definition))});
  }
}

std::string rows_in(const DatabaseState& picture, const std::string& table) {
  const auto count = picture.counts.find(table);
  return count == picture.counts.end() ? "" : text::counted(count->second, "row");
}

bool is_same(const DatabaseState& before, const DatabaseState& after, const std::string& table) {
  const Relation* was = before.relation(table);
  const Relation* now = after.relation(table);
  return was != nullptr && now != nullptr && was->oid == now->oid;
}

/// Tables that are new or gone are told with the schema.
void compare_rows(const DatabaseState& before, const DatabaseState& after,
                  std::vector<Difference>& found) {
  for (const auto& [table, checksum] : before.rows) {
    const auto other = after.rows.find(table);
    if (other == after.rows.end() || other->second == checksum) continue;
    const auto placed = before.placed_rows.find(table), now = after.placed_rows.find(table);
    if (placed != before.placed_rows.end() && now != after.placed_rows.end() &&
        placed->second == now->second && is_same(before, after, table))
      continue;
    const std::string was = rows_in(before, table), is = rows_in(after, table);
    found.push_back({"rows", table, "changed", was, was == is ? is + " with other contents" : is});
  }
}

void compare_relations(const DatabaseState& before, const DatabaseState& after,
                       std::vector<Difference>& found) {
  for (const Relation& was : before.relations) {
    const Relation* now = after.relation(was.name.quoted());
    if (now == nullptr) {
      found.push_back({"schema", kind_of(was), "gone", catalog::definition_text(was), "",
                       in_words(summary_of(was))});
      continue;
    }
    std::vector<std::string> sentences = catalog::differences(was, *now);
    if (sentences.empty()) continue;
    // What is of the relation itself begins with its name.
    const std::string itself = kind_of(was) + ": ";
    for (std::string& sentence : sentences) {
      if (sentence.starts_with(itself)) sentence.erase(0, itself.size());
    }
    found.push_back({"schema", kind_of(was), "changed", catalog::definition_text(was),
                     catalog::definition_text(*now), std::move(sentences)});
  }
  for (const Relation& now : after.relations) {
    if (before.relation(now.name.quoted()) != nullptr) continue;
    found.push_back({"schema", kind_of(now), "new", "", catalog::definition_text(now),
                     in_words(summary_of(now))});
  }
}

/// By the names that access has for them.
TableOf tables_of(const DatabaseState& picture) {
  return [&picture](const std::string& object) -> const Relation* {
    const auto word = object.find("table ");
    return word == std::string::npos ? nullptr : picture.relation(object.substr(word + 6));
  };
}

}  // namespace

const Relation* DatabaseState::relation(const std::string& quoted) const {
  const auto found = positions.find(quoted);
  return found == positions.end() ? nullptr : &relations[found->second];
}

std::string DatabaseState::root(const std::string& table) const {
  const Relation* found = relation(table);
  while (found != nullptr && !found->partition_bound.empty() && !found->parents.empty()) {
    const Relation* parent = relation(found->parents.front().quoted());
    if (parent == nullptr) break;
    found = parent;
  }
  return found == nullptr ? table : found->name.quoted();
}

DatabaseState take_schema(db::Connection& connection, const std::string& journal) {
  DatabaseState picture;
  picture.relations = catalog::describe_schemas(connection, {}, journal);
  std::erase_if(picture.relations,
                [](const Relation& relation) { return relation.name.schema == "engine_trace"; });
  for (std::size_t i = 0; i < picture.relations.size(); ++i)
    picture.positions[picture.relations[i].name.quoted()] = i;
  const db::Result objects = connection.query(query("objects"), {journal});
  const db::Result types = connection.query(query("types"), {journal});
  for (std::size_t row = 0; row < objects.size(); ++row)
    picture.objects[objects.text(row, "object")] = objects.text(row, "definition");
  for (std::size_t row = 0; row < types.size(); ++row) {
    picture.objects[types.text(row, "object")] =
        fmt::format("{}\nowner {} {}", types.text(row, "statement"), types.text(row, "owner"),
                    types.text(row, "acl"));
  }
  return picture;
}

DatabaseState read_database_state(db::Connection& connection, const std::string& journal) {
  connection.query(uncounted);
  DatabaseState picture = take_schema(connection, journal);
  picture.access = read_access(connection, journal);
  picture.policies = read_policies(connection, journal);
  picture.publications = read_publications(connection, journal);
  picture.types = read_value_types(connection, journal);
  picture.routines = read_routines(connection, journal);
  take_rows(connection, picture);
  take_numbers(connection, picture);
  add_sequences(connection, journal, picture);
  return picture;
}

std::vector<Difference> differences(const DatabaseState& before, const DatabaseState& after) {
  std::vector<Difference> found;
  compare_relations(before, after, found);
  compare_objects(before.objects, after.objects, found);
  compare_rows(before, after, found);
  for (Difference& difference :
       differences(before.access, tables_of(before), after.access, tables_of(after)))
    found.push_back(std::move(difference));
  return found;
}

const Relation* origin_of(const DatabaseState& before, const Relation& now) {
  const auto found = std::find_if(before.relations.begin(), before.relations.end(),
                                  [&](const Relation& was) { return was.oid == now.oid; });
  return found == before.relations.end() ? nullptr : &*found;
}

// A table that was made again has other columns, which are as those before by their names.
const catalog::Column* origin_of(const DatabaseState& before, const DatabaseState& after,
                                 const Relation& was, const Relation& now,
                                 const catalog::Column& column) {
  const auto then = before.numbers.find(was.name.quoted());
  const auto is = after.numbers.find(now.name.quoted());
  if (was.oid != now.oid || then == before.numbers.end() || is == after.numbers.end())
    return was.column(column.name);
  const auto number = is->second.find(column.name);
  if (number == is->second.end()) return was.column(column.name);
  for (const auto& [name, other] : then->second) {
    if (other == number->second) return was.column(name);
  }
  return nullptr;
}

bool is_table(const Relation& relation) { return relation.kind == 'r' || relation.kind == 'p'; }

bool is_function(const std::string& object) {
  return object.starts_with("function ") || object.starts_with("procedure ");
}

}  // namespace engine::database_state
