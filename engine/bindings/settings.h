// Settings for a while: { ["request.jwt.claims"] = { sub = id } }.
#pragma once

#include "script/call.h"
#include "verify/impersonation.h"

namespace engine::bindings {

/// The table that lies at `position` of the stack: texts, and tables as JSON.
verify::LocalSettings read_settings(script::Call& call, int position);

}  // namespace engine::bindings
