#include "script/guard.h"

#include <optional>

#include "base/interrupt.h"
#include "runner/session/session.h"
#include "script/call.h"
#include "script/lua.h"
#include "script/nesting.h"
#include "script/placeholder.h"
#include "script/state.h"

namespace engine::script {
namespace {

int call_primitive(lua_State* lua) {
  const auto& primitive = *static_cast<const Primitive*>(lua_touserdata(lua, lua_upvalueindex(1)));
  interrupt::check();
  check_stack();
  State& state = State::of(lua);
  if (state.problems() != nullptr && primitive.effect != Effect::pure)
    return stand_in(lua, called_while_loading(primitive));
  Call call{lua, primitive, state.session()};
  if (primitive.effect != Effect::pure) call.session();
  return primitive.body(call);
}

}  // namespace

int run_guarded(lua_State* lua, HostFunction body) {
  {
    State& state = State::of(lua);
    const Memory::Limited lifted{state.memory(), false};
    std::optional<Error> plain;
    std::optional<RaisedError> raised;
    try {
      return body(lua);
    } catch (const RaisedError& error) {
      raised = error;
    } catch (const Error& error) {
      plain = error;
    } catch (const std::bad_alloc&) {
      plain.emplace(Code::memory, "no memory left");
    } catch (const std::exception& error) {
      plain.emplace(Code::internal, error.what());
    }
    if (raised) {
      raised->push(lua);
    } else {
      if (!plain->source()) plain->at(state.sources().running(lua));
      push_error(lua, *plain);
    }
  }
  return lua_error(lua);
}

void push_primitive(lua_State* lua, const Primitive& primitive) {
  lua_pushlightuserdata(lua, const_cast<Primitive*>(&primitive));
  lua_pushcclosure(lua, guarded<call_primitive>, 1);
}

}  // namespace engine::script
