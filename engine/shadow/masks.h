// What replaces values that may not leave the target.
#pragma once

#include <map>
#include <string>
#include <utility>

namespace engine::shadow {

class Masks {
 public:
  Masks() = default;
  /// By "schema.table.column": `null`, `hash` (equal values stay equal, different ones different),
  /// `text` (same length, letters and digits only in kind), or an SQL expression over the row's
  /// columns. Throws Error{usage} for a column that is not named by three words.
  explicit Masks(const std::map<std::string, std::string>& by_column);

  /// A key and the column that it refers to are masked alike, so that they still meet. Only what is
  /// a kind can be carried over.
  void join(const std::string& table, const std::string& column, const std::string& other_table,
            const std::string& other_column);

  /// The column's value as it leaves the target, of a row called t; table and column are quoted.
  std::string expression(const std::string& table, const std::string& column,
                         const std::string& type) const;
  bool masks(const std::string& table, const std::string& column) const {
    return by_column_.contains({table, column});
  }
  bool masks(const std::string& table) const {
    const auto found = by_column_.lower_bound({table, ""});
    return found != by_column_.end() && found->first.first == table;
  }
  bool empty() const { return by_column_.empty(); }
  const std::map<std::pair<std::string, std::string>, std::string>& all() const {
    return by_column_;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> by_column_;  // quoted names
};

}  // namespace engine::shadow
