// One value, compared as the server compares its type.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"

namespace engine::verify {

/// A value as text, no value being NULL, and its type as SQL writes it.
struct Scalar {
  db::Param value;
  std::string type;
};

/// The names of these types; one round trip where one is not among the common ones.
std::vector<std::string> type_names(db::Connection& connection,
                                    const std::vector<std::uint32_t>& oids);

/// NULL equals NULL only. Other values: the same text, or what the type's own = says (1.50 and 1.5,
/// two ways to write a JSON document); no round trip where the texts are the same.
bool equal(db::Connection& connection, const Scalar& actual, const db::Param& expected);

/// `operation` is <=, >=, ~ (text matches a regular expression) or @> (of jsonb). NULL never holds.
/// Throws Error{argument} where the type cannot be compared with what is expected.
bool holds(db::Connection& connection, const Scalar& actual, const char* operation,
           const std::string& expected);

/// As a check shows it: null, or the text, shortened.
std::string shown(const db::Param& value);

}  // namespace engine::verify
