// The guard before a production target.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/server.h"
#include "cli/targets.h"

namespace engine::cli {

/// Whether a target is production, whichever way leads there, and the names that confirm it.
struct Production {
  std::string why;                 // how it is known; "" where the target is not production
  std::string name;                // to be typed
  std::vector<std::string> names;  // that --target may give, `name` among them
  bool marked = false;             // in the database itself

  explicit operator bool() const { return !why.empty(); }
};

/// By the mark in the database; else by engine.toml: the chosen environment says `production =
/// true`, or one that does leads to the same database. Such an environment is asked for its
/// identity, within two seconds, where its address is another.
Production judge(Context& context, const Chosen& chosen, const Opened& opened);

/// Refuses a --target that names another target, and a production target whose name was neither
/// given nor typed at the prompt. Throws Error{refused}.
void confirm(Context& context, const Production& production, const std::string& label);

/// Before a command that changes a target. What only engine.toml knows to be production is marked
/// in the database from then on; where that cannot be done, a warning says why.
void guard_production(Context& context, const Chosen& chosen, Opened& opened);

/// The same of an embedded target, before its server starts: it has no mark.
void guard_embedded(Context& context, const Chosen& chosen);

}  // namespace engine::cli
