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

template <event::Outcome (*assertion)(db::Connection&, const Scalar&, const std::string&)>
int compares(Call& call) {
  call.no_more_than(1);
  const auto other = param(call);
  if (!other)
    throw Error{Code::argument, "{} needs a value to compare with", call.primitive().name};
  const bool number = call.value(1, "the value").kind == Value::Kind::number;
  if (number && value_of(call).value && value_of(call).type == "text") {
    throw Error{Code::argument, "{}: a string cannot be compared with a number",
                call.primitive().name}
        .hint("Use expect.value for a value of the plan, and expect.query for SQL.");
  }
  return record<Scalar>(call, assertion(connection_of(call), value_of(call), *other));
}

}  // namespace

void expect_value(Registry& add) {
  add({.name = "expect.value",
       .effect = Effect::reads,
       .parameters = {"value any"},
       .returns = {"expect.value"},
       .doc = "Starts checks of a value that the plan has.",
       .example = "expect.value(state.rows):at_least(1)",
       .body = value});
  const auto method = [&](const char* name, const char* doc, const char* example,
                          script::Body body) {
    add({name, Effect::reads, {"value any"}, {"self"}, doc, example, body});
  };
  method("expect.value:equals",
         "Checks that the value is equal. Tables are compared with all their contents.",
         "expect.value(1 + 1):equals(2)", equals);
  method("expect.value:differs_from",
         "Checks that the value is different. Tables are compared with all their contents.",
         "expect.value(1):differs_from(2)", differs_from);
  method("expect.value:at_least", "Checks that the value is at least this value.",
         "expect.value(3):at_least(2)", compares<verify::value_at_least>);
  method("expect.value:at_most", "Checks that the value is at most this value.",
         "expect.value(3):at_most(4)", compares<verify::value_at_most>);
  method("expect.value:matches", "Checks that the value matches a PostgreSQL regular expression.",
         "expect.value \"esquisse2\" :matches \"^esquisse[0-9]*$\"",
         compares<verify::value_matches>);
  method(
      "expect.value:contains",
      "Checks that a list contains every given item, or that a string contains the given string.",
      "expect.value { 1, 2, 3 } :contains { 3, 1 }", compares<verify::value_contains>);
  method("expect.value:does_not_match",
         "Checks that the value does not match a PostgreSQL regular expression.",
         "expect.value \"esquisse2\" :does_not_match \"^old\"",
         compares<verify::value_does_not_match>);
  method("expect.value:does_not_contain",
         "Checks that a list lacks at least one given item, or that a string does not contain the "
         "given "
         "string.",
         "expect.value { 1, 2 } :does_not_contain { 3 }", compares<verify::value_does_not_contain>);
  add_named<Scalar>(add, {"expect.value:named"});
}

}  // namespace engine::bindings
