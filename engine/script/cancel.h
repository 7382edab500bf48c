// Ctrl-C in Lua code.
#pragma once

#include <optional>

#include "base/interrupt.h"

struct lua_State;

namespace engine::script {

void install_cancel(lua_State* lua);

/// While it lives, an interruption raises an error at every following instruction of the plan: no
/// pcall can go on after it. One at a time; for the outermost call. A flag that was cleared for a
/// rollback ends that.
class Cancellable {
 public:
  explicit Cancellable(lua_State* lua);
  Cancellable(const Cancellable&) = delete;
  Cancellable& operator=(const Cancellable&) = delete;
  ~Cancellable();

 private:
  lua_State* lua_;
  std::optional<interrupt::Reaction> reaction_;
};

}  // namespace engine::script
