#include "catalog/row.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace engine::catalog {
namespace {

nlohmann::json array_of(const std::optional<std::string>& value) {
  return value ? nlohmann::json::parse(*value) : nlohmann::json::array();
}

}  // namespace

std::string Row::text(std::string_view column) const { return value(column).value_or(""); }

const std::optional<std::string>& Row::value(std::string_view column) const {
  return result_.at(row_, column);
}

char Row::flag(std::string_view column) const {
  const std::string& text = result_.text(row_, column);
  if (text.empty()) throw Error{Code::internal, "column {} is empty, not a flag", column};
  return text.front();
}

std::uint32_t Row::oid(std::string_view column) const {
  return static_cast<std::uint32_t>(integer(column));
}

QualifiedName Row::name(const std::string& prefix) const {
  return {text(prefix + "schema"), text(prefix + "name")};
}

std::vector<std::string> Row::texts(std::string_view column) const {
  return array_of(value(column)).get<std::vector<std::string>>();
}

std::vector<int> Row::integers(std::string_view column) const {
  return array_of(value(column)).get<std::vector<int>>();
}

std::vector<QualifiedName> Row::names(std::string_view column) const {
  std::vector<QualifiedName> names;
  for (const auto& pair : array_of(value(column))) {
    names.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
  }
  return names;
}

std::vector<Grant> Row::grants(std::string_view column) const {
  std::vector<Grant> grants;
  for (const auto& grant : array_of(value(column))) {
    grants.push_back({grant.at(0).get<std::string>(), grant.at(1).get<std::string>(),
                      grant.at(2).get<std::string>(), grant.at(3).get<bool>()});
  }
  return grants;
}

}  // namespace engine::catalog
