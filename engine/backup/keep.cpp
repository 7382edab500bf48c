#include <fmt/format.h>

#include "backup/backup.h"
#include "backup/lookup.h"
#include "backup/session_guards.h"
#include "base/text.h"
#include "catalog/catalog.h"

namespace engine::backup {
namespace {

std::string selection(const QualifiedName& table, const KeepOptions& options) {
  std::vector<std::string> columns;
  for (const auto& column : options.columns) columns.push_back(quote_identifier(column));
  std::string query = fmt::format(
      "SELECT {} FROM {}", columns.empty() ? "*" : text::joined(columns, ", "), table.quoted());
  if (!options.where.empty()) query += fmt::format(" WHERE ({})", options.where);
  return query;
}

}  // namespace

Kept keep(db::Connection& connection, const Origin& origin, const QualifiedName& table,
          const KeepOptions& options) {
  require_transaction(connection, "keeping rows");
  const auto found = catalog::describe(connection, table);
  if (!found) {
    throw Error{Code::missing_object, "table {} does not exist", table.display()}.hint(
        "Nothing was kept. If the table may be missing, check catalog.has_table first.");
  }
  const Pinned pinned{connection};
  require_owner(connection, {found->name}, "keeping rows of");
  const QualifiedName kept = free_name(connection, copies_schema(connection, origin),
                                       found->name.name, "_kept" + run_suffix(connection, origin));
  try {
    connection.execute(fmt::format("LOCK TABLE {} IN SHARE MODE", found->name.quoted()));
    const auto copied = connection.execute(
        fmt::format("CREATE TABLE {} AS {}", kept.quoted(), selection(found->name, options)));
    if (copied.affected().value_or(0) == 0) {
      connection.execute("DROP TABLE " + kept.quoted());
      return {};
    }
    make_private(connection, kept,
                 fmt::format("Rows of {}, kept by engine{}.", found->name.display(),
                             origin.run.empty() ? "" : " in run " + origin.run));
    return {kept, *copied.affected()};
  } catch (const Error& error) {
    rethrow(error, fmt::format("cannot keep rows of {}", found->name.display()));
  }
}

}  // namespace engine::backup
