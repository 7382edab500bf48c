// The Lua state of one plan: its memory, its words, and the only way in from the engine.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/outcome.h"
#include "script/errors.h"
#include "script/files.h"
#include "script/memory.h"
#include "script/primitive.h"
#include "script/project.h"
#include "script/sources.h"

struct lua_State;

namespace engine::runner {
class Session;
}

namespace engine::script {

class Problems;

struct StateOptions {
  std::vector<Primitive> primitives;
  std::size_t memory_limit = 256u << 20;
  Project project;
  std::optional<Files::Texts> kept_files = std::nullopt;  // as a journal keeps them
  Reallocate reallocate = std::realloc;
};

/// One plan, one state. Functions of the plan keep it alive (shared_from_this); always made by
/// std::make_shared.
class State : public std::enable_shared_from_this<State> {
 public:
  explicit State(StateOptions options);
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  static State& of(lua_State* lua);

  lua_State* lua() { return lua_; }
  Memory& memory() { return memory_; }
  Sources& sources() { return sources_; }
  const Sources& sources() const { return sources_; }
  const std::vector<Primitive>& primitives() const { return options_.primitives; }

  /// What primitives work on. Null while the plan is loading: then they refuse.
  void bind(runner::Session* session) { session_ = session; }
  runner::Session* session() { return session_; }

  const Project& project() const { return options_.project; }
  Files& files() { return files_; }
  const Files& files() const { return files_; }
  /// Tells the session that the code that runs uses this file, where no checksum has it. The
  /// session may refuse it by throwing.
  void use(const Files::File& file, bool module);

  /// Where words of the language put what is wrong with a plan; null once it is loaded.
  void collect(Problems* problems) { problems_ = problems; }
  Problems* problems() { return problems_; }

  /// Compiles text (never bytecode) in the plan's environment and leaves the function on the stack.
  /// Throws Error{plan_invalid} at the line of the syntax error.
  void compile(lua_State* lua, const std::string& text, const std::string& chunk_name);

  /// Calls what lies on top of the stack. `take` reads the results before they are popped.
  /// Throws Error, with the plan's line; Error{interrupted} also where the plan swallowed it.
  void call(int results, const std::function<void(lua_State*)>& take = {});
  /// The same for a kept function.
  void call(int reference, int results, const std::function<void(lua_State*)>& take);

  /// Runs host code that works on the state, with `arguments` values from the top of the stack,
  /// which it takes off. Where LuaJIT gets no memory, that is an Error here; without protection it
  /// is the end of the process.
  void protect(int arguments, const std::function<void(lua_State*)>& body);

  /// Takes the value on top of the stack into the registry; it lives as long as the state.
  int keep();

  /// Hands an outcome on when the next one comes, or when the plan's function ends: until then
  /// `name_last` can give it another name.
  void record(event::Outcome outcome);
  void name_last(const std::string& name);

  /// How many calls from C back into Lua are open.
  int& nesting() { return nesting_; }

  /// A value that never becomes a Lua string; Lua holds its number.
  std::size_t keep_secret(std::string value);
  const std::string& secret(std::size_t number) const { return secrets_.at(number); }

 private:
  void open();
  void collect_garbage();
  Error failure_of(int status);
  void flush_outcome();

  StateOptions options_;
  Memory memory_;
  Sources sources_;
  Files files_;
  lua_State* lua_ = nullptr;
  runner::Session* session_ = nullptr;
  Problems* problems_ = nullptr;
  int add_position_ = 0;  // in the registry: made beforehand, where an allocation may fail
  int run_body_ = 0;
  int depth_ = 0;
  int nesting_ = 0;
  std::optional<event::Outcome> pending_;
  std::vector<std::string> secrets_;
};

/// Calls, protected, the function and its arguments on top of the stack from inside a primitive.
/// Throws RaisedError.
void call_back(lua_State* lua, int arguments, int results);

}  // namespace engine::script
