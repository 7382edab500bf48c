#include <algorithm>

#include "base/names.h"
#include "bindings/registry.h"

namespace engine::bindings {
namespace {

int quote_name(Call& call) {
  std::string quoted;
  for (int index = 1; index <= std::max(1, call.count()); ++index) {
    if (index > 1) quoted += '.';
    quoted += quote_identifier(call.text(index, "the name"));
  }
  return call.push(quoted);
}

}  // namespace

void sql_name(Registry& add) {
  add({.name = "sql.name",
       .effect = Effect::pure,
       .parameters = {"... string the parts of the name: schema and object, or only the object"},
       .returns = {"string quoted"},
       .doc = "Quotes a name for SQL. Every part is used exactly as given, including capitals.",
       .example = "sql.name(\"public\", \"Odd Name\")  -- public.\"Odd Name\"",
       .body = quote_name});
}

}  // namespace engine::bindings
