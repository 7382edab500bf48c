#include "bindings/expect.h"
#include "bindings/expect_count.h"
#include "bindings/statements.h"
#include "verify/query.h"

namespace engine::bindings {
namespace {

using script::Value;
using verify::Query;

Query& query_of(Call& call) { return call.subject<Chain<Query>>().subject; }

int query(Call& call) {
  const Statements statements{call, 1};
  return call.push_subject(Chain<Query>{Query{statements.only().text, call.params(2)}, {}});
}

int has_rows(Call& call) {
  const auto wanted = read_count(call, Where::refused);
  return record<Query>(call, query_of(call).has_rows(connection_of(call), wanted.count));
}

int has_no_rows(Call& call) {
  call.no_more_than(0);
  return record<Query>(call,
                       query_of(call).has_rows(connection_of(call), verify::Count::exactly(0)));
}

/// { 1, "a" }, { id = 1, name = "a" }, or a value alone where there is one column.
verify::ExpectedRow row_of(const Value& value, const Primitive& primitive) {
  verify::ExpectedRow row;
  if (value.kind != Value::Kind::table) {
    row.values.emplace_back("", param_of(value, primitive));
    return row;
  }
  if (!value.items.empty() && !value.fields.empty()) {
    throw Error{Code::argument, "{}: a row has values in order or by name, not both",
                primitive.name};
  }
  row.named = !value.fields.empty();
  for (const auto& item : value.items) row.values.emplace_back("", param_of(item, primitive));
  for (const auto& [name, field] : value.fields)
    row.values.emplace_back(name, param_of(field, primitive));
  return row;
}

std::vector<verify::ExpectedRow> read_rows(Call& call) {
  call.no_more_than(1);
  const Value rows = call.value(1, "the rows");
  if (rows.kind != Value::Kind::table || !rows.fields.empty()) {
    throw Error{Code::argument, "{} takes a list of rows: {{ {{ id = 1 }}, {{ id = 2 }} }}",
                call.primitive().name};
  }
  std::vector<verify::ExpectedRow> expected;
  for (const auto& row : rows.items) expected.push_back(row_of(row, call.primitive()));
  return expected;
}

template <bool as_set>
int has_same_rows(Call& call) {
  const auto expected = read_rows(call);
  return record<Query>(call, query_of(call).has_same_rows(connection_of(call), expected, as_set));
}

template <bool as_set>
int has_other_rows(Call& call) {
  const auto expected = read_rows(call);
  return record<Query>(call, query_of(call).has_other_rows(connection_of(call), expected, as_set));
}

template <bool as_set>
int includes(Call& call) {
  const auto expected = read_rows(call);
  return record<Query>(call, query_of(call).includes(connection_of(call), expected, as_set));
}

template <event::Outcome (Query::*assertion)(db::Connection&,
                                             const std::vector<verify::ExpectedRow>&)>
int rows(Call& call) {
  const auto expected = read_rows(call);
  return record<Query>(call, (query_of(call).*assertion)(connection_of(call), expected));
}

int types_are(Call& call) {
  call.no_more_than(1);
  const auto types = call.texts(1, "the types");
  return record<Query>(call, query_of(call).types_are(connection_of(call), types));
}

int runs_within(Call& call) {
  call.no_more_than(2);
  const auto ms = call.integer(1, "the milliseconds");
  auto options = call.options(2, "the options");
  const auto runs = options.integer("runs").value_or(1);
  options.finish();
  if (runs < 1) throw Error{Code::argument, "{}: runs must be 1 or more", call.primitive().name};
  return record<Query>(call, query_of(call).runs_within(connection_of(call), ms, runs));
}

int affects(Call& call) {
  call.no_more_than(1);
  const auto rows = call.integer(1, "the count");
  return record<Query>(call, query_of(call).affects(connection_of(call), rows));
}

int succeeds(Call& call) {
  call.no_more_than(0);
  return record<Query>(call, query_of(call).succeeds(connection_of(call)));
}

int fails(Call& call) {
  call.no_more_than(2);
  const std::string sqlstate = call.text_or_nothing(1, "the SQLSTATE").value_or("");
  if (!sqlstate.empty() && sqlstate.size() != 5) {
    throw Error{Code::argument, "{}: \"{}\" is no SQLSTATE", call.primitive().name, sqlstate}.hint(
        "A SQLSTATE has five characters: \"23505\" for a unique violation.");
  }
  auto options = call.options(2, "the options");
  const auto message = options.text("message").value_or("");
  const auto pattern = options.text("matches").value_or("");
  options.finish();
  return record<Query>(
      call, query_of(call).fails_saying(connection_of(call), sqlstate, message, pattern));
}

db::Param only_param(Call& call) {
  call.no_more_than(1);
  const auto params = call.params(1);
  if (params.empty()) throw Error{Code::argument, "{} needs a value", call.primitive().name};
  return params.front();
}

std::string bound(Call& call) {
  if (const auto value = only_param(call)) return *value;
  throw Error{Code::argument, "{}: nothing compares with null", call.primitive().name};
}

template <event::Outcome (Query::*assertion)(db::Connection&, const db::Param&)>
int value_is(Call& call) {
  const auto value = only_param(call);
  return record<Query>(call, (query_of(call).*assertion)(connection_of(call), value));
}

template <event::Outcome (Query::*assertion)(db::Connection&, const std::string&)>
int compares(Call& call) {
  const auto value = bound(call);
  return record<Query>(call, (query_of(call).*assertion)(connection_of(call), value));
}

int can_use_index(Call& call) {
  call.no_more_than(1);
  const auto index = call.text(1, "the index");
  return record<Query>(call, query_of(call).can_use_index(connection_of(call), index));
}

}  // namespace

void expect_query(Registry& add) {
  add({.name = "expect.query",
       .effect = Effect::reads,
       .parameters = {"sql string", "... any $1, $2 …"},
       .returns = {"expect.query"},
       .doc =
           "Starts checks of a query. The query runs once, when the first check needs its result.",
       .example = "expect.query(\"SELECT 1 WHERE 1 = $1\", 2):has_no_rows()",
       .body = query});
  const auto method = [&](const char* name, std::vector<const char*> parameters, const char* doc,
                          const char* example, script::Body body) {
    add({name, Effect::reads, std::move(parameters), {"self"}, doc, example, body});
  };
  method("expect.query:has_rows", {"count integer|{ at_least: integer, at_most: integer }"},
         "Checks how many rows it gives.", "expect.query \"SELECT 1\" :has_rows(1)", has_rows);
  method("expect.query:has_no_rows", {}, "Checks that the query returns no rows.",
         "expect.query \"SELECT 1 WHERE false\" :has_no_rows()", has_no_rows);
  method(
      "expect.query:is", {"rows table"},
      "Checks its rows in order: { 1, \"a\" } is a whole row, { id = 1 } compares only one column.",
      "expect.query \"SELECT 1 AS id, 'a' AS name\" :is { { 1, \"a\" } }", rows<&Query::is>);
  method("expect.query:is_not", {"rows table"},
         "Checks that its rows, in order, are not exactly these.",
         "expect.query \"SELECT 1\" :is_not { { 2 } }", rows<&Query::is_not>);
  method("expect.query:affects", {"count integer"}, "Checks how many rows the query writes.",
         "expect.query \"UPDATE t SET done = true WHERE id = 1\" :affects(1)", affects);
  method("expect.query:succeeds", {}, "Checks that the server executes the query without an error.",
         "expect.query \"SELECT * FROM t\" :succeeds()", succeeds);
  method("expect.query:is_set", {"rows table"},
         "Checks its rows in any order, ignoring duplicates.",
         "expect.query \"SELECT 1 AS id UNION ALL SELECT 1\" :is_set { { id = 1 } }",
         has_same_rows<true>);
  method("expect.query:is_bag", {"rows table"},
         "Checks its rows in any order, counting duplicates.",
         "expect.query \"VALUES (2), (1)\" :is_bag { 1, 2 }", has_same_rows<false>);
  method("expect.query:is_not_set", {"rows table"},
         "Checks that its rows in any order, ignoring duplicates, are not exactly these.",
         "expect.query \"SELECT 1\" :is_not_set { 2 }", has_other_rows<true>);
  method("expect.query:is_not_bag", {"rows table"},
         "Checks that its rows in any order, counting duplicates, are not exactly these.",
         "expect.query \"SELECT 1\" :is_not_bag { 1, 1 }", has_other_rows<false>);
  method("expect.query:includes_set", {"rows table"},
         "Checks that the query returns these rows, ignoring duplicates.",
         "expect.query \"VALUES (1), (2)\" :includes_set { 2 }", includes<true>);
  method("expect.query:includes_bag", {"rows table"},
         "Checks that the query returns these rows, each at least as often as given.",
         "expect.query \"VALUES (1), (2), (2)\" :includes_bag { 2, 2 }", includes<false>);
  method("expect.query:includes_none_of", {"rows table"},
         "Checks that the query returns none of these rows.",
         "expect.query \"VALUES (1), (2)\" :includes_none_of { 3 }",
         rows<&Query::includes_none_of>);
  method("expect.query:types_are", {"types string|string[]"},
         "Checks the types of its columns, in order.",
         "expect.query \"SELECT 1, now()\" :types_are { \"integer\", \"timestamptz\" }", types_are);
  method("expect.query:runs_within", {"ms integer", "options? { runs: integer }"},
         "Checks how long the query takes: once, or on average over `runs` runs without the "
         "slowest and the fastest tenth. Its changes are rolled back.",
         "expect.query \"SELECT 1\" :runs_within(1000)", runs_within);
  method("expect.query:fails",
         {"sqlstate? string", "options? { message: string, matches: string }"},
         "Checks that the server refuses the query with this SQLSTATE, and with a message that "
         "contains this text or matches this regular expression. Its changes are rolled back.",
         "expect.query \"SELECT 1 / 0\" :fails \"22012\"", fails);
  method("expect.query:equals", {"value any"}, "Checks the one value that the query returns.",
         "expect.query \"SELECT count(*) FROM t\" :equals(3)", value_is<&Query::equals>);
  method("expect.query:differs_from", {"value any"},
         "Checks that the one value that the query returns is different. null differs from "
         "everything but null.",
         "expect.query \"SELECT count(*) FROM t\" :differs_from(3)",
         value_is<&Query::differs_from>);
  method("expect.query:at_least", {"value any"},
         "Checks that the one value is at least this value.",
         "expect.query \"SELECT max(created_at) FROM t\" :at_least \"2025-07-01\"",
         compares<&Query::at_least>);
  method("expect.query:at_most", {"value any"}, "Checks that the one value is at most this value.",
         "expect.query \"SELECT count(*) FROM t\" :at_most(100)", compares<&Query::at_most>);
  method("expect.query:matches", {"pattern string"},
         "Checks that the one value matches a PostgreSQL regular expression.",
         "expect.query \"SELECT version()\" :matches \"^PostgreSQL\"", compares<&Query::matches>);
  method("expect.query:does_not_match", {"pattern string"},
         "Checks that the one value does not match a PostgreSQL regular expression.",
         "expect.query \"SELECT version()\" :does_not_match \"Windows\"",
         compares<&Query::does_not_match>);
  method("expect.query:can_use_index", {"index string"},
         "Checks that the planner uses the index when sequential scans are discouraged.",
         "expect.query(\"SELECT * FROM t WHERE user_id = $1\", 7):can_use_index \"t_user_id_idx\"",
         can_use_index);
  add_named<Query>(add, {"expect.query:named"});
}

}  // namespace engine::bindings
