#include "sql/node.h"

#include <nlohmann/json.hpp>

namespace engine::sql {
namespace {

using nlohmann::json;

const json* option(const json& node, const char* list, const char* name) {
  for (const json& item : children(node, list)) {
    const auto element = item.find("DefElem");
    if (element != item.end() && text(*element, "defname") == name) return &*element;
  }
  return nullptr;
}

}  // namespace

std::string text(const json& node, const char* key) {
  const auto found = node.find(key);
  return found != node.end() && found->is_string() ? found->get<std::string>() : "";
}

QualifiedName relation_name(const json& range) {
  return {text(range, "schemaname"), text(range, "relname")};
}

const json& children(const json& node, const char* key) {
  static const json none = json::array();
  const auto found = node.find(key);
  return found != node.end() && found->is_array() ? *found : none;
}

bool has_option(const json& node, const char* list, const char* name) {
  return option(node, list, name) != nullptr;
}

bool option_is_on(const json& node, const char* list, const char* name, bool otherwise) {
  const json* element = option(node, list, name);
  if (element == nullptr) return otherwise;
  const auto argument = element->find("arg");
  if (argument == element->end()) return true;
  if (argument->contains("Integer")) return argument->at("Integer").contains("ival");
  if (argument->contains("Boolean")) return argument->at("Boolean").contains("boolval");
  if (!argument->contains("String")) return true;
  const std::string word = text(argument->at("String"), "sval");
  return word != "false" && word != "off" && word != "no";
}

}  // namespace engine::sql
