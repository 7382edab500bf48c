// Findings in the order in which they want a decision, those that are one decision together.
#pragma once

#include <vector>

#include "event/event.h"

namespace engine::report {

/// Dangers first, accepted ones last. A group is what one rule says of one relation in one step, or
/// in all of them where it is only to be known; it differs in its statements.
std::vector<std::vector<event::Finding>> finding_groups(
    const std::vector<event::Finding>& findings);

/// Does it want one, or is it only to be known?
bool decides(const std::vector<event::Finding>& group);

}  // namespace engine::report
