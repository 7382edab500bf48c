// The person at the terminal: one line asked, one line read.
#pragma once

#include <optional>
#include <string>

#include "report/screen.h"

namespace engine::report {

class Console {
 public:
  explicit Console(Screen& screen);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console();

  /// Is there a person? Standard input must be a terminal; the question goes to /dev/tty, so that
  /// redirected output does not hide it.
  bool present() const { return input_ >= 0; }

  /// Shows the question and reads one line. Nothing at the end of input (Ctrl-D). Throws
  /// Error{interrupted} on Ctrl-C.
  std::optional<std::string> ask(const std::string& question, bool echo = true);
  /// The last question was answered: it need not be repeated on the screen.
  void answered() { screen_.answered(); }
  int width() const;
  void say(const std::string& text);

 private:
  Screen& screen_;
  int input_ = -1;
  int output_ = -1;
  bool opened_ = false;  // /dev/tty is ours to close
};

}  // namespace engine::report
