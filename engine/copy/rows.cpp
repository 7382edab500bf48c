#include "copy/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "catalog/catalog.h"

namespace engine::copy {
namespace {

using catalog::Column;
using catalog::Relation;

std::vector<std::string> column_names(const Relation& relation) {
  std::vector<std::string> names;
  for (const auto& column : relation.columns) names.push_back(column.name);
  return names;
}

Relation described(db::Connection& connection, const QualifiedName& name, const char* role) {
  auto relation = catalog::describe(connection, name);
  if (!relation) {
    throw Error{Code::missing_object, "table {} to copy {} does not exist", name.display(), role}
        .hint("No row was copied.");
  }
  return std::move(*relation);
}

[[noreturn]] void refuse_column(const Relation& table, const std::string& column,
                                const char* where) {
  throw Error{Code::copy,
              "{} has no column {}{}{}",
              table.name.display(),
              quote_identifier(column),
              where,
              text::did_you_mean(column, column_names(table))}
      .hint(fmt::format("Its columns: {}.", text::joined(column_names(table), ", ")));
}

// A word alone that is no column is a column misspelt, unless SQL gives it a value.
bool is_bare_word(const std::string& source) {
  constexpr std::array values{"null",           "true",         "false",       "current_date",
                              "current_time",   "current_user", "localtime",   "current_timestamp",
                              "localtimestamp", "session_user", "current_role"};
  const std::string word = text::lower(source);
  if (std::find(values.begin(), values.end(), word) != values.end()) return false;
  return !word.empty() && !std::isdigit(static_cast<unsigned char>(word.front())) &&
         std::all_of(word.begin(), word.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

std::string value_of(const Relation& from, const Mapping& mapping) {
  if (from.column(mapping.source)) return quote_identifier(mapping.source);
  if (is_bare_word(mapping.source)) {
    refuse_column(from, mapping.source,
                  fmt::format(" for {}", quote_identifier(mapping.column)).c_str());
  }
  // A comment at the end of the expression ends with its line.
  return "(" + mapping.source + "\n)";
}

std::vector<Mapping> same_names(const Relation& from, const Relation& into) {
  std::vector<Mapping> mappings;
  for (const auto& column : into.columns) {
    if (!column.generated && from.column(column.name)) {
      mappings.push_back({column.name, Mapping::Kind::value, column.name});
    }
  }
  return mappings;
}

void require_every_column(const Relation& into, const std::vector<Mapping>& mappings) {
  std::vector<std::string> forgotten;
  for (const auto& column : into.columns) {
    const bool mapped = std::any_of(mappings.begin(), mappings.end(), [&](const Mapping& each) {
      return each.column == column.name;
    });
    if (!mapped && !column.generated) forgotten.push_back(quote_identifier(column.name));
  }
  if (forgotten.empty()) return;
  throw Error{Code::copy, "columns of {} get no value: {}", into.name.display(),
              text::listed(forgotten)}
      .hint(
          "Give each column a source column or an expression, \"default\" for its default, or "
          "false to "
          "leave "
          "it out.");
}

void check_target(const Relation& into, const Mapping& mapping) {
  const Column* column = into.column(mapping.column);
  if (!column) refuse_column(into, mapping.column, "");
  if (column->generated && mapping.kind == Mapping::Kind::value) {
    throw Error{Code::copy, "column {} of {} is a generated column and accepts no value",
                quote_identifier(column->name), into.name.display()}
        .hint("Remove it from columns.");
  }
  const bool has_default = column->default_expression || !column->identity.empty();
  if (mapping.kind == Mapping::Kind::preset && !has_default) {
    throw Error{Code::copy, "column {} of {} has no default", quote_identifier(column->name),
                into.name.display()}
        .hint("Give it a value, or false to leave it NULL.");
  }
}

std::string insert(const Relation& from, const Relation& into, const RowsOptions& options) {
  const auto mappings = options.columns ? *options.columns : same_names(from, into);
  std::vector<std::string> columns, values;
  for (const auto& mapping : mappings) {
    check_target(into, mapping);
    if (mapping.kind != Mapping::Kind::value) continue;
    columns.push_back(quote_identifier(mapping.column));
    values.push_back(value_of(from, mapping));
  }
  require_every_column(into, mappings);
  if (columns.empty()) {
    throw Error{Code::copy, "no column of {} gets a value from {}", into.name.display(),
                from.name.display()};
  }
  // OVERRIDING SYSTEM VALUE: an identity column that is mapped takes the source's value.
  std::string statement = fmt::format(
      "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}", into.name.quoted(),
      text::joined(columns, ", "), text::joined(values, ", "), from.name.quoted());
  if (!options.where.empty()) statement += " WHERE (" + options.where + "\n)";
  if (options.skip_conflicts) statement += " ON CONFLICT DO NOTHING";
  return statement;
}

// The plan's own search_path stays: its expressions may need it.
class NoHiddenRows {
 public:
  explicit NoHiddenRows(db::Connection& connection) : connection_(connection) {
    former_ = connection_.execute("SELECT pg_catalog.current_setting('row_security')")
                  .at(0, 0)
                  .value_or("on");
    set("off");
  }
  NoHiddenRows(const NoHiddenRows&) = delete;
  NoHiddenRows& operator=(const NoHiddenRows&) = delete;
  ~NoHiddenRows() {
    const auto status = connection_.status();
    if (status != db::TransactionStatus::in_transaction && status != db::TransactionStatus::idle)
      return;
    try {
      set(former_);
    } catch (const std::exception&) {
      // A connection lost here is met again by whoever uses it next.
    }
  }

 private:
  void set(const std::string& value) {
    connection_.execute("SELECT pg_catalog.set_config('row_security', $1, false)", {value});
  }
  db::Connection& connection_;
  std::string former_;
};

[[noreturn]] void rethrow(const Error& error, const Relation& from, const Relation& into,
                          const std::string& statement) {
  constexpr std::array retried{"55P03", "40P01", "40001", "57014"};
  const bool passes = std::any_of(retried.begin(), retried.end(),
                                  [&](const char* state) { return error.sqlstate() == state; });
  if (passes || error.code() != Code::sql) throw error;
  std::string hint = error.hint();
  if (error.sqlstate() == "42501" &&
      error.message().find("row-level security") != std::string::npos) {
    hint = "Copy as the owner of the tables, or as a role with BYPASSRLS.";
  }
  if (error.sqlstate() == "42804") hint = "Give an expression with a cast, as in \"column::type\".";
  throw Error{Code::copy, "cannot copy from {} into {}: {}", from.name.display(),
              into.name.display(), error.message()}
      .sqlstate(error.sqlstate())
      .detail(error.detail())
      .constraint(error.constraint())
      .statement(statement)
      .hint(std::move(hint));
}

}  // namespace

Copied rows(db::Connection& connection, const RowsOptions& options) {
  const Relation from = described(connection, options.from, "from");
  const Relation into = described(connection, options.into, "into");
  if (from.oid == into.oid) {
    throw Error{Code::copy, "{} cannot be copied into itself", from.name.display()};
  }
  if (into.kind != 'r' && into.kind != 'p') {
    throw Error{Code::copy, "{} is a {}: rows can be copied only into a table", into.name.display(),
                into.kind_name()};
  }
  Copied copied;
  copied.statement = insert(from, into, options);
  const NoHiddenRows no_hidden_rows{connection};
  try {
    connection.execute("EXPLAIN " + copied.statement);
    copied.rows = connection.execute(copied.statement).affected().value_or(0);
  } catch (const Error& error) {
    rethrow(error, from, into, copied.statement);
  }
  return copied;
}

}  // namespace engine::copy
