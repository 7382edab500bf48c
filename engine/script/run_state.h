// `state`: what the steps of a run leave to each other. In Lua a table, in the session JSON.
#pragma once

struct lua_State;

namespace engine::script {

class State;

/// Makes the words `state` and `input`.
void install_run_state(lua_State* lua);

/// Before a function of the plan: what the session holds, unless it is what was saved last.
void load_run_state(State& state);
/// After it: hands the table to the session where it changed. Throws Error{value} for what is no
/// plain value and Error{wrong_moment} where a reading moment changed it.
void save_run_state(State& state);

}  // namespace engine::script
