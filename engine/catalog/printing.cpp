#include "catalog/printing.h"

namespace engine::catalog::print {

std::string_view keyword(const Relation& relation) {
  switch (relation.kind) {
    case 'v':
      return "VIEW";
    case 'm':
      return "MATERIALIZED VIEW";
    case 'S':
      return "SEQUENCE";
    default:
      return "TABLE";
  }
}

std::string name_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const auto& name : names) quoted.push_back(quote_identifier(name));
  return text::joined(quoted, ", ");
}

std::string role(const std::string& name) {
  return name == "PUBLIC" ? name : quote_identifier(name);
}

std::string option_list(const std::vector<std::string>& options, const std::string& prefix) {
  std::vector<std::string> printed;
  for (const auto& option : options) {
    const auto equals = option.find('=');
    printed.push_back(prefix + quote_identifier(option.substr(0, equals)) + "=" +
                      literal(equals == std::string::npos ? "true" : option.substr(equals + 1)));
  }
  return text::joined(printed, ", ");
}

}  // namespace engine::catalog::print
