// The texts that Lua code was loaded from: from what Lua calls a chunk back to file and true line.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "script/source_index.h"

struct lua_State;

namespace engine::script {

struct Chunk {
  std::string file;   // as people know it: "plans/orders.lua"
  std::string name;   // in Sources
  bool plan = false;  // the plan's own, or of its folder; false: of lib-lua
  std::string text;
  std::string module;  // the name it is required by, "" of the plan itself
  Outline outline;

  /// The construct that Lua called with this title at this line.
  const Construct* construct(const std::string& word, const std::string& title, int line) const;
};

class Sources {
 public:
  /// Registers a chunk under a name that no other has, and gives the name to load it by ("@…").
  std::string add(const std::string& base_name, std::string file, bool plan, std::string text,
                  std::string module = "");

  const Chunk* find(const std::string& name) const;
  const Chunk* module(const std::string& name) const;
  const std::map<std::string, Chunk>& chunks() const { return chunks_; }
  Source at(const std::string& name, int reported_line) const;

  /// Where the code that runs now stands: the innermost line of the plan's own files, else of any.
  Source running(lua_State* lua) const;

  /// Where a text that the running code holds begins: LuaJIT reports the last line of a long
  /// string.
  Source text_position(lua_State* lua, const std::string& text) const;

  /// The chunk that running code of the plan belongs to and the line that Lua reports for it.
  struct Frame {
    std::string name;
    int line = 0;
  };
  std::optional<Frame> frame(lua_State* lua) const;
  /// The same for a word of the language; a tail call (`return plan { … }`) leaves no line behind,
  /// so that the outlines are searched for it.
  std::optional<Frame> frame_of_word(lua_State* lua, const std::string& word) const;

  /// Where the function at `index` begins.
  Source function(lua_State* lua, int index) const;

  /// Takes "name:line: " off a message of Lua's, where it names a known chunk.
  /// With `as_reported` the line is Lua's own, as syntax errors have it.
  std::optional<Source> strip_position(std::string& message, bool as_reported = false) const;

 private:
  std::map<std::string, Chunk> chunks_;
};

}  // namespace engine::script
