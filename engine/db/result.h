// Rows that a server sent, as text, with NULL visible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::db {

/// A parameter ($1, $2 …) in text format; no value is SQL NULL.
using Param = std::optional<std::string>;
using Params = std::vector<Param>;

/// Where a statement finds its bare names: tables, functions, types and operators.
enum class Lookup {
  /// In pg_catalog, then among temporary relations: statements of the engine's own. No object of a
  /// user is ever executed by its name alone, operators included.
  catalog,
  /// On the session's search_path: statements of the plan, transaction control and settings.
  session,
};

/// One statement with its parameters, ready to be sent.
struct Command {
  std::string sql;
  Params params;
  Lookup lookup = Lookup::catalog;
};

struct ResultColumn {
  std::string name;
  std::uint32_t type = 0;  // OID of the type
};

/// What one statement gave: its rows, and its command tag ("INSERT 0 3").
class Result {
 public:
  using Row = std::vector<std::optional<std::string>>;

  Result() = default;
  Result(std::vector<ResultColumn> columns, std::vector<Row> rows, std::string tag,
         std::optional<std::int64_t> affected)
      : columns_(std::move(columns)),
        rows_(std::move(rows)),
        tag_(std::move(tag)),
        affected_(affected) {}

  const std::vector<ResultColumn>& columns() const { return columns_; }
  const std::vector<Row>& rows() const { return rows_; }
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }

  /// A value; nothing where it is NULL. Throws Error{internal} outside the result.
  const std::optional<std::string>& at(std::size_t row, std::size_t column) const;
  const std::optional<std::string>& at(std::size_t row, std::string_view column) const;
  /// A value that is never NULL. Throws Error{internal} where it is.
  const std::string& text(std::size_t row, std::string_view column) const;
  std::int64_t integer(std::size_t row, std::string_view column) const;
  bool boolean(std::size_t row, std::string_view column) const;

  const std::string& tag() const { return tag_; }
  /// Rows written, for INSERT, UPDATE, DELETE, MERGE, COPY and CREATE TABLE AS; else nothing.
  std::optional<std::int64_t> affected() const { return affected_; }

 private:
  std::vector<ResultColumn> columns_;
  std::vector<Row> rows_;
  std::string tag_;
  std::optional<std::int64_t> affected_;
};

}  // namespace engine::db
