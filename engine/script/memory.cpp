#include "script/memory.h"

#include <cstdlib>

namespace engine::script {

void* Memory::allocate(void* self, void* block, std::size_t old_size, std::size_t new_size) {
  Memory& memory = *static_cast<Memory*>(self);
  if (new_size == 0) {
    std::free(block);
    memory.used_ -= old_size;
    return nullptr;
  }
  const bool grows = new_size > old_size;
  if (grows && memory.limited_ && memory.used_ + (new_size - old_size) > memory.limit_)
    return nullptr;
  void* const moved = memory.reallocate_(block, new_size);
  if (moved == nullptr) return nullptr;
  memory.used_ = memory.used_ - old_size + new_size;
  return moved;
}

}  // namespace engine::script
