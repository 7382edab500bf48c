// Row security and its policies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/subject.h"

namespace engine::verify {

/// `forced`: the owner is bound by it as well.
event::Outcome has_row_security(const Subject& subject, std::optional<bool> forced = {});
event::Outcome has_no_row_security(const Subject& subject);

/// What is not said is not compared. Empty expressions mean that there is none.
struct PolicySpec {
  std::string name;
  std::string command;  // "ALL", "SELECT" …
  std::vector<std::string> roles;
  std::optional<std::string> using_expression;
  std::optional<std::string> check_expression;
  std::optional<bool> permissive;
};
event::Outcome has_policy(const Subject& subject, const PolicySpec& spec);
event::Outcome has_no_policy(const Subject& subject, const std::string& policy);
event::Outcome policies_are(const Subject& subject, const std::vector<std::string>& names);

}  // namespace engine::verify
