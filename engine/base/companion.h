// A program that outlives this process, to do what it could not do itself.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace engine::process {

/// Runs beside this process in a session of its own. Its standard input ends when this process
/// does, however it ends.
class Companion {
 public:
  /// Throws Error{file} where it cannot be started.
  explicit Companion(const std::vector<std::string>& arguments);
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;
  ~Companion();  // ends its input, and waits for its end

  /// To its standard input; nothing happens where it has gone.
  void write(std::string_view text) const;

 private:
  int input_ = -1;
  pid_t child_ = -1;
};

}  // namespace engine::process
