#include "verify/index_use.h"

#include <nlohmann/json.hpp>

namespace engine::verify {
namespace {

void collect(const nlohmann::json& node, std::vector<std::string>& names) {
  if (node.is_object() && node.contains("Index Name")) {
    names.push_back(node["Index Name"].get<std::string>());
  }
  if (!node.is_structured()) return;
  for (const auto& child : node) collect(child, names);
}

}  // namespace

std::vector<db::Command> index_use_queries(const std::string& sql, const db::Params& params) {
  return {{"SELECT pg_catalog.set_config('enable_seqscan', 'off', true)", {}},
          {"EXPLAIN (FORMAT JSON, COSTS OFF) " + sql, params, db::Lookup::session}};
}

std::vector<std::string> indexes_used(const db::Result& plan) {
  std::vector<std::string> names;
  collect(nlohmann::json::parse(plan.at(0, std::size_t{0}).value_or("[]")), names);
  return names;
}

}  // namespace engine::verify
