// Event streams that the renderers are tried with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "event/event.h"

namespace test {

using Stream = std::vector<engine::event::Event>;

Stream finished_run();     // phases, skipped, checks, notes, answers, a table
Stream failed_run();       // a statement that the server refused
Stream failed_checks();    // a verification that did not hold
Stream interrupted_run();  // Ctrl-C in its second step
Stream refused_run();      // a confirm answered no
Stream hostile_run();      // control characters and a secret wherever text can be
Stream rollback_run();     // undone steps, one found without need
Stream resumed_run();      // began earlier, waits for a manual step
Stream nothing_to_do();
Stream previewed();  // findings of all severities, locks, differences, a proof that does not hold

std::vector<std::pair<std::string, Stream>> all_streams();

}  // namespace test
