// The words that a plan is written with: plan, phase, step, check, test, manual, task, nothing,
// impossible, sql, require. What they give is data; plan_reader makes a plan::Plan of it.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

struct lua_State;

namespace engine::script {

struct Construct;

void install_plan_words(lua_State* lua);

/// Into the table on top of the stack: `file`; above it: what calling `sql` itself does.
void push_sql_functions(lua_State* lua);

/// What `step "Title" { … }` gave.
struct WordValue {
  std::string word;
  std::string title;
  std::string chunk;  // name in Sources
  int call_line = 0;
  const Construct* source = nullptr;  // where the outline knows it
  Source at;
};

/// Reads the construct at `index`; nothing where it is something else. `push_body` pushes its
/// table.
std::optional<WordValue> word_at(lua_State* lua, int index);
void push_body(lua_State* lua, int index);

/// A word with its title that never got its table: `step "Title"`.
std::optional<WordValue> unfinished_at(lua_State* lua, int index);

bool is_nothing(lua_State* lua, int index);
std::optional<std::string> impossible_at(lua_State* lua, int index);

}  // namespace engine::script
