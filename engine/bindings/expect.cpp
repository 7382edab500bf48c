#include "bindings/expect.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <deque>

namespace engine::bindings {

const char* kept(std::string text) {
  static std::deque<std::string> texts;
  return texts.emplace_back(std::move(text)).c_str();
}

void add_each(Registry& add, std::initializer_list<const char*> names, Primitive primitive) {
  for (const char* name : names) {
    primitive.name = name;
    add(primitive);
  }
}

db::Param param_of(const script::Value& value, const Primitive& primitive) {
  using Kind = script::Value::Kind;
  switch (value.kind) {
    case Kind::null:
      return std::nullopt;
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::number:
      return value.number == std::floor(value.number) ? fmt::format("{:.0f}", value.number)
                                                      : fmt::format("{}", value.number);
    case Kind::text:
      return value.text;
    case Kind::nothing:
    case Kind::sql:
    case Kind::function:
    case Kind::table:
    case Kind::other:
      break;
  }
  throw Error{Code::argument, "{}: a value must be a string, a number, a boolean or null",
              primitive.name};
}

std::optional<std::string> expression_option(script::Options& options, const char* key,
                                             const Primitive& primitive) {
  const script::Value value = options.value(key);
  if (value.kind == script::Value::Kind::nothing) return std::nullopt;
  return param_of(value, primitive).value_or("");
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::vector<std::string> upper(std::vector<std::string> texts) {
  for (auto& text : texts) text = upper(std::move(text));
  return texts;
}

}  // namespace engine::bindings
