// What removes servers that their engine could not remove.
#pragma once

#include <string>

namespace engine::cluster {

/// From now on, when this process ends, killed or not, the servers in the folder are ended, and the
/// folder and `folder`.lock removed, where they are still there. One small program does it for all
/// folders of a process; it is started with the first.
void watch(const std::string& folder);

}  // namespace engine::cluster
