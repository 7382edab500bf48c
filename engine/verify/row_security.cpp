#include "verify/row_security.h"

#include <algorithm>

#include "base/text.h"
#include "sql/expression.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

std::string row_security_phrase(bool enabled, std::optional<bool> forced) {
  std::string words = enabled ? "row security enabled" : "row security disabled";
  if (forced) words += *forced ? ", forced on the owner" : ", not forced on the owner";
  return words;
}

std::string phrase(const PolicySpec& spec) {
  std::string words = quoted(spec.name);
  if (spec.permissive) words += *spec.permissive ? " as permissive" : " as restrictive";
  if (!spec.command.empty()) words += " for " + spec.command;
  if (!spec.roles.empty()) words += " to " + text::joined(spec.roles, ", ");
  const auto expression = [](const char* word, const std::string& condition) {
    if (condition.empty()) return fmt::format(" without {}", word);
    return condition.starts_with('(') ? fmt::format(" {} {}", word, condition)
                                      : fmt::format(" {} ({})", word, condition);
  };
  if (spec.using_expression) words += expression("using", *spec.using_expression);
  if (spec.check_expression) words += expression("with check", *spec.check_expression);
  return words;
}

std::vector<std::string> folded(std::vector<std::string> roles) {
  for (auto& role : roles) {
    if (text::lower(role) == "public") role = "PUBLIC";
  }
  return roles;
}

std::string phrase(const catalog::Policy& policy, const PolicySpec& spec) {
  const auto expression = [](const std::optional<std::string>& written,
                             const std::string& printed) {
    return !written || sql::same_expression(*written, printed) ? written : printed;
  };
  PolicySpec actual;
  actual.name = policy.name;
  if (spec.permissive) actual.permissive = policy.permissive;
  if (!spec.command.empty()) actual.command = policy.command;
  if (!spec.roles.empty()) {
    actual.roles = same_set(folded(spec.roles), policy.roles) ? spec.roles : policy.roles;
  }
  actual.using_expression = expression(spec.using_expression, policy.using_expression);
  actual.check_expression = expression(spec.check_expression, policy.check_expression);
  return phrase(actual);
}

}  // namespace

event::Outcome has_row_security(const Subject& subject, std::optional<bool> forced) {
  const std::string name = subject.label() + " has row security";
  const std::string expected = row_security_phrase(true, forced);
  const catalog::Relation* relation = subject.relation();
  if (relation == nullptr) return absent(subject, name, expected);
  const auto actual = forced ? std::optional{relation->force_row_security} : std::nullopt;
  return compared(name, expected, row_security_phrase(relation->row_security, actual));
}

event::Outcome has_no_row_security(const Subject& subject) {
  const std::string name = subject.label() + " has no row security";
  const std::string expected = row_security_phrase(false, {});
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  return compared(name, expected, row_security_phrase(subject.relation()->row_security, {}));
}

event::Outcome has_policy(const Subject& subject, const PolicySpec& spec) {
  const std::string name = fmt::format("{} has policy {}", subject.label(), quoted(spec.name));
  const std::string expected = phrase(spec);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Policy* policy = subject.relation()->policy(spec.name);
  if (policy == nullptr) {
    return failed(name, expected,
                  nothing_like("policy", spec.name, names_of(subject.relation()->policies)));
  }
  return compared(name, expected, phrase(*policy, spec));
}

event::Outcome has_no_policy(const Subject& subject, const std::string& policy) {
  const std::string name = fmt::format("{} has no policy {}", subject.label(), quoted(policy));
  const std::string expected = "no policy " + quoted(policy);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Policy* found = subject.relation()->policy(policy);
  return found == nullptr ? held(name, expected)
                          : failed(name, expected,
                                   fmt::format("{} for {} to {}", quoted(policy), found->command,
                                               list_of(found->roles)));
}

event::Outcome policies_are(const Subject& subject, const std::vector<std::string>& names) {
  const std::string name = subject.label() + " has exactly these policies";
  if (subject.relation() == nullptr) return absent(subject, name, list_of(names));
  return exactly(name, names, names_of(subject.relation()->policies));
}

}  // namespace engine::verify
