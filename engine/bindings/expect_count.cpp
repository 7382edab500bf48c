#include "bindings/expect_count.h"

#include "script/primitive.h"

namespace engine::bindings {

WantedRows read_count(script::Call& call, Where where) {
  WantedRows wanted;
  const bool number = call.value(1, "the count").kind == script::Value::Kind::number;
  call.no_more_than(number ? 2 : 1);
  if (number) wanted.count = verify::Count::exactly(call.integer(1, "the count"));
  auto options = call.options(number ? 2 : 1, "the count");
  if (where == Where::allowed) wanted.where = options.text("where").value_or("");
  if (!number) {
    wanted.count.at_least = options.integer("at_least");
    wanted.count.at_most = options.integer("at_most");
  }
  options.finish();
  if (!wanted.count.at_least && !wanted.count.at_most) {
    throw Error{Code::argument, "{} needs a count: 3, or {{ at_least = 1 }}",
                call.primitive().name};
  }
  return wanted;
}

}  // namespace engine::bindings
