// What the process guards itself against: closed descriptors, and readers of its secrets.
#pragma once

#include <string>
#include <vector>

namespace engine::cli {

/// A connection must not get the number of a standard stream that the caller closed: what is
/// written there would go to the server. Before any other file is opened.
void open_standard_streams();

/// The types of options whose values the process list must not show.
inline constexpr const char* address_type = "URL";
inline constexpr const char* answer_type = "NAME=VALUE";

/// The process's own arguments, which every user of the machine can read.
class Arguments {
 public:
  /// Copies them, and blanks them all at once.
  Arguments(int count, char** arguments);

  const std::vector<std::string>& words() const { return words_; }
  /// Registers the passwords of addresses among them, wherever they stand and whether or not
  /// anybody takes them for addresses.
  void redact_passwords() const;
  /// Writes them back, but for the confidential values at their ends, and for words that look like
  /// a connection string with a password in a place where none is expected.
  void show_without(const std::vector<std::string>& confidential) const;

 private:
  std::vector<char*> places_;
  std::vector<std::string> words_;
};

/// No core file and no reading of this process's memory by others of its user.
void forbid_dumps();

}  // namespace engine::cli
