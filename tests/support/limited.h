// Code in a process of its own, whose stack is limited.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace test {

/// Calls `work` in a child with a stack of `kilobytes`, as after `ulimit -s`. Gives "ended",
/// "threw: …" with the words of what it threw, or "signal 11".
std::string with_stack(std::size_t kilobytes, const std::function<void()>& work);

}  // namespace test
