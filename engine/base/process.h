// Other programs: run from an argument vector, never through a shell.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace engine::process {

struct Identity {
  unsigned user = 0;
  unsigned group = 0;
};

/// The user that a server may run as when this process is root: the first of `names` that exists.
std::optional<Identity> find_user(const std::vector<std::string>& names);
bool running_as_root();

struct Options {
  std::optional<Identity> identity;  // setuid to it, with no other groups
  std::string folder;                // working directory; "" : this one
  std::string log;  // both outputs are appended to this file instead of being captured
  std::vector<std::string> environment;              // beside what environment::of_program gives
  std::optional<std::chrono::milliseconds> timeout;  // then SIGKILL
  bool detached = false;  // in a session of its own, so that a terminal's signals do not reach it
};

struct Finished {
  int status = 0;  // exit status; 128 + signal where one ended it
  std::string output;
  std::string errors;
  bool timed_out = false;
};

/// Runs the program to its end. Throws Error{file} where it cannot be started.
Finished run(const std::vector<std::string>& arguments, const Options& options = {});

/// The program's path by PATH; nothing where there is none.
std::optional<std::string> find_program(const std::string& name);

}  // namespace engine::process
