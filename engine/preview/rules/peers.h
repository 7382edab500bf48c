// What rules of other tools are called here, for those who come from them.
#pragma once

#include <span>

namespace engine::preview {

struct PeerRule {
  const char* tool;
  const char* rule;
  const char* ours;     // ids, separated by blanks; "": none
  const char* instead;  // what the engine does about it, where there is none
};

std::span<const PeerRule> peer_rules();

}  // namespace engine::preview
