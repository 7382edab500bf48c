// Secrets stay out of process lists and core files.
#pragma once

namespace engine::cli {

/// Blanks the values of --database and --set in the process's own arguments, which every user of
/// the machine can read. Copy them first.
void blank_arguments(int count, char** arguments);

/// No core file and no reading of this process's memory by others of its user.
void forbid_dumps();

}  // namespace engine::cli
