// What the process guards itself against: closed descriptors, and readers of its secrets.
#pragma once

namespace engine::cli {

/// A connection must not get the number of a standard stream that the caller closed: what is
/// written there would go to the server. Before any other file is opened.
void open_standard_streams();

/// Blanks the values of --database and --set in the process's own arguments, which every user of
/// the machine can read. Copy them first.
void blank_arguments(int count, char** arguments);

/// No core file and no reading of this process's memory by others of its user.
void forbid_dumps();

}  // namespace engine::cli
