// Everything that is wrong with a plan, told at once.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace engine::script {

class Problems {
 public:
  void add(Source at, std::string text, std::string hint = "");
  /// An error met while the plan was loading; left out where its line has a problem already.
  void add(const Error& error);
  /// One of a word, which the outline may have told already.
  void add_once(const Error& error);
  bool empty() const { return problems_.empty(); }

  /// Error{plan_invalid}: one problem is its message; of several each is a line of its detail, in
  /// the order of their lines.
  [[noreturn]] void raise(const std::string& path);

 private:
  struct Problem {
    Source at;
    std::string text;
    std::string hint;
  };
  std::vector<Problem> problems_;
};

}  // namespace engine::script
