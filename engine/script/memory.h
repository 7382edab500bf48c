// The memory of a plan's Lua state: counted, and limited while code of the plan runs.
#pragma once

#include <cstddef>

namespace engine::script {

class State;

/// As std::realloc, for sizes above 0. Tests give one that refuses.
using Reallocate = void* (*)(void* block, std::size_t size);

/// The allocator's user data. Host code is never refused memory: at the limit even a collection may
/// need some, and an error there has nobody to catch it.
class Memory {
 public:
  Memory(State& owner, std::size_t limit, Reallocate reallocate)
      : owner_(owner), limit_(limit), reallocate_(reallocate) {}

  static void* allocate(void* self, void* block, std::size_t old_size, std::size_t new_size);

  State& owner() { return owner_; }
  std::size_t limit() const { return limit_; }
  std::size_t used() const { return used_; }

  /// Turns the limit on or off for a scope.
  class Limited {
   public:
    Limited(Memory& memory, bool limited) : memory_(memory), before_(memory.limited_) {
      memory_.limited_ = limited;
    }
    Limited(const Limited&) = delete;
    Limited& operator=(const Limited&) = delete;
    ~Limited() { memory_.limited_ = before_; }

   private:
    Memory& memory_;
    bool before_;
  };

 private:
  State& owner_;
  std::size_t limit_;
  Reallocate reallocate_;
  std::size_t used_ = 0;
  bool limited_ = false;
};

}  // namespace engine::script
