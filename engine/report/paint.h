// Colours of the terminal, where it has them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace engine::report {

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}

  std::string bold(std::string_view text) const { return code("1", text); }
  std::string dim(std::string_view text) const { return code("2", text); }
  std::string red(std::string_view text) const { return code("31", text); }
  std::string green(std::string_view text) const { return code("32", text); }
  std::string yellow(std::string_view text) const { return code("33", text); }

 private:
  std::string code(std::string_view number, std::string_view text) const {
    if (!on_ || text.empty()) return std::string{text};
    return fmt::format("\x1b[{}m{}\x1b[0m", number, text);
  }

  bool on_;
};

}  // namespace engine::report
