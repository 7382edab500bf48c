#include "base/environment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace engine::environment {
namespace {

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

bool matches(std::string_view name, std::string_view pattern) {
  if (!pattern.ends_with('*')) return name == pattern;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

std::vector<std::string> matching(const std::vector<std::string>& patterns) {
  std::vector<std::string> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = name_of(*entry);
    if (std::any_of(patterns.begin(), patterns.end(),
                    [&](const std::string& pattern) { return matches(name, pattern); }))
      found.emplace_back(*entry);
  }
  return found;
}

std::vector<std::string> of_program(const std::vector<std::string>& additions) {
  std::vector<std::string> variables = additions;
  for (std::string& needed : matching({"PATH", "HOME", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR",
                                       "LD_LIBRARY_PATH", "ASAN_OPTIONS"})) {
    if (std::none_of(additions.begin(), additions.end(), [&](const std::string& addition) {
          return name_of(addition) == name_of(needed);
        }))
      variables.push_back(std::move(needed));
  }
  return variables;
}

}  // namespace engine::environment
