// The texts that Lua code was loaded from: from what Lua calls a chunk back to file and true line.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.h"

struct lua_State;

namespace engine::script {

struct Chunk {
  std::string file;   // as people know it: "plans/orders.lua"
  bool plan = false;  // the plan's own, or of its folder; false: of lib-lua
  /// LuaJIT reports the last line of a long string; this leads back to its first.
  std::map<int, int> first_line_by_last;
};

class Sources {
 public:
  /// Registers a chunk under a name that no other has, and gives the name to load it by ("@…").
  std::string add(const std::string& base_name, Chunk chunk);

  const Chunk* find(const std::string& name) const;
  Source at(const std::string& name, int reported_line) const;

  /// Where the code that runs now stands: the innermost line of the plan's own files, else of any.
  Source running(lua_State* lua) const;

  /// Where the function at `index` begins.
  Source function(lua_State* lua, int index) const;

  /// Takes "name:line: " off a message of Lua's, where it names a known chunk.
  std::optional<Source> strip_position(std::string& message) const;

 private:
  std::map<std::string, Chunk> chunks_;
};

}  // namespace engine::script
