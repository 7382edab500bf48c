// A primitive: one record that Lua, the sandbox, the annotations and the reference pages are made
// from.
#pragma once

#include <vector>

namespace engine::script {

enum class Effect { pure, reads, writes, destroys, asks };

class Call;

/// Reads its arguments from the call, works, pushes its results, and returns how many. Throws
/// Error; never calls lua_error itself: the guard that wraps every body turns exceptions into Lua
/// error tables after the handler has ended. Unless the effect is `pure`, the guard has made sure
/// before that there is a session and that the effect may happen now.
using Body = int (*)(Call& call);

/// `name` is "db.count", or "expect.table:has_column" for a method of what `expect.table` gives.
/// `parameters` are LuaCATS lines ("name string the table's name", "options? { where: string }");
/// `returns` likewise.
/// `doc` is present tense ("Counts the rows of a table."); `example` is Lua that runs in the
/// documentation test.
struct Primitive {
  const char* name;
  Effect effect;
  std::vector<const char*> parameters;
  std::vector<const char*> returns;
  const char* doc;
  const char* example;
  Body body;
};

}  // namespace engine::script
