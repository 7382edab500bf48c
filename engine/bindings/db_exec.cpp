#include "bindings/registry.h"
#include "bindings/statements.h"

namespace engine::bindings {
namespace {

int execute(Call& call) {
  const Statements statements{call, 1};
  const db::Params params = call.params(2);
  if (statements.all().empty()) throw Error{Code::argument, "db.exec: the SQL is empty"};
  if (!params.empty()) statements.only();
  std::optional<std::int64_t> written;
  for (const auto& statement : statements.all()) {
    const auto affected = statements.run(statement, params).affected();
    if (affected) written = written.value_or(0) + *affected;
  }
  return written ? call.push(*written) : call.push_nothing();
}

}  // namespace

void db_exec(Registry& add) {
  add({.name = "db.exec",
       .effect = Effect::writes,
       .parameters = {"sql string|sql one statement or several, executed one by one",
                      "... any values for $1, $2 …, if it is one statement"},
       .returns = {"integer? written number of rows written, if the statement writes rows"},
       .doc = "Executes statements.",
       .example = "db.exec(\"UPDATE sessions SET status = $1 WHERE status IS NULL\", \"open\")",
       .body = execute});
}

}  // namespace engine::bindings
