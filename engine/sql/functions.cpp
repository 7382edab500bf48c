#include "sql/functions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sql/node.h"

namespace engine::sql {
namespace {

constexpr std::string_view reading[] = {
#include "sql/reading_functions.gen.inc"
};

}  // namespace

FunctionName function_name(const nlohmann::json& call) {
  const auto& parts = children(call, "funcname");
  const auto part = [&](std::size_t i) { return text(parts[i].at("String"), "sval"); };
  if (parts.empty()) return {};
  if (parts.size() == 1) return {"", part(0)};
  return {part(parts.size() - 2), part(parts.size() - 1)};
}

bool only_reads(std::string_view function) {
  return std::binary_search(std::begin(reading), std::end(reading), function);
}

bool writes(std::string_view function) {
  return function == "nextval" || function == "setval" || function == "pg_notify" ||
         function.starts_with("lo_");
}

std::vector<std::string_view> reading_functions() {
  return {std::begin(reading), std::end(reading)};
}

}  // namespace engine::sql
