#include "shadow/clone_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "catalog/array.h"
#include "shadow/queries.h"
#include "shadow/row_budget.h"

namespace engine::shadow {
namespace {

using json = nlohmann::json;

constexpr int generations = 50;      // of parents; what lies deeper is left out with its children
constexpr std::size_t at_once = 50;  // tables asked for by one statement
constexpr std::size_t most_named = 5;
constexpr std::int64_t all_rows = INT64_MAX;

// In the order that the shadow's row types have: a child's columns can stand in another than the
// target's.
constexpr const char* order_query = R"(
SELECT w.name, pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY a.attnum)::text AS columns
  FROM pg_catalog.unnest($1::text[]) AS w (name)
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = pg_catalog.to_regclass(w.name)
 WHERE a.attnum > 0 AND NOT a.attisdropped
 GROUP BY w.name
)";

Shape shape_of(const db::Result& rows, std::size_t row) {
  Shape shape;
  shape.name = rows.text(row, "name");
  shape.partitioned = rows.text(row, "kind") == "p";
  shape.wanted = rows.boolean(row, "wanted");
  shape.root = rows.integer(row, "root");
  shape.unreadable = rows.text(row, "unreadable");
  for (const json& column : json::parse(rows.text(row, "columns")))
    shape.columns.push_back({column.at("name"), column.at("type"), column.at("generated")});
  shape.primary = json::parse(rows.text(row, "primary_key"));
  for (const json& key : json::parse(rows.text(row, "keys"))) {
    shape.keys.push_back(
        {shape.name, key.at("parent"), key.at("columns"), key.at("keys"), key.at("validated")});
  }
  return shape;
}

Shapes shapes_of(TargetReader& reader, const std::set<std::string>& tables) {
  Shapes shapes;
  const db::Result rows =
      reader.query(query("shapes"), {catalog::array_of({tables.begin(), tables.end()})});
  for (std::size_t row = 0; row < rows.size(); ++row)
    shapes.emplace(rows.text(row, "name"), shape_of(rows, row));
  return shapes;
}

/// A partitioned table has no rows but its partitions'; another's children have their own.
std::string from(const Shape& shape) { return (shape.partitioned ? "" : "ONLY ") + shape.name; }

std::string all_equal(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < left.size(); ++i) parts.push_back(left[i] + " = " + right[i]);
  return text::joined(parts, " AND ");
}

std::vector<std::string> prefixed(const char* alias, const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(alias + column);
  return names;
}

/// Of child c: its keys are all given, and nobody has them.
std::string is_orphan(const Shape::Key& key) {
  std::vector<std::string> filled;
  for (const std::string& column : key.columns) filled.push_back("c." + column + " IS NOT NULL");
  return fmt::format("{} AND NOT EXISTS (SELECT FROM {} AS p WHERE {})",
                     text::joined(filled, " AND "), key.parent,
                     all_equal(prefixed("p.", key.keys), prefixed("c.", key.columns)));
}

bool has_all(const Shape& shape, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    return std::any_of(shape.columns.begin(), shape.columns.end(),
                       [&](const Shape::Column& column) { return column.name == name; });
  });
}

/// Keys that the child's rows name and that the parent lacks, under the parent's names.
std::string orphans_query(const Shape::Key& key) {
  std::vector<std::string> named;
  for (std::size_t i = 0; i < key.columns.size(); ++i)
    named.push_back(fmt::format("c.{} AS {}", key.columns[i], key.keys[i]));
  return fmt::format("SELECT DISTINCT {} FROM {} AS c WHERE {}", text::joined(named, ", "),
                     key.child, is_orphan(key));
}

}  // namespace

std::set<std::string> RowClone::add(db::Connection& shadow, const std::set<std::string>& tables) {
  filled_.clear();
  if (!bounds_.data || tables.empty()) return {};
  const Shapes shapes = shapes_of(reader_, tables);
  learn_order(shadow, shapes);
  for (const auto& [name, shape] : shapes) {
    for (const Shape::Key& key : shape.keys) {
      for (std::size_t i = 0; i < key.columns.size(); ++i)
        masks_.join(key.child, key.columns[i], key.parent, key.keys[i]);
    }
  }
  std::vector<const Shape*> wanted;
  for (const auto& [name, shape] : shapes) {
    if (shape.wanted && !shape.partitioned && came(name) != RowCoverage::whole)
      wanted.push_back(&shape);
  }
  std::vector<Request> requests;
  for (const auto& [shape, bound] : bounds_of(wanted))
    requests.push_back({shape, first_rows(*shape, bound), "", bound.otherwise});
  fetch(shadow, std::move(requests));
  add_parents(shadow, shapes);
  remove_orphans(shadow, shapes);
  return filled_;
}

