#include "bindings/expect_cases.h"

namespace test {

// clang-format off
std::vector<Case> cases_of_queries() {
  return {
      {"expect.query 'SELECT 1' :has_rows(1) :succeeds()", "expect.query 'SELECT 1' :has_rows { at_least = 2 } :has_no_rows() expect.query 'SELECT nothing' :succeeds()"},
      {"expect.query 'SELECT 1 WHERE false' :has_no_rows()", "expect.query 'SELECT 1 / 0' :has_no_rows()"},
      {"expect.query 'VALUES (1, true), (2, false)' :is { { 1, true }, { 2, false } } :is_not { { 2, false }, { 1, true } }", "expect.query 'VALUES (1, true), (2, false)' :is { { 2, false }, { 1, true } } :is_not { { 1, true }, { 2, false } }"},
      {"expect.query 'VALUES (1), (2), (2)' :is_not_set { 1 } :is_not_bag { 1, 2 }", "expect.query 'VALUES (1), (2), (2)' :is_not_set { 2, 1 } :is_not_bag { 2, 1, 2 }"},
      {"expect.query 'VALUES (1), (2), (2)' :includes_set { 2, 2, 2 } :includes_bag { 2, 2 } :includes_none_of { 3 } :includes_bag {}", "expect.query 'VALUES (1), (2), (2)' :includes_set { 2, 3 } :includes_bag { 2, 2, 2 } :includes_none_of { 3, 2 }"},
      {"expect.query 'SELECT 1 AS a, now() AS b' :types_are { 'int', 'timestamptz' }", "expect.query 'SELECT 1 AS a, now() AS b' :types_are { 'bigint', 'timestamptz' } expect.query 'SELECT x' :types_are 'text' :is_not {} :is_not_set {} :includes_bag {} :includes_none_of {} :differs_from(1) :does_not_match 'x'"},
      {"expect.query \"UPDATE people SET name = 'x' WHERE id = 1\" :affects(1)", "expect.query \"UPDATE people SET name = 'x' WHERE id = 1\" :affects(2)"},
      {"expect.query 'SELECT 1.50' :equals(1.5) :differs_from(2) :at_least(1) :at_most(2) :matches '^1' :does_not_match '^2'", "expect.query 'SELECT 1.50' :equals(2) :differs_from(1.5) :at_least(2) :at_most(1) :matches '^2' :does_not_match '^1'"},
      {"expect.query 'SELECT NULL::text' :differs_from 'x' :equals(null)", "expect.query 'SELECT NULL::text' :differs_from(null) :does_not_match 'x' :matches 'x'"},
      {"expect.query 'SELECT * FROM people WHERE id = 1' :can_use_index 'people_pkey'", "expect.query 'SELECT * FROM people WHERE name = 1::text' :can_use_index 'people_pkey'"},
      {"expect.query 'SELECT 1' :runs_within(60000, { runs = 10 })", "expect.query 'SELECT 1 / 0' :runs_within(60000, { runs = 2 })"},
      {"expect.query 'SELECT 1 / 0' :fails('22012', { matches = '^division .* zero$' })", "expect.query 'SELECT 1 / 0' :fails('22012', { matches = '^zero' }) expect.query 'SELECT 1' :fails(nil, { message = 'x' })"},
      {"expect.value(1) :equals(1) :differs_from(2) :at_least(1) :at_most(1)", "expect.value(1) :equals(2) :differs_from(1) :at_least(2) :at_most(0)"},
      {"expect.value 'abc' :matches '^a' :does_not_match '^b' :contains 'bc' :does_not_contain 'cb'", "expect.value 'abc' :matches '^b' :does_not_match '^a' :contains 'cb' :does_not_contain 'bc'"},
      {"expect.value { 1, 2 } :contains { 2 } :does_not_contain { 3 } :differs_from { 1 } expect.value(nil) :equals(null)", "expect.value { 1, 2 } :contains { 3 } :does_not_contain { 2 } :differs_from { 1, 2 } expect.value(nil) :differs_from(null)"},
      {"state.before = catalog.picture() expect.database() :unchanged_except({}, { since = state.before })", "db.exec 'ALTER TABLE people ADD COLUMN extra integer' expect.database() :unchanged_except({ 'pets' }, { since = state.before })"},
  };
}
// clang-format on

}  // namespace test
