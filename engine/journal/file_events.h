// The events that keep the files which a plan executed.
#pragma once

namespace engine::journal {

constexpr const char* files_event = "files";  // of a text of the plan
constexpr const char* file_event = "file";    // that a step read by a computed name

}  // namespace engine::journal