void RowClone::add_parents(db::Connection& shadow, const std::vector<Shape::Key>& keys) {
  filled_.clear();
  if (!bounds_.data) return;
  std::set<std::string> tables;
  for (const Shape::Key& key : keys) tables.insert({key.child, key.parent});
  Shapes shapes = shapes_of(reader_, tables);
  for (Shape::Key key : keys) {
    const auto child = shapes.find(key.child);
    const auto parent = shapes.find(key.parent);
    // One of them may be the plan's own.
    if (child == shapes.end() || parent == shapes.end()) continue;
    if (key.keys.empty()) key.keys = parent->second.primary;
    if (key.keys.size() != key.columns.size() || !has_all(child->second, key.columns) ||
        !has_all(parent->second, key.keys))
      continue;
    child->second.keys.push_back(key);
    filled_.insert(key.child);
  }
  learn_order(shadow, shapes);
  add_parents(shadow, shapes);
  remove_orphans(shadow, shapes);
}

void RowClone::add_whole(db::Connection& shadow, const std::set<std::string>& tables) {
  const Shapes shapes = shapes_of(reader_, tables);
  learn_order(shadow, shapes);
  std::vector<Request> requests;
  for (const auto& [name, shape] : shapes) {
    if (shape.wanted)
      requests.push_back(
          {&shape, first_rows(shape, {all_rows, all_rows}), "", RowCoverage::unreadable});
  }
  fetch(shadow, std::move(requests));
}

void RowClone::learn_order(db::Connection& shadow, const Shapes& shapes) {
  std::vector<std::string> names;
  for (const auto& [name, shape] : shapes) names.push_back(name);
  const db::Result found = shadow.query(order_query, {catalog::array_of(names)});
  for (std::size_t row = 0; row < found.size(); ++row)
    order_[found.text(row, "name")] = json::parse(found.text(row, "columns"));
}

void RowClone::miss(const std::string& table, const std::string& why) {
  missing_[why].insert(table);
}

// A plan that failed is given rows of every table: many may not be read for one reason.
std::vector<std::string> RowClone::missing() const {
  std::vector<std::string> phrases;
  for (const auto& [why, tables] : missing_) {
    std::vector<std::string> names;
    for (const std::string& table : tables) {
      if (names.size() < most_named || tables.size() == most_named + 1) names.push_back(table);
    }
    if (names.size() < tables.size())
      names.push_back(fmt::format("{} more", tables.size() - names.size()));
    phrases.push_back(fmt::format("rows of {}: {}", text::listed(names), why));
  }
  return phrases;
}

// The shadow computes generated columns itself. A row's text is read back by the types' own input
// functions: nothing is lost on the way, as it would be through JSON.
std::string RowClone::row_of(const Shape& shape) const {
  std::vector<std::string> values;
  for (const std::string& name : order_.at(shape.name)) {
    const auto column = std::find_if(shape.columns.begin(), shape.columns.end(),
                                     [&](const Shape::Column& one) { return one.name == name; });
    values.push_back(column == shape.columns.end() || column->generated
                         ? "NULL"
                         : masks_.expression(shape.name, name, column->type));
  }
  return "ROW(" + text::joined(values, ", ") + ")";
}

// Sizes are those in storage: a long value is neither fetched nor decompressed to learn its size.
// One row more than come is looked at: are there any?
std::string RowClone::first_rows(const Shape& shape, const Bound& bound) const {
  if (!order_.contains(shape.name)) return "";
  std::vector<std::string> sizes{"0"};
  for (const Shape::Column& column : shape.columns)
    sizes.push_back(fmt::format("COALESCE(pg_catalog.pg_column_size(s.{}), 0)", column.name));
  const bool all = bound.rows == all_rows;
  return fmt::format(
      "SELECT pg_catalog.array_agg({}) FILTER (WHERE engine_comes)::text AS rows, "
      "COALESCE(pg_catalog.bool_and(engine_comes), true) AS whole FROM (SELECT u.*, "
      "engine_position <= {} AND (engine_size <= {} OR engine_position = 1) AS engine_comes FROM "
      "(SELECT s.*, pg_catalog.sum({}) OVER (ROWS UNBOUNDED PRECEDING) AS engine_size, "
      "pg_catalog.row_number() OVER () AS engine_position FROM (SELECT * FROM {}{}) AS s) AS u) AS "
      "t",
      row_of(shape), bound.rows, bound.bytes, text::joined(sizes, " + "), from(shape),
      all ? "" : fmt::format(" LIMIT {}", bound.rows + 1));
}

