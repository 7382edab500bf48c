#include "bindings/expect.h"
#include "verify/value.h"

namespace engine::bindings {
namespace {

using script::Value;
using verify::Scalar;

std::string type_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::number:
      return "numeric";
    case Value::Kind::boolean:
      return "boolean";
    case Value::Kind::table:
      return "jsonb";
    case Value::Kind::nothing:
    case Value::Kind::null:
    case Value::Kind::text:
    case Value::Kind::sql:
    case Value::Kind::function:
    case Value::Kind::other:
      break;
  }
  return "text";
}

/// nil is what a missing value is in Lua, so it is looked at like any other.
db::Param param(Call& call) {
  if (!call.given(1)) return std::nullopt;
  return call.params(1).front();
}

int value(Call& call) {
  call.no_more_than(1);
  return call.push_subject(Chain<Scalar>{{param(call), type_of(call.value(1, "the value"))}, {}});
}

const Scalar& value_of(Call& call) { return call.subject<Chain<Scalar>>().subject; }

int equals(Call& call) {
  call.no_more_than(1);
  return record<Scalar>(call,
                        verify::value_equals(connection_of(call), value_of(call), param(call)));
}

int differs_from(Call& call) {
  call.no_more_than(1);
  return record<Scalar>(call,
                        verify::value_differs(connection_of(call), value_of(call), param(call)));
}

template <verify::Outcome (*assertion)(db::Connection&, const Scalar&, const std::string&)>
int compares(Call& call) {
  call.no_more_than(1);
  const auto other = param(call);
  if (!other)
    throw Error{Code::argument, "{} needs a value to compare with", call.primitive().name};
  const bool number = call.value(1, "the value").kind == Value::Kind::number;
  if (number && value_of(call).value && value_of(call).type == "text") {
    throw Error{Code::argument, "{}: a text cannot be compared with a number",
                call.primitive().name}
        .hint("expect.value takes a value that the plan has; expect.query takes SQL.");
  }
  return record<Scalar>(call, assertion(connection_of(call), value_of(call), *other));
}

}  // namespace

void expect_value(Registry& add) {
  add({.name = "expect.value",
       .effect = Effect::reads,
       .parameters = {"value any"},
       .returns = {"expect.value"},
       .doc = "Speaks of a value that the plan has.",
       .example = "expect.value(state.rows):at_least(1)",
       .body = value});
  const auto method = [&](const char* name, const char* doc, const char* example,
                          script::Body body) {
    add({name, Effect::reads, {"value any"}, {"self"}, doc, example, body});
  };
  method("expect.value:equals", "Checks that it is the same; tables are compared whole.",
         "expect.value(1 + 1):equals(2)", equals);
  method("expect.value:differs_from", "Checks that it is another; tables are compared whole.",
         "expect.value(1):differs_from(2)", differs_from);
  method("expect.value:at_least", "Checks that it is not smaller.", "expect.value(3):at_least(2)",
         compares<verify::value_at_least>);
  method("expect.value:at_most", "Checks that it is not greater.", "expect.value(3):at_most(4)",
         compares<verify::value_at_most>);
  method("expect.value:matches", "Checks it by a regular expression of PostgreSQL's.",
         "expect.value \"esquisse2\" :matches \"^esquisse[0-9]*$\"",
         compares<verify::value_matches>);
  method("expect.value:contains",
         "Checks that every item of the list is in it; of a text: that the other is part of it.",
         "expect.value { 1, 2, 3 } :contains { 3, 1 }", compares<verify::value_contains>);
  method("expect.value:does_not_match",
         "Checks that it does not match a regular expression of PostgreSQL's.",
         "expect.value \"esquisse2\" :does_not_match \"^old\"",
         compares<verify::value_does_not_match>);
  method("expect.value:does_not_contain",
         "Checks that not every item of the list is in it; of a text: that the other is no part of "
         "it.",
         "expect.value { 1, 2 } :does_not_contain { 3 }", compares<verify::value_does_not_contain>);
  add_named<Scalar>(add, {"expect.value:named"});
}

}  // namespace engine::bindings
