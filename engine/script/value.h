// A value of the plan, read whole: for arguments that are more than one word.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

struct lua_State;

namespace engine::script {

/// `sql [[…]]`, or a plain string where SQL is meant.
struct SqlText {
  std::string text;
  Source at;              // of the first line of the text
  bool computed = false;  // put together while the plan runs: `at` is the call's, for all its lines
};

struct Value {
  enum class Kind { nothing, null, boolean, number, text, sql, function, table, other };

  Kind kind = Kind::nothing;
  bool boolean = false;
  double number = 0;
  std::string text;                                   // of text and sql; of other: what it is
  Source at;                                          // of sql
  std::vector<Value> items;                           // 1, 2, 3 … of a table
  std::vector<std::pair<std::string, Value>> fields;  // sorted by key

  const Value* field(std::string_view key) const;
  bool is_text() const { return kind == Kind::text; }
};

/// Reads a value with its tables. Throws Error{argument} at a table that contains itself.
Value read_value(lua_State* lua, int index);

/// "a text", "a number", "nothing": for messages.
std::string kind_of(lua_State* lua, int index);

}  // namespace engine::script
