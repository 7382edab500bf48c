#include "hazard/target/type_conversion.h"

#include <fmt/format.h>

#include <cstdio>

namespace engine::hazard {
namespace {

bool is_text(const std::string& type) { return type == "text" || type.starts_with("character"); }

bool is_whole(const std::string& type) {
  return type == "smallint" || type == "integer" || type == "bigint";
}

bool is_number(const std::string& type) {
  return is_whole(type) || type.starts_with("numeric") || type == "real" ||
         type == "double precision";
}

/// The numbers in "numeric(10,2)" or "character varying(20)"; 0 where there are none.
struct Limits {
  int first = 0, second = 0;
};

Limits limits_of(const std::string& type) {
  Limits limits;
  const auto open = type.find('(');
  if (open != std::string::npos)
    std::sscanf(type.c_str() + open, "(%d,%d)", &limits.first, &limits.second);
  return limits;
}

int width(const std::string& whole) { return whole == "smallint" ? 2 : whole == "integer" ? 4 : 8; }

std::string outside(const std::string& to) {
  if (to == "smallint") return "NOT BETWEEN -32768 AND 32767";
  if (to == "integer") return "NOT BETWEEN -2147483648 AND 2147483647";
  return "NOT BETWEEN -9223372036854775808 AND 9223372036854775807";
}

}  // namespace

Fit fits(const std::string& from, const std::string& to, const std::string& value) {
  const Limits limits = limits_of(to);
  if (is_text(to)) {
    if (limits.first == 0) return {};
    const Limits before = limits_of(from);
    if (is_text(from) && before.first > 0 && before.first <= limits.first) return {};
    // Blanks at the end are cut off without a word.
    return {
        fmt::format("pg_catalog.char_length(pg_catalog.rtrim({}::text)) > {}", value, limits.first),
        ""};
  }
  if (is_whole(to) && is_number(from)) {
    if (is_whole(from) && width(from) <= width(to)) return {};
    return {fmt::format("pg_catalog.round({}::numeric) {}", value, outside(to)), ""};
  }
  if (to.starts_with("numeric") && is_number(from)) {
    if (limits.first == 0) return {};
    return {fmt::format("pg_catalog.abs(pg_catalog.round({}::numeric, {})) >= 10::numeric ^ {}",
                        value, limits.second, limits.first - limits.second),
            ""};
  }
  if (to == "double precision" && is_number(from)) return {};
  if (from.starts_with("timestamp") && to.starts_with("timestamp")) return {};
  if (from == "json" && to == "jsonb")
    return {"", "only a conversion shows which json values are valid as jsonb"};
  return {"", fmt::format("the preview does not know which values of {} are not valid as {}", from,
                          to)};
}

}  // namespace engine::hazard
