#include "bindings/registry.h"
#include "db/connection.h"

namespace engine::bindings {
namespace {

int quote_literal(Call& call) {
  return call.push(db::Connection::quote_literal(call.text(1, "the value")));
}

}  // namespace

void sql_literal(Registry& add) {
  add({.name = "sql.literal",
       .effect = Effect::pure,
       .parameters = {"value string"},
       .returns = {"string quoted"},
       .doc = "Quotes a value for utility statements, which accept no parameters. In other "
              "statements pass values as $1.",
       .example = "sql.literal \"it's\"  -- 'it''s'",
       .body = quote_literal});
}

}  // namespace engine::bindings
