#include "script/state.h"

#include <exception>

#include "base/hash.h"
#include "base/interrupt.h"
#include "runner/session/session.h"
#include "script/cancel.h"
#include "script/globals.h"
#include "script/install.h"
#include "script/lua.h"
#include "script/nesting.h"
#include "script/run_state.h"
#include "script/sandbox.h"
#include "script/syntax.h"

namespace engine::script {
namespace {

int panic(lua_State* lua) {
  const char* const message = lua_tostring(lua, -1);
  throw Error{Code::internal, "unprotected error in the plan's state: {}",
              message == nullptr ? "no message" : message};
}

/// The message handler of every call: a string becomes an error table that knows its line, while
/// the stack still stands. Errors of the engine that have no line get that of the plan.
int add_position(lua_State* lua) {
  State& state = State::of(lua);
  const Memory::Limited lifted{state.memory(), false};
  if (interrupt::requested()) return 1;
  const bool is_text = lua_type(lua, 1) == LUA_TSTRING;
  Error error = error_from(lua, 1);
  const Source running = state.sources().running(lua);
  const bool is_foreign = error.source() && running && error.source().file != running.file;
  if (!error.source() || (is_text && is_foreign)) error.at(running);
  push_error(lua, error);
  return 1;
}

/// Takes off at its end what was put on the stack meanwhile.
struct StackKept {
  lua_State* lua;
  int top;
  StackKept(lua_State* state, int height) : lua(state), top(height) {}
  StackKept(const StackKept&) = delete;
  StackKept& operator=(const StackKept&) = delete;
  ~StackKept() { lua_settop(lua, top); }
};

struct HostWork {
  const std::function<void(lua_State*)>& run;
  std::exception_ptr problem;
};

/// The arguments of `protect`, then the body.
int run_body(lua_State* lua) {
  HostWork& body = *static_cast<HostWork*>(lua_touserdata(lua, -1));
  lua_pop(lua, 1);
  // Not catch (...): LuaJIT's own errors are for its protected call.
  try {
    body.run(lua);
  } catch (const std::exception&) {
    body.problem = std::current_exception();
  }
  return 0;
}

}  // namespace

State::State(StateOptions options)
    : options_(std::move(options)),
      memory_(*this, options_.memory_limit, options_.reallocate),
      files_(options_.project, std::move(options_.kept_files)) {
  lua_ = lua_newstate(&Memory::allocate, &memory_);
  if (lua_ == nullptr) throw Error{Code::memory, "there is not enough memory for a Lua state"};
  lua_atpanic(lua_, panic);
  try {
    open();
  } catch (const std::exception&) {
    lua_close(lua_);
    throw;
  }
}

void State::open() {
  // Under a protected call: a failure is an Error, not the end of the process.
  int on_stack = 0;
  const int status = lua_cpcall(
      lua_,
      [](lua_State* lua) {
        install_errors(lua);
        install_cancel(lua);
        install_sandbox(lua);
        install_words(lua);
        State& state = State::of(lua);
        lua_pushcfunction(lua, add_position);
        state.add_position_ = state.keep();
        lua_pushcfunction(lua, run_body);
        state.run_body_ = state.keep();
        // The first luaL_unref takes memory, which a destructor may not ask for. So does the first
        // light userdata of an address range: &on_stack, as those of protect().
        lua_pushboolean(lua, 1);
        luaL_unref(lua, LUA_REGISTRYINDEX, state.keep());
        return 0;
      },
      &on_stack);
  if (status == LUA_ERRMEM) throw out_of_memory(*this);
  if (status != 0) throw error_from(lua_, -1);
}

State::~State() {
  session_ = nullptr;
  lua_close(lua_);
}

State& State::of(lua_State* lua) {
  void* memory = nullptr;
  lua_getallocf(lua, &memory);
  return static_cast<Memory*>(memory)->owner();
}

void State::compile(lua_State* lua, const std::string& text, const std::string& chunk_name) {
  const int status = luaL_loadbufferx(lua, text.data(), text.size(), chunk_name.c_str(), "t");
  if (status == 0) {
    push_environment(lua);
    lua_setfenv(lua, -2);
    return;
  }
  std::string message = lua_tostring(lua, -1);
  lua_pop(lua, 1);
  if (status == LUA_ERRMEM) throw out_of_memory(*this);
  const auto at = sources_.strip_position(message, true);
  throw syntax_error(Error{Code::plan_invalid, std::move(message)}.at(at.value_or(Source{})), text);
}

void State::protect(int arguments, const std::function<void(lua_State*)>& body) {
  HostWork work{body, nullptr};
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, run_body_);
  lua_insert(lua_, -arguments - 1);
  lua_pushlightuserdata(lua_, &work);
  const int status = lua_pcall(lua_, arguments + 1, 0, 0);
  if (work.problem) std::rethrow_exception(work.problem);
  if (status != 0) throw failure_of(status);
}