// As far as it matters: one row more than may come.
std::map<const Shape*, RowClone::Amount> RowClone::amounts(
    const std::vector<const Shape*>& tables) {
  std::vector<Request> requests;
  for (const Shape* shape : tables) {
    if (!order_.contains(shape->name)) continue;
    requests.push_back(
        {shape,
         fmt::format("SELECT (SELECT pg_catalog.count(*) FROM (SELECT FROM {} LIMIT {}) AS t) "
                     "AS rows, pg_catalog.pg_table_size({}::pg_catalog.regclass) AS bytes",
                     from(*shape), bounds_.rows + 1, db::Connection::quote_literal(shape->name)),
         ""});
  }
  std::map<const Shape*, Amount> found;
  ask(std::move(requests), [&](const Request& request, const db::Result& result, std::size_t row) {
    found[request.shape] = {result.integer(row, "rows"), result.integer(row, "bytes")};
  });
  return found;
}

// The number is of each table, and of all partitions of one together; the size is of all tables.
std::map<const Shape*, RowClone::Bound> RowClone::bounds_of(
    const std::vector<const Shape*>& tables) {
  std::map<const Shape*, Bound> bounds;
  std::map<std::int64_t, std::vector<const Shape*>> families;
  std::vector<std::int64_t> sizes;
  const std::map<const Shape*, Amount> there = amounts(tables);
  for (const auto& [shape, amount] : there) {
    families[shape->root].push_back(shape);
    sizes.push_back(amount.bytes);
  }
  const std::vector<std::int64_t> bytes = row_budget(bounds_.bytes, sizes);
  for (std::size_t i = 0; const auto& [shape, amount] : there) bounds[shape].bytes = bytes[i++];
  for (const auto& [root, family] : families) {
    std::vector<std::int64_t> numbers;
    for (const Shape* shape : family) numbers.push_back(there.at(shape).rows);
    const std::vector<std::int64_t> rows = row_budget(bounds_.rows, numbers);
    for (std::size_t i = 0; i < family.size(); ++i) {
      bounds[family[i]].rows = std::max<std::int64_t>(rows[i], 1);
      if (rows[i] < numbers[i]) bounds[family[i]].otherwise = RowCoverage::cut_by_number;
    }
  }
  return bounds;
}

RowCoverage RowClone::came(const std::string& table) const {
  const auto found = came_.find(table);
  return found == came_.end() ? RowCoverage::not_asked : found->second;
}

void RowClone::fetch(db::Connection& shadow, std::vector<Request> requests) {
  changed_.clear();
  ask(std::move(requests), [&](const Request& request, const db::Result& result, std::size_t row) {
    const Shape& shape = *request.shape;
    const auto& rows = result.at(row, "rows");
    const bool stands = !rows || insert(shadow, shape, *rows);
    if (request.otherwise == RowCoverage::not_asked) return;
    const bool whole = stands && result.boolean(row, "whole");
    came_[shape.name] = whole    ? RowCoverage::whole
                        : stands ? request.otherwise
                                 : RowCoverage::unreadable;
  });
}

void RowClone::ask(std::vector<Request> requests, const Answered& answered) {
  std::vector<Request> some;
  for (Request& request : requests) {
    if (!request.shape->unreadable.empty()) {
      came_[request.shape->name] = RowCoverage::unreadable;
      miss(request.shape->name, request.shape->unreadable);
    } else if (!request.sql.empty()) {
      some.push_back(std::move(request));
    }
    if (some.size() == at_once) ask_some(std::exchange(some, {}), answered);
  }
  if (!some.empty()) ask_some(some, answered);
}

// All in one statement; where the server refuses that, each by itself, to lose only what is
// refused.
void RowClone::ask_some(const std::vector<Request>& requests, const Answered& answered) {
  std::vector<std::string> parts;
  db::Params parameters;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::string sql = requests[i].sql;
    if (!requests[i].parameter.empty()) {
      parameters.push_back(requests[i].parameter);
      const std::size_t at = sql.find("$1");
      sql.replace(at, 2, fmt::format("${}", parameters.size()));
    }
    parts.push_back(fmt::format("SELECT {} AS number, r.* FROM ({}) AS r", i, sql));
  }
  std::optional<Error> refused;
  const auto result = reader_.attempt(text::joined(parts, "\nUNION ALL "), parameters, refused);
  if (!result && requests.size() > 1) {
    for (const Request& request : requests) ask_some({request}, answered);
    return;
  }
  if (!result) {
    const std::string& table = requests.front().shape->name;
    came_[table] = RowCoverage::unreadable;
    const Error told = reader_.explained(*refused);
    miss(table, told.message());
    return;
  }
  for (std::size_t row = 0; row < result->size(); ++row)
    answered(requests[static_cast<std::size_t>(result->integer(row, "number"))], *result, row);
}

