// The C stack. Recursion whose depth the input decides must not outrun it: the kernel then ends the
// program without a word.
#pragma once

#include <cstddef>
#include <functional>

namespace engine::stack {

/// Bytes that the calling thread's stack has left.
std::size_t remaining();

/// Runs `work` here where so much stack is left, else on a thread that has it, and waits for its
/// end. What `work` throws comes out. The pages of such a stack take memory only once they are
/// used. Throws Error{memory} where the system gives no such stack.
void with_room(std::size_t bytes, const std::function<void()>& work);

}  // namespace engine::stack
