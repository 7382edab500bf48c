#include "bindings/registry.h"
#include "bindings/statements.h"
#include "db/cursor.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

constexpr long portion = 1000;

using RowFunction = std::function<bool(const db::Result&, std::size_t)>;

// False where the function ended the loop.
bool walk(const db::Result& rows, const RowFunction& function, std::int64_t& seen) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    ++seen;
    if (!function(rows, row)) return false;
  }
  return true;
}

int each(Call& call) {
  const int last = call.count();
  const auto function = call.row_function(last, "the last argument");
  const Statements statements{call, 1};
  const db::Params params = call.params(2, last - 1);
  const auto& statement = statements.only();
  std::int64_t seen = 0;
  // Only a query has a cursor, and a cursor lives in a transaction: else the rows are read whole.
  const bool reads =
      statement.effect == sql::Effect::reads || statement.effect == sql::Effect::unknown;
  if (!reads || statement.tag != "SELECT" || !statements.in_transaction()) {
    walk(statements.run(statement, params), function, seen);
    return call.push(seen);
  }
  std::optional<db::Cursor> cursor;
  const auto fetch = [&] {
    try {
      if (!cursor) cursor.emplace(call.session().connection(), statement.text, params);
      return cursor->fetch(portion);
    } catch (const Error& error) {
      throw statements.placed(error, statement);
    }
  };
  for (db::Result rows = fetch(); !rows.empty(); rows = fetch()) {
    if (!walk(rows, function, seen)) break;
  }
  return call.push(seen);
}

}  // namespace

void db_each(Registry& add) {
  add({.name = "db.each",
       .effect = Effect::reads,
       .parameters = {"sql string|sql a query", "... any values for $1, $2 …",
                      "each fun(row: table): boolean? called with each row; false ends the loop"},
       .returns = {"integer number of rows passed to the function"},
       .doc = "Calls a function with each row of a query. In a transaction the rows come through a "
              "cursor, "
              "a thousand at a time.",
       .example = "db.each(\"SELECT id FROM sessions WHERE status = $1\", \"open\", function(row) "
                  "note(row.id) end)",
       .body = each});
}

}  // namespace engine::bindings
