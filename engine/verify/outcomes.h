// How checks speak: expected beside actual, in the same terms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/outcome.h"
#include "verify/subject.h"

namespace engine::verify {

/// The check holds where both sides say the same.
event::Outcome compared(std::string name, std::string expected, std::string actual);
event::Outcome held(std::string name, std::string what);
event::Outcome failed(std::string name, std::string expected, std::string actual);
/// Of a check that something is as said, the check that it is not all of that; `absence`: why there
/// is nothing that could be, for then neither holds.
event::Outcome opposite(event::Outcome is, const std::string& absence);

/// That it has no comment.
event::Outcome no_comment(const std::string& label, const std::string& absence,
                          const std::string& comment);

/// Of a check whose subject does not exist.
event::Outcome absent(const Subject& subject, std::string name, std::string expected);

/// "no such column; nearest is session_name"
std::string nothing_like(std::string_view noun, std::string_view written,
                         const std::vector<std::string>& known);

/// The lists hold the same names, in any order; else what is missing and what should not be there.
event::Outcome exactly(std::string name, const std::vector<std::string>& expected,
                       const std::vector<std::string>& actual);

/// "a, b", or "none"
std::string list_of(const std::vector<std::string>& names);
bool same_set(std::vector<std::string> left, std::vector<std::string> right);
/// Unqualified names mean any schema: `update_updated_at_column()` is
/// `public.update_updated_at_column`.
bool same_name(const QualifiedName& written, const QualifiedName& actual);
/// One line of at most `width` columns.
std::string one_line(std::string_view text, std::size_t width = 70);

template <typename Parts>
std::vector<std::string> names_of(const Parts& parts) {
  std::vector<std::string> names;
  for (const auto& part : parts) {
    if constexpr (requires { part.name.name; }) {
      names.push_back(part.name.name);
    } else {
      names.push_back(part.name);
    }
  }
  return names;
}

}  // namespace engine::verify
