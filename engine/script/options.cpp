#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "script/call.h"
#include "script/call_check.h"
#include "script/lua.h"
#include "script/primitive.h"

namespace engine::script {
namespace {

std::string_view name_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::nothing:
      return "nothing";
    case Value::Kind::null:
      return "null";
    case Value::Kind::boolean:
      return "a boolean";
    case Value::Kind::number:
      return "a number";
    case Value::Kind::text:
      return "a string";
    case Value::Kind::sql:
      return "an sql text";
    case Value::Kind::function:
      return "a function";
    case Value::Kind::table:
      return "a table";
    case Value::Kind::other:
      return value.text;
  }
  return "nothing";
}

}  // namespace

Options::Options(lua_State* lua, int index, const Primitive& primitive) : primitive_(primitive) {
  if (!lua_isnoneornil(lua, index)) table_ = read_value(lua, index);
}

Options::Options(Value table, const Primitive& primitive)
    : primitive_(primitive), table_(std::move(table)) {}

bool Options::given(const char* key) const { return table_.field(key) != nullptr; }

const Value& Options::read(const char* key) {
  static const Value nothing;
  read_.emplace_back(key);
  const Value* const value = table_.field(key);
  return value == nullptr ? nothing : *value;
}

void Options::refuse(const char* key, std::string_view expected) const {
  throw Error{Code::argument, "{}: option {} must be {}, not {}", primitive_.name, key,
              expected,       name_of(*table_.field(key))};
}

std::optional<std::string> Options::text(const char* key) {
  const Value& value = read(key);
  if (value.kind == Value::Kind::nothing) return std::nullopt;
  if (!value.is_text()) refuse(key, "a string");
  return value.text;
}

std::optional<bool> Options::boolean(const char* key) {
  const Value& value = read(key);
  if (value.kind == Value::Kind::nothing) return std::nullopt;
  if (value.kind != Value::Kind::boolean) refuse(key, "true or false");
  return value.boolean;
}

std::optional<std::int64_t> Options::integer(const char* key) {
  const Value& value = read(key);
  if (value.kind == Value::Kind::nothing) return std::nullopt;
  if (value.kind != Value::Kind::number || value.number != std::floor(value.number))
    refuse(key, "a whole number");
  return static_cast<std::int64_t>(value.number);
}

std::optional<std::vector<std::string>> Options::texts(const char* key) {
  const Value& value = read(key);
  if (value.kind == Value::Kind::nothing) return std::nullopt;
  if (value.is_text()) return std::vector{value.text};
  if (value.kind != Value::Kind::table || !value.fields.empty())
    refuse(key, "a string or a list of strings");
  std::vector<std::string> texts;
  for (const Value& item : value.items) {
    if (!item.is_text()) refuse(key, "a string or a list of strings");
    texts.push_back(item.text);
  }
  return texts;
}

Value Options::value(const char* key) { return read(key); }

const std::vector<Value>& Options::items() {
  items_read_ = true;
  return table_.items;
}

void Options::finish() {
  if (!items_read_ && !table_.items.empty()) {
    throw Error{Code::argument, "{} takes options by name, but {} has no name", primitive_.name,
                name_of(table_.items.front())}
        .hint(fmt::format("Its options: {}.", text::listed(read_)));
  }
  for (const auto& [key, value] : table_.fields) {
    if (std::find(read_.begin(), read_.end(), key) != read_.end()) continue;
    throw unknown_option(primitive_.name, key, read_);
  }
}

}  // namespace engine::script