/// Of a failed call, whose error lies on top of the stack.
Error State::failure_of(int status) {
  std::optional<Error> error;
  if (status != LUA_ERRMEM) {
    try {
      protect(1, [&](lua_State* lua) { error = error_from(lua, -1); });
    } catch (const Error& other) {
      error = other;
    }
  } else {
    lua_pop(lua_, 1);
  }
  return error ? *error : out_of_memory(*this);
}

void State::call(int results, const std::function<void(lua_State*)>& take) {
  interrupt::check();
  const StackKept kept{lua_, lua_gettop(lua_) - 1};
  const Source beginning = sources_.function(lua_, -1);
  const bool outermost = depth_ == 0;
  if (outermost) protect(0, [this](lua_State*) { load_run_state(*this); });
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, add_position_);
  lua_insert(lua_, kept.top + 1);
  int status = 0;
  {
    std::optional<Cancellable> cancellable;
    if (outermost) cancellable.emplace(lua_);
    const Memory::Limited limited{memory_, true};
    ++depth_;
    status = lua_pcall(lua_, 0, results, kept.top + 1);
    --depth_;
  }
  std::optional<Error> failure;
  if (status != 0) failure = failure_of(status);
  // A tail call leaves no frame of the plan behind.
  if (failure && !failure->source()) failure->at(beginning);
  if (failure && failure->code() == Code::memory) collect_garbage();
  if (outermost) flush_outcome();
  interrupt::check();
  if (failure) throw *failure;
  if (outermost) protect(0, [this](lua_State*) { save_run_state(*this); });
  if (take) protect(results, take);
}

void State::collect_garbage() {
  try {
    protect(0, [](lua_State* lua) { lua_gc(lua, LUA_GCCOLLECT, 0); });
  } catch (const Error&) {
    // The error that led here is the one that matters.
  }
}

void State::call(int reference, int results, const std::function<void(lua_State*)>& take) {
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, reference);
  call(results, take);
}

void State::use(const Files::File& file, bool module) {
  if (!file.late || session_ == nullptr) return;
  session_->use(
      {file.path, file.shown, file.text, hash::sha256(file.text), module, sources_.running(lua_)});
}

int State::keep() { return luaL_ref(lua_, LUA_REGISTRYINDEX); }

void State::record(event::Outcome outcome) {
  flush_outcome();
  pending_ = std::move(outcome);
}

void State::name_last(const std::string& name) {
  if (!pending_)
    throw Error{Code::argument, "named \"{}\" has no check before it", name}.hint(
        "Write the check first: expect.query(…):has_rows(1):named \"…\".");
  pending_->name = name;
}

void State::flush_outcome() {
  if (!pending_) return;
  const event::Outcome outcome = std::move(*pending_);
  pending_.reset();
  if (session_ != nullptr) session_->record(outcome);
}

std::size_t State::keep_secret(std::string value) {
  secrets_.push_back(std::move(value));
  return secrets_.size() - 1;
}

void call_back(lua_State* lua, int arguments, int results) {
  State& state = State::of(lua);
  const Nested nested{state};
  const Memory::Limited limited{state.memory(), true};
  if (lua_pcall(lua, arguments, results, 0) == 0) return;
  const Memory::Limited lifted{state.memory(), false};
  const RaisedError error{lua, -1};
  lua_pop(lua, 1);
  throw error;
}

}  // namespace engine::script
