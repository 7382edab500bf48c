// Triggers that people made; the server's own, of foreign keys, do not count.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/subject.h"

namespace engine::verify {

/// What is not said is not compared; but a disabled trigger does nothing, so it must be asked for.
struct TriggerSpec {
  std::string name;
  std::optional<QualifiedName> function;
  std::string timing;               // "BEFORE", "AFTER", "INSTEAD OF"
  std::vector<std::string> events;  // "INSERT", "UPDATE" …
  bool enabled = true;
  std::string for_each;  // "ROW", "STATEMENT"
};

event::Outcome has_trigger(const Subject& subject, const TriggerSpec& spec);
event::Outcome has_no_trigger(const Subject& subject, const std::string& trigger);
event::Outcome triggers_are(const Subject& subject, const std::vector<std::string>& names);

}  // namespace engine::verify
