// Rows of the target on the shadow: some of each table that the plan touches, and what they refer
// to.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"
#include "shadow/masks.h"
#include "shadow/target_reader.h"

namespace engine::shadow {

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
  std::int64_t root = 0;   // OID of the partitioned table that it is of, else its own
  std::string unreadable;  // why; "" where it can be read
  std::vector<Column> columns;
  std::vector<std::string> primary;
  std::vector<Key> keys;
};
using Shapes = std::map<std::string, Shape>;

/// Of a table's rows on the target: are they all on the shadow, and if not, what kept them away?
enum class RowCoverage { not_asked, whole, cut_by_number, cut_by_size, unreadable };

class RowClone {
 public:
  RowClone(TargetReader& reader, Bounds bounds, Masks masks)
      : reader_(reader), bounds_(bounds), masks_(std::move(masks)) {}

  /// Rows of tables that have none on the shadow yet: at least one of each that has any, and the
  /// rows that they refer to. Round trips to the target grow with the depth of foreign keys, not
  /// with the number of tables. Returns the tables that got some.
  std::set<std::string> add(db::Connection& shadow, const std::set<std::string>& tables);
  /// What the rows that are there refer to by such keys as the target does not have.
  void add_parents(db::Connection& shadow, const std::vector<Shape::Key>& keys);
  /// Every row of these tables, unmasked: the journal's.
  void add_whole(db::Connection& shadow, const std::set<std::string>& tables);

  /// Of a table's own rows; `not_asked` of one that add() was not given.
  RowCoverage came(const std::string& table) const;
  bool is_masked(const std::string& table) const { return masks_.masks(table); }
  /// What could not be copied, and why: phrases.
  std::vector<std::string> missing() const;

 private:
  struct Request {
    const Shape* shape = nullptr;
    std::string sql;  // gives one text, an array of rows; $1 is its parameter, if it has one
    std::string parameter;
    RowCoverage otherwise = RowCoverage::not_asked;  // what it is where some rows stay there
  };
  struct Bound {
    std::int64_t rows = 0, bytes = 0;
    RowCoverage otherwise = RowCoverage::cut_by_size;
  };
  struct Amount {
    std::int64_t rows = 0, bytes = 0;
  };
  using Answered = std::function<void(const Request&, const db::Result&, std::size_t row)>;
  std::map<const Shape*, Amount> amounts(const std::vector<const Shape*>& tables);
  std::map<const Shape*, Bound> bounds_of(const std::vector<const Shape*>& tables);
  void ask(std::vector<Request> requests, const Answered& answered);
  void ask_some(const std::vector<Request>& requests, const Answered& answered);
  void fetch(db::Connection& shadow, std::vector<Request> requests);
  /// Are all of them there now?
  bool insert(db::Connection& shadow, const Shape& shape, const std::string& rows);
  std::string row_of(const Shape& shape) const;
  std::string first_rows(const Shape& shape, const Bound& bound) const;
  std::string rows_with_keys(const Shape& shape, const Shape::Key& key) const;
  void add_parents(db::Connection& shadow, const Shapes& shapes);
  std::vector<Request> parents(db::Connection& shadow, const Shapes& shapes);
  void remove_orphans(db::Connection& shadow, const Shapes& shapes);
  void learn_order(db::Connection& shadow, const Shapes& shapes);
  void miss(const std::string& table, const std::string& why);

  TargetReader& reader_;
  Bounds bounds_;
  Masks masks_;
  std::map<std::string, std::vector<std::string>> order_;  // of the shadow's columns
  std::set<std::string> changed_;                          // in this generation
  std::set<std::string> filled_;                           // since add() began
  std::set<std::string> held_;                             // that have rows
  std::map<std::string, RowCoverage> came_;
  std::map<std::string, std::set<std::string>> missing_;  // why: tables
};

}  // namespace engine::shadow
