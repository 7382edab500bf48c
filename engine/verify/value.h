// A value that a plan already has.
#pragma once

#include <string>

#include "db/connection.h"
#include "event/outcome.h"
#include "verify/scalar.h"

namespace engine::verify {

/// The type is "numeric", "boolean", "text", or "jsonb" for a table of the plan; the server
/// compares.
event::Outcome value_equals(db::Connection& connection, const Scalar& value,
                            const db::Param& expected);
event::Outcome value_at_least(db::Connection& connection, const Scalar& value,
                              const std::string& bound);
event::Outcome value_at_most(db::Connection& connection, const Scalar& value,
                             const std::string& bound);
/// A regular expression of PostgreSQL's.
event::Outcome value_matches(db::Connection& connection, const Scalar& value,
                             const std::string& pattern);
/// A text within a text; every item of a list, or every key of a table, within a list or table
/// (jsonb's @>).
event::Outcome value_contains(db::Connection& connection, const Scalar& value,
                              const std::string& part);

/// NULL differs from everything but NULL, matches nothing and contains nothing.
event::Outcome value_differs(db::Connection& connection, const Scalar& value,
                             const db::Param& expected);
event::Outcome value_does_not_match(db::Connection& connection, const Scalar& value,
                                    const std::string& pattern);
event::Outcome value_does_not_contain(db::Connection& connection, const Scalar& value,
                                      const std::string& part);

}  // namespace engine::verify
