#include "runner/session/input_value.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <regex>

#include "base/error.h"
#include "base/text.h"
#include "runner/session/questions.h"

namespace engine::runner {
namespace {

[[noreturn]] void refuse(const plan::Input& input, const std::string& given,
                         const std::string& wanted) {
  throw Error{
      Code::usage, "input {} takes {}, not \"{}\"{}", input.name,
      wanted,      text::shortened(given, 200),       text::did_you_mean(given, input.choices)}
      .at(input.at);
}

// The regular expressions of the standard library recurse once a character.
constexpr std::size_t longest = 1000;

bool matches(const std::string& given, const std::regex& form) {
  return given.size() <= longest && std::regex_match(given, form);
}

std::string integer(const plan::Input& input, const std::string& given) {
  std::int64_t value = 0;
  const char* end = given.data() + given.size();
  const auto [stop, problem] = std::from_chars(given.data(), end, value);
  if (problem != std::errc{} || stop != end) refuse(input, given, "an integer");
  return std::to_string(value);
}

// Decimal text goes through untouched: a double would lose digits that numeric keeps.
std::string number(const plan::Input& input, const std::string& given) {
  static const std::regex form{R"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)"};
  if (!matches(given, form)) refuse(input, given, "a number");
  return given;
}

std::string date(const plan::Input& input, const std::string& given) {
  static const std::regex form{R"((\d{4})-(\d{1,2})-(\d{1,2}))"};
  std::smatch part;
  if (given.size() > longest || !std::regex_match(given, part, form))
    refuse(input, given, "a date (2026-11-20)");
  const std::chrono::year_month_day day{
      std::chrono::year{std::stoi(part[1])},
      std::chrono::month{static_cast<unsigned>(std::stoi(part[2]))},
      std::chrono::day{static_cast<unsigned>(std::stoi(part[3]))}};
  if (!day.ok()) refuse(input, given, "a day that exists");
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string interval(const plan::Input& input, const std::string& given) {
  static const std::regex form{
      R"(([+-]?\d+(\.\d+)?\s*(microseconds?|milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d|weeks?|w|months?|mons?|years?|y)\s*)+|\d+:\d\d(:\d\d(\.\d+)?)?|P[0-9YMWDTHS.]+)",
      std::regex::icase};
  if (!matches(given, form)) refuse(input, given, "an interval (\"30 days\")");
  return given;
}

}  // namespace

std::string canonical_value(const plan::Input& input, const std::string& given) {
  const std::string word = text::trimmed(given);
  switch (input.type) {
    case plan::InputType::boolean: {
      const std::optional<bool> value = as_boolean(word);
      if (!value) refuse(input, given, "true or false");
      return *value ? "true" : "false";
    }
    case plan::InputType::integer:
      return integer(input, word);
    case plan::InputType::number:
      return number(input, word);
    case plan::InputType::date:
      return date(input, word);
    case plan::InputType::interval:
      return interval(input, word);
    case plan::InputType::choice:
      if (std::find(input.choices.begin(), input.choices.end(), word) == input.choices.end()) {
        refuse(input, given, text::listed(input.choices, "or"));
      }
      return word;
    case plan::InputType::text:
    case plan::InputType::secret:
      return given;
  }
  return given;
}

}  // namespace engine::runner
