// Rows of the target on the shadow: some of each table that the plan touches, and what they refer
// to.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"
#include "preview/shadow/masks.h"
#include "preview/shadow/reader.h"

namespace engine::preview {

struct Bounds {
  std::int64_t rows = 1000;       // of each table
  std::int64_t bytes = 64 << 20;  // of all tables that are asked for at once, as stored
  bool data = true;               // false: no rows
};

/// A table, as far as its rows are concerned. Names are quoted.
struct Shape {
  struct Column {
    std::string name, type;
    bool generated = false;
  };
  struct Key {
    std::string child, parent;
    std::vector<std::string> columns, keys;
    bool validated = true;

    auto operator<=>(const Key&) const = default;
  };
  std::string name;
  bool partitioned = false;
  bool wanted = false;
  std::int64_t share = 1;
  std::string unreadable;  // why; "" where it can be read
  std::vector<Column> columns;
  std::vector<std::string> primary;
  std::vector<Key> keys;
};
using Shapes = std::map<std::string, Shape>;

class RowClone {
 public:
  RowClone(Reader& reader, Bounds bounds, Masks masks)
      : reader_(reader), bounds_(bounds), masks_(std::move(masks)) {}

  /// Rows of tables that have none on the shadow yet: at least one of each that has any, and the
  /// rows that they refer to. Round trips to the target grow with the depth of foreign keys, not
  /// with the number of tables. Returns the tables that got some.
  std::set<std::string> add(db::Connection& shadow, const std::set<std::string>& tables);
  /// What the rows that are there refer to by such keys as the target does not have.
  void add_parents(db::Connection& shadow, const std::vector<Shape::Key>& keys);
  /// Every row of these tables, unmasked: the journal's.
  void add_whole(db::Connection& shadow, const std::set<std::string>& tables);

  /// What could not be copied, and why: phrases.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  struct Request {
    const Shape* shape = nullptr;
    std::string sql;  // gives one text, an array of rows; $1 is its parameter, if it has one
    std::string parameter;
  };
  void fetch(db::Connection& shadow, std::vector<Request> requests);
  void fetch_some(db::Connection& shadow, const std::vector<Request>& requests);
  void insert(db::Connection& shadow, const Shape& shape, const std::string& rows);
  std::string row_of(const Shape& shape) const;
  std::string first_rows(const Shape& shape, std::int64_t limit, std::int64_t bytes) const;
  std::string rows_with_keys(const Shape& shape, const Shape::Key& key) const;
  void add_parents(db::Connection& shadow, const Shapes& shapes);
  std::vector<Request> parents(db::Connection& shadow, const Shapes& shapes);
  void remove_orphans(db::Connection& shadow, const Shapes& shapes);
  void learn_order(db::Connection& shadow, const Shapes& shapes);
  void miss(const std::string& phrase);

  Reader& reader_;
  Bounds bounds_;
  Masks masks_;
  std::map<std::string, std::vector<std::string>> order_;  // of the shadow's columns
  std::set<std::string> changed_;                          // in this generation
  std::set<std::string> filled_;                           // since add() began
  std::set<std::string> held_;                             // that have rows
  std::vector<std::string> missing_;
};

}  // namespace engine::preview
