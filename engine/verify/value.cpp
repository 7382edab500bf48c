#include "verify/value.h"

#include "verify/outcomes.h"

namespace engine::verify {
namespace {

event::Outcome compares(db::Connection& connection, const Scalar& value, std::string_view word,
                        const char* operation, const std::string& other) {
  const std::string expected = fmt::format("{} {}", word, shown(other));
  return {fmt::format("the value is {}", expected), holds(connection, value, operation, other),
          expected, shown(value.value)};
}

/// The items of a list that another list lacks.
std::string lacking(db::Connection& connection, const std::string& list, const std::string& part) {
  return connection
      .query(
          "SELECT COALESCE(pg_catalog.string_agg(item::pg_catalog.text, ', '), '') AS items"
          " FROM pg_catalog.jsonb_array_elements($2::pg_catalog.jsonb) AS item"
          " WHERE NOT $1::pg_catalog.jsonb @> pg_catalog.jsonb_build_array(item)",
          {list, part})
      .text(0, "items");
}

bool is_list(const std::string& json) { return json.starts_with('['); }

/// "the value is 3" as "the value is not 3".
event::Outcome opposite_of(event::Outcome is) {
  const std::string said = "the value is ";
  is.name.insert(said.size(), "not ");
  is.expected = "not " + is.expected;
  is.ok = !is.ok;
  return is;
}

}  // namespace

event::Outcome value_equals(db::Connection& connection, const Scalar& value,
                            const db::Param& expected) {
  return {fmt::format("the value is {}", shown(expected)), equal(connection, value, expected),
          shown(expected), shown(value.value)};
}

event::Outcome value_differs(db::Connection& connection, const Scalar& value,
                             const db::Param& expected) {
  return opposite_of(value_equals(connection, value, expected));
}

event::Outcome value_at_least(db::Connection& connection, const Scalar& value,
                              const std::string& bound) {
  return compares(connection, value, "at least", ">=", bound);
}
event::Outcome value_at_most(db::Connection& connection, const Scalar& value,
                             const std::string& bound) {
  return compares(connection, value, "at most", "<=", bound);
}
event::Outcome value_matches(db::Connection& connection, const Scalar& value,
                             const std::string& pattern) {
  return compares(connection, value, "what matches", "~", pattern);
}

event::Outcome value_does_not_match(db::Connection& connection, const Scalar& value,
                                    const std::string& pattern) {
  return opposite_of(value_matches(connection, value, pattern));
}

event::Outcome value_does_not_contain(db::Connection& connection, const Scalar& value,
                                      const std::string& part) {
  event::Outcome outcome = opposite_of(value_contains(connection, value, part));
  outcome.actual = shown(value.value);
  return outcome;
}

event::Outcome value_contains(db::Connection& connection, const Scalar& value,
                              const std::string& part) {
  const std::string expected = "what contains " + shown(part);
  const std::string name = fmt::format("the value is {}", expected);
  if (!value.value) return failed(name, expected, shown(value.value));
  if (value.type != "jsonb") {
    const bool contains = value.value->find(part) != std::string::npos;
    return contains ? held(name, expected) : failed(name, expected, shown(value.value));
  }
  if (!is_list(*value.value) || !is_list(part))
    return compares(connection, value, "what contains", "@>", part);
  const std::string missing = lacking(connection, *value.value, part);
  return missing.empty() ? held(name, expected)
                         : failed(name, expected, "it lacks " + one_line(missing, 300));
}

}  // namespace engine::verify
