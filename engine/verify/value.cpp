#include "verify/value.h"

#include "verify/wording.h"

namespace engine::verify {
namespace {

Outcome compares(db::Connection& connection, const Scalar& value, std::string_view word,
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

}  // namespace

Outcome value_equals(db::Connection& connection, const Scalar& value, const db::Param& expected) {
  return {fmt::format("the value is {}", shown(expected)), equal(connection, value, expected),
          shown(expected), shown(value.value)};
}

Outcome value_at_least(db::Connection& connection, const Scalar& value, const std::string& bound) {
  return compares(connection, value, "at least", ">=", bound);
}
Outcome value_at_most(db::Connection& connection, const Scalar& value, const std::string& bound) {
  return compares(connection, value, "at most", "<=", bound);
}
Outcome value_matches(db::Connection& connection, const Scalar& value, const std::string& pattern) {
  return compares(connection, value, "what matches", "~", pattern);
}

Outcome value_contains(db::Connection& connection, const Scalar& value, const std::string& part) {
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