bool RowClone::insert(db::Connection& shadow, const Shape& shape, const std::string& rows) {
  std::vector<std::string> columns;
  for (const Shape::Column& column : shape.columns) {
    if (!column.generated) columns.push_back(column.name);
  }
  // Rows that came as somebody's parents, also through what it is a partition of, are there
  // already.
  const bool keyless = shape.primary.empty();
  const bool lost = columns.empty() || (keyless && held_.contains(shape.name));
  if (lost) return false;
  std::string not_there;
  if (!keyless) {
    not_there =
        fmt::format(" WHERE NOT EXISTS (SELECT FROM {} AS e WHERE {})", shape.name,
                    all_equal(prefixed("e.", shape.primary), prefixed("r.", shape.primary)));
  }
  try {
    shadow.execute(fmt::format("INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {2} FROM "
                               "pg_catalog.unnest($1::{0}[]) AS r{3}",
                               shape.name, text::joined(columns, ", "),
                               text::joined(prefixed("r.", columns), ", "), not_there),
                   {rows});
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
    miss(shape.name, error.message());
    return false;
  }
  held_.insert(shape.name);
  changed_.insert(shape.name);
  filled_.insert(shape.name);
  return true;
}

// Also tables that got nothing in the generation before: of two keys to one table only the first
// was asked for.
void RowClone::add_parents(db::Connection& shadow, const Shapes& shapes) {
  for (int i = 0; i < generations; ++i) {
    std::vector<Request> requests = parents(shadow, shapes);
    if (requests.empty()) return;
    fetch(shadow, std::move(requests));
    if (changed_.empty()) return;
  }
}

// Of one table only by one of its keys at once: the same row could come by two.
std::vector<RowClone::Request> RowClone::parents(db::Connection& shadow, const Shapes& shapes) {
  std::map<std::string, std::pair<const Shape::Key*, std::vector<std::string>>> asked;
  for (const std::string& child : filled_) {
    const auto shape = shapes.find(child);
    if (shape == shapes.end()) continue;
    for (const Shape::Key& key : shape->second.keys) {
      auto& [first, wishes] =
          asked.try_emplace(key.parent, &key, std::vector<std::string>{}).first->second;
      if (first->keys == key.keys && order_.contains(key.parent))
        wishes.push_back(orphans_query(key));
    }
  }
  std::vector<Request> requests;
  for (const auto& [parent, asking] : asked) {
    const auto& [key, wishes] = asking;
    if (wishes.empty() || !shapes.contains(parent)) continue;
    const db::Result orphans = shadow.query("SELECT pg_catalog.json_agg(t)::text AS keys FROM (" +
                                            text::joined(wishes, " UNION ") + ") AS t");
    const auto& keys = orphans.at(0, "keys");
    if (!keys) continue;
    const Shape& shape = shapes.at(parent);
    requests.push_back({&shape, rows_with_keys(shape, *key), *keys});
  }
  return requests;
}

// The names of the keys are not those of columns, which an expression of a mask may name.
std::string RowClone::rows_with_keys(const Shape& shape, const Shape::Key& key) const {
  std::vector<std::string> own, named, given;
  for (std::size_t i = 0; i < key.keys.size(); ++i) {
    const auto column =
        std::find_if(shape.columns.begin(), shape.columns.end(),
                     [&](const Shape::Column& one) { return one.name == key.keys[i]; });
    own.push_back(masks_.expression(shape.name, key.keys[i],
                                    column == shape.columns.end() ? "" : column->type));
    named.push_back(fmt::format("r.{} AS engine_key_{}", key.keys[i], i));
    given.push_back(fmt::format("k.engine_key_{}", i));
  }
  return fmt::format(
      "SELECT pg_catalog.array_agg({})::text AS rows, false AS whole FROM (SELECT t.* FROM {} AS t "
      "JOIN (SELECT {} "
      "FROM pg_catalog.json_populate_recordset(NULL::{}, $1::json) AS r) AS k ON {}) AS t",
      row_of(shape), from(shape), text::joined(named, ", "), shape.name, all_equal(own, given));
}

// A key that the target has checked holds there: what breaks it here is the clone's fault.
void RowClone::remove_orphans(db::Connection& shadow, const Shapes& shapes) {
  for (bool removed = true; removed;) {
    removed = false;
    for (const auto& [name, shape] : shapes) {
      if (!filled_.contains(name)) continue;
      for (const Shape::Key& key : shape.keys) {
        if (!key.validated || !order_.contains(key.parent)) continue;
        const db::Result gone =
            shadow.query(fmt::format("DELETE FROM {} AS c WHERE {}", name, is_orphan(key)));
        if (gone.affected().value_or(0) == 0) continue;
        removed = true;
        came_[name] = RowCoverage::unreadable;
        miss(name + " that refer to rows of " + key.parent + " that are not here", "left out");
      }
    }
  }
}

}  // namespace engine::shadow
