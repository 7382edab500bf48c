#include "bindings/registry.h"
#include "runner/session/session.h"
#include "sql/statement.h"

namespace engine::bindings {
namespace {

int count(Call& call) {
  const QualifiedName table = call.table_name(1, "the table");
  std::string query = "SELECT pg_catalog.count(*) AS count FROM " + table.quoted();
  if (const auto condition = call.text_or_nothing(2, "the condition")) {
    query += "\nWHERE " + *condition;
  }
  // A condition that ends the statement, or smuggles another in, is none.
  const auto statements = sql::split(query);
  if (statements.size() != 1 || !statements.front().known()) {
    throw Error{Code::argument, "db.count: \"{}\" is not a condition",
                call.text(2, "the condition")}
        .hint("Write the condition without WHERE: db.count(\"t\", \"status = $1\", \"open\").");
  }
  try {
    const db::Result result = call.session().connection().execute(query, call.params(3));
    return call.push(result.integer(0, "count"));
  } catch (Error& error) {
    error.at(call.where()).statement(query);
    throw;
  }
}

}  // namespace

void db_count(Registry& add) {
  add({.name = "db.count",
       .effect = Effect::reads,
       .parameters = {"table string", "where? string a condition, without the word WHERE",
                      "... any values for $1, $2 …"},
       .returns = {"integer rows"},
       .doc = "Counts the rows of a table, or the rows that meet a condition.",
       .example = "db.count(\"sessions\", \"status = $1\", \"open\")",
       .body = count});
}

}  // namespace engine::bindings
