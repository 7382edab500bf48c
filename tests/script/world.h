// A state with a few primitives of the tests' own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "script/fake_session.h"
#include "script/lua.h"
#include "script/primitive.h"
#include "script/state.h"

namespace test {

struct World {
  explicit World(std::vector<engine::script::Primitive> primitives = {},
                 std::size_t memory_limit = 64u << 20)
      : state(std::make_shared<engine::script::State>(
            engine::script::StateOptions{std::move(primitives), memory_limit, {}})) {
    state->bind(&session);
  }

  /// Runs a chunk and gives what it returns as text.
  std::string run(const std::string& code) {
    const std::string name = state->sources().add("test.lua", "plans/test.lua", true, code);
    state->compile(state->lua(), code, name);
    std::string text;
    state->call(1, [&](lua_State* lua) {
      if (lua_isboolean(lua, -1)) {
        text = lua_toboolean(lua, -1) != 0 ? "true" : "false";
      } else if (const char* value = lua_tostring(lua, -1)) {
        text = value;
      }
    });
    return text;
  }

  /// Runs a chunk that must fail.
  engine::Error failure(const std::string& code) {
    try {
      const std::string value = run(code);
      return engine::Error{engine::Code::internal, "it did not fail: {}", value};
    } catch (const engine::Error& error) {
      return error;
    }
  }

  FakeSession session;
  std::shared_ptr<engine::script::State> state;
};

}  // namespace test
