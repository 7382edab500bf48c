#include "bindings/registry.h"
#include "db/transaction.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int savepoint(Call& call) {
  const auto function = call.function(1, "the function");
  call.no_more_than(1);
  db::Connection& connection = call.session().connection();
  if (connection.status() != db::TransactionStatus::in_transaction) {
    throw Error{Code::wrong_moment, "db.savepoint: no transaction is open"}.hint(
        "Use it in a step whose transaction is not \"none\".");
  }
  db::Savepoint within{connection};
  function();
  within.release();
  return 0;
}

}  // namespace

void db_savepoint(Registry& add) {
  add({.name = "db.savepoint",
       .effect = Effect::reads,
       .parameters = {"body fun() the statements that may fail"},
       .returns = {},
       .doc =
           "Calls a function within a savepoint. If it fails, its changes are rolled back and the "
           "error is raised again. With pcall around db.savepoint, the transaction can continue.",
       .example = "local ok, problem = pcall(db.savepoint, function() db.exec \"DROP INDEX "
                  "old_index\" end)",
       .body = savepoint});
}

}  // namespace engine::bindings
