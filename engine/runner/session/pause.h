// Pauses that an interruption ends.
#pragma once

#include <chrono>

namespace engine::runner {

/// Throws Error{interrupted} where the operator does not want to wait.
void pause(std::chrono::milliseconds length);

/// Between half of a length and all of it, so that engines that collided do not collide again.
std::chrono::milliseconds jittered(std::chrono::milliseconds length);

}  // namespace engine::runner
