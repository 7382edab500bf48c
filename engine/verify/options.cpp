#include "verify/options.h"

#include "base/text.h"
#include "sql/expression.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

/// true, on, yes and 1 are one value; an empty search_path is stored as "".
std::string canonical(const std::string& value) {
  const std::string word = text::lower(value);
  if (word == "true" || word == "on" || word == "yes" || word == "1") return "true";
  if (word == "false" || word == "off" || word == "no" || word == "0") return "false";
  return value == "\"\"" ? "" : value;
}

event::Outcome option_in(const std::vector<std::string>& settings, std::string name,
                         const std::string& option, const std::optional<std::string>& value) {
  const std::string expected = value ? fmt::format("{} = {}", option, *value) : option + " set";
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || setting.substr(0, equals) != option) continue;
    const std::string actual = setting.substr(equals + 1);
    if (!value || canonical(*value) == canonical(actual)) return held(std::move(name), expected);
    return failed(std::move(name), expected, fmt::format("{} = {}", option, actual));
  }
  return failed(std::move(name), expected, option + " not set");
}

}  // namespace

event::Outcome has_option(const Subject& subject, const std::string& option,
                          const std::optional<std::string>& value) {
  std::string name = fmt::format("{} has option {}", subject.label(), option);
  if (subject.relation() == nullptr) return absent(subject, std::move(name), option);
  return option_in(subject.relation()->options, std::move(name), option, value);
}

event::Outcome has_option(const RoutineSubject& subject, const std::string& option,
                          const std::optional<std::string>& value) {
  std::string name = fmt::format("{} has option {}", subject.label(), option);
  if (subject.only() == nullptr) return failed(std::move(name), option, subject.absence());
  return option_in(subject.only()->settings, std::move(name), option, value);
}

namespace {

event::Outcome no_option_in(const std::vector<std::string>& settings, std::string name,
                            const std::string& option) {
  for (const auto& setting : settings) {
    if (setting.starts_with(option + "="))
      return failed(std::move(name), option + " not set", setting);
  }
  return held(std::move(name), option + " not set");
}

}  // namespace

event::Outcome has_no_option(const Subject& subject, const std::string& option) {
  std::string name = fmt::format("{} has no option {}", subject.label(), option);
  if (subject.relation() == nullptr) return absent(subject, std::move(name), option + " not set");
  return no_option_in(subject.relation()->options, std::move(name), option);
}

event::Outcome has_no_option(const RoutineSubject& subject, const std::string& option) {
  std::string name = fmt::format("{} has no option {}", subject.label(), option);
  if (subject.only() == nullptr)
    return failed(std::move(name), option + " not set", subject.absence());
  return no_option_in(subject.only()->settings, std::move(name), option);
}

event::Outcome has_no_comment(const Subject& subject) {
  const catalog::Relation* relation = subject.relation();
  return no_comment(subject.label(), relation == nullptr ? subject.absence() : "",
                    relation == nullptr ? "" : relation->comment);
}

event::Outcome has_definition(const Subject& subject, const std::string& query) {
  std::string name = subject.label() + " has its definition";
  const std::string expected = one_line(query, 300);
  if (subject.relation() == nullptr) return absent(subject, std::move(name), expected);
  const std::string& printed = subject.relation()->view_definition;
  if (sql::same_query(query, printed)) return held(std::move(name), expected);
  return failed(std::move(name), expected, printed.empty() ? "no query" : one_line(printed, 300));
}

event::Outcome is_populated(const Subject& subject) {
  std::string name = subject.label() + " is populated";
  if (subject.relation() == nullptr) return absent(subject, std::move(name), "populated");
  return compared(std::move(name), "populated",
                  subject.relation()->populated ? "populated" : "not populated");
}

event::Outcome has_comment(const Subject& subject, const std::string& comment) {
  std::string name = subject.label() + " has its comment";
  if (subject.relation() == nullptr) return absent(subject, std::move(name), comment);
  const std::string& actual = subject.relation()->comment;
  return compared(std::move(name), comment, actual.empty() ? "no comment" : actual);
}

}  // namespace engine::verify
