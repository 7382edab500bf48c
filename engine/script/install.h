// The words of a plan, put together: primitives in their namespaces, and those of the language.
#pragma once

struct lua_State;

namespace engine::script {

void install_words(lua_State* lua);

}  // namespace engine::script
