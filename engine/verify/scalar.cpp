#include "verify/scalar.h"

#include <algorithm>
#include <map>

#include "verify/attempt.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

// pg_type.dat: these never change.
const std::map<std::uint32_t, std::string>& common_types() {
  static const std::map<std::uint32_t, std::string> types{{16, "boolean"},
                                                          {18, "text"},
                                                          {19, "text"},
                                                          {20, "numeric"},
                                                          {21, "numeric"},
                                                          {23, "numeric"},
                                                          {25, "text"},
                                                          {114, "jsonb"},
                                                          {700, "double precision"},
                                                          {701, "double precision"},
                                                          {1042, "text"},
                                                          {1043, "text"},
                                                          {1082, "date"},
                                                          {1114, "timestamp"},
                                                          {1184, "timestamptz"},
                                                          {1700, "numeric"},
                                                          {2950, "uuid"},
                                                          {3802, "jsonb"}};
  return types;
}

bool is_text(const std::string& type) { return type == "text"; }

// Of two values of a type. Rows compare by their types' own order, in whatever schema its operators
// are.
std::string comparison(const std::string& type, std::string_view operation) {
  if (operation == "~") return "SELECT pg_catalog.textregexeq($1, $2) AS holds";
  if (operation == "@>") return "SELECT pg_catalog.jsonb_contains($1, $2) AS holds";
  return fmt::format("SELECT pg_catalog.{0}(ROW($1::{1}), ROW($2::{1})) AS holds",
                     operation == ">=" ? "record_ge" : "record_le", type);
}

}  // namespace

std::vector<std::string> type_names(db::Connection& connection,
                                    const std::vector<std::uint32_t>& oids) {
  std::vector<std::string> names;
  std::map<std::uint32_t, std::string> asked;
  for (const auto oid : oids) {
    const auto common = common_types().find(oid);
    if (common != common_types().end()) {
      names.push_back(common->second);
      continue;
    }
    auto [known, fresh] = asked.try_emplace(oid);
    if (fresh) {
      known->second = connection
                          .query("SELECT pg_catalog.format_type($1::pg_catalog.oid, NULL) AS name",
                                 {std::to_string(oid)})
                          .text(0, "name");
    }
    names.push_back(known->second);
  }
  return names;
}

bool equal(db::Connection& connection, const Scalar& actual, const db::Param& expected) {
  const CacheHold quiet{connection};
  if (actual.value == expected) return true;
  if (!actual.value || !expected || is_text(actual.type)) return false;
  const auto compared = attempt(
      connection, Keep::nothing,
      {{fmt::format("SELECT pg_catalog.record_eq(ROW($1::{0}), ROW($2::{0})) AS same", actual.type),
        {actual.value, expected}}});
  // What cannot be read as the type is not equal to it.
  return !compared.error && compared.results.front().boolean(0, "same");
}

bool holds(db::Connection& connection, const Scalar& actual, const char* operation,
           const std::string& expected) {
  const CacheHold quiet{connection};
  if (!actual.value) return false;
  const auto compared = attempt(connection, Keep::nothing,
                                {{comparison(actual.type, operation), {actual.value, expected}}});
  if (!compared.error) return compared.results.front().boolean(0, "holds");
  throw Error{Code::argument, "a value of type {} cannot be compared with \"{}\": {}", actual.type,
              expected, compared.error->message()}
      .sqlstate(compared.error->sqlstate());
}

std::string shown(const db::Param& value) { return value ? one_line(*value, 200) : "null"; }

}  // namespace engine::verify
