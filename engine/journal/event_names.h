// Names of the events that the journal itself writes and reads.
#pragma once

namespace engine::journal {

constexpr const char* catalog_event = "catalog at start";  // what the catalog was when a run began
constexpr const char* session_event = "session";           // an engine began or took over a run
constexpr const char* failure_event = "failure";           // the error that ended a command, whole
constexpr const char* inputs_event = "inputs read";        // by a step whose work stands
constexpr const char* told_event = "answered";             // by a function of a committed step
constexpr const char* retaken_event = "reconnected";       // the engine took its own run up again

}  // namespace engine::journal
