// Events of the journal that the engine itself looks for.
#pragma once

namespace engine::journal {

constexpr const char* catalog_event = "catalog at start";  // what it was when a run began
constexpr const char* told_event = "answered";             // by a function of a committed step
constexpr const char* retaken_event = "reconnected";       // the engine took its own run up again

}  // namespace engine::journal
