#include "verify/outcomes.h"

#include <algorithm>

#include "base/text.h"

namespace engine::verify {

event::Outcome compared(std::string name, std::string expected, std::string actual) {
  const bool ok = expected == actual;
  return {std::move(name), ok, std::move(expected), std::move(actual)};
}

event::Outcome held(std::string name, std::string what) {
  return {std::move(name), true, what, what};
}

event::Outcome failed(std::string name, std::string expected, std::string actual) {
  return {std::move(name), false, std::move(expected), std::move(actual)};
}

event::Outcome opposite(event::Outcome is, const std::string& absence) {
  const std::string as_expected = " is as expected";
  if (is.name.ends_with(as_expected))
    is.name.replace(is.name.size() - as_expected.size(), as_expected.size(), " is otherwise");
  is.ok = absence.empty() && !is.ok;
  is.expected = "not " + is.expected;
  if (!absence.empty()) is.actual = absence;
  return is;
}

event::Outcome no_comment(const std::string& label, const std::string& absence,
                          const std::string& comment) {
  std::string name = label + " has no comment";
  if (!absence.empty()) return failed(std::move(name), "no comment", absence);
  return compared(std::move(name), "no comment", comment.empty() ? "no comment" : comment);
}

event::Outcome absent(const Subject& subject, std::string name, std::string expected) {
  return failed(std::move(name), std::move(expected), subject.absence());
}

std::string nothing_like(std::string_view noun, std::string_view written,
                         const std::vector<std::string>& known) {
  const auto near = text::nearest(written, known);
  return near ? fmt::format("no such {}; nearest is {}", noun, *near)
              : fmt::format("no such {}", noun);
}

event::Outcome exactly(std::string name, const std::vector<std::string>& expected,
                       const std::vector<std::string>& actual) {
  std::vector<std::string> missing, surplus;
  const auto lacks = [](const std::vector<std::string>& names, const std::string& wanted) {
    return std::find(names.begin(), names.end(), wanted) == names.end();
  };
  for (const auto& wanted : expected) {
    if (lacks(actual, wanted)) missing.push_back(wanted);
  }
  for (const auto& found : actual) {
    if (lacks(expected, found)) surplus.push_back(found);
  }
  if (missing.empty() && surplus.empty()) return held(std::move(name), list_of(expected));
  std::vector<std::string> differences;
  if (!missing.empty()) differences.push_back("missing: " + list_of(missing));
  if (!surplus.empty()) differences.push_back("not expected: " + list_of(surplus));
  return failed(std::move(name), list_of(expected),
                fmt::format("{} ({})", list_of(actual), text::joined(differences, "; ")));
}

std::string list_of(const std::vector<std::string>& names) {
  return names.empty() ? "none" : text::joined(names, ", ");
}

bool same_set(std::vector<std::string> left, std::vector<std::string> right) {
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return left == right;
}

bool same_name(const QualifiedName& written, const QualifiedName& actual) {
  return written.name == actual.name && (written.schema.empty() || written.schema == actual.schema);
}

std::string one_line(std::string_view text, std::size_t width) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  return text::shortened(text::trimmed(line), width);
}

}  // namespace engine::verify
