#include "bindings/registry.h"
#include "bindings/statements.h"

namespace engine::bindings {
namespace {

// A statement without a result would look like one without rows.
db::Result rows_of(Call& call) {
  const Statements statements{call, 1};
  const db::Params params = call.params(2);
  const auto& statement = statements.only();
  db::Result result = statements.run(statement, params);
  if (result.columns().empty()) {
    throw Error{Code::argument, "{}: {} returns no rows", call.primitive().name, statement.tag}
        .hint("Use db.exec, or add RETURNING.");
  }
  return result;
}

int query(Call& call) { return call.push_rows(rows_of(call)); }

int row(Call& call) {
  const db::Result result = rows_of(call);
  at_most_one_row(call, result);
  return result.empty() ? call.push_nothing() : call.push_row(result, 0);
}

int value(Call& call) {
  const db::Result result = rows_of(call);
  at_most_one_row(call, result);
  if (result.columns().size() != 1) {
    throw Error{Code::value, "db.value: the query returned {} columns, not one",
                result.columns().size()}
        .hint("Select one column, or use db.row.");
  }
  return result.empty() ? call.push_nothing()
                        : call.push(result.at(0, 0), result.columns().front().type);
}

}  // namespace

void db_query(Registry& add) {
  const std::vector<const char*> parameters{"sql string|sql one statement that returns rows",
                                            "... any values for $1, $2 …"};
  add({.name = "db.query",
       .effect = Effect::reads,
       .parameters = parameters,
       .returns =
           {"table[] rows each row has its columns by name; reading an unknown column is an error"},
       .doc = "Returns all rows of a query. NULL is nil.",
       .example = "for _, row in ipairs(db.query \"SELECT id, title FROM sessions\") do "
                  "note(row.title) end",
       .body = query});
  add({.name = "db.row",
       .effect = Effect::reads,
       .parameters = parameters,
       .returns = {"table? row nil if the query returned no row"},
       .doc = "Returns the only row of a query. More than one row is an error.",
       .example =
           "local user = db.row(\"SELECT id, email FROM auth.users WHERE email = $1\", \"a@b.c\")",
       .body = row});
  add({.name = "db.value",
       .effect = Effect::reads,
       .parameters = parameters,
       .returns = {"any value nil if the value is NULL or there is no row"},
       .doc = "Returns the only value of a query: one column, at most one row.",
       .example = "local latest = db.value \"SELECT max(created_at)::text FROM sessions\"",
       .body = value});
}

}  // namespace engine::bindings
