// The user that a server runs as: never root.
#pragma once

#include <optional>
#include <string>

#include "base/process.h"

namespace engine::cluster {

/// As root: postgres, else nobody; Error{refused} where both are missing. Else this process's own
/// user.
class Account {
 public:
  static Account of_server();

  /// Runs a program as that user, from the root folder: it may not be able to enter this one.
  process::Finished run(const std::vector<std::string>& arguments) const;
  unsigned user() const;

  /// Gives a path, and all that is below it, to that user.
  void own(const std::string& path) const;
  /// Makes a folder of mode 0700 that is that user's. Throws Error{file}, also where the file
  /// system keeps no modes.
  void make_folder(const std::string& path) const;
  /// Can that user work in a folder made there?
  bool can_live_in(const std::string& folder) const;

 private:
  std::optional<process::Identity> identity_;  // nothing: this process's own
};

}  // namespace engine::cluster
