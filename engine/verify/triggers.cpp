#include "verify/triggers.h"

#include "base/text.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

std::string phrase(const TriggerSpec& spec) {
  std::string words = spec.name;
  if (!spec.timing.empty()) words += " " + spec.timing;
  if (!spec.events.empty()) words += " " + text::joined(spec.events, " OR ");
  if (!spec.for_each.empty()) words += " FOR EACH " + spec.for_each;
  if (spec.function) words += fmt::format(" EXECUTE FUNCTION {}()", spec.function->display());
  if (!spec.enabled) words += " disabled";
  return words;
}

std::string phrase(const catalog::Trigger& trigger, const TriggerSpec& spec) {
  TriggerSpec actual;
  actual.name = trigger.name;
  if (!spec.timing.empty()) actual.timing = trigger.timing;
  if (!spec.events.empty()) {
    actual.events = same_set(spec.events, trigger.events) ? spec.events : trigger.events;
  }
  if (!spec.for_each.empty()) actual.for_each = trigger.for_each_row ? "ROW" : "STATEMENT";
  if (spec.function) {
    actual.function =
        same_name(*spec.function, trigger.function) ? *spec.function : trigger.function;
  }
  // A replica trigger fires only where session_replication_role says so: not for the application.
  actual.enabled = trigger.enabled == 'O' || trigger.enabled == 'A';
  return phrase(actual);
}

}  // namespace

event::Outcome has_trigger(const Subject& subject, const TriggerSpec& spec) {
  const std::string name = fmt::format("{} has trigger {}", subject.label(), spec.name);
  const std::string expected = phrase(spec);
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Trigger* trigger = subject.relation()->trigger(spec.name);
  if (trigger == nullptr) {
    return failed(name, expected,
                  nothing_like("trigger", spec.name, names_of(subject.relation()->triggers)));
  }
  return compared(name, expected, phrase(*trigger, spec));
}

event::Outcome has_no_trigger(const Subject& subject, const std::string& trigger) {
  const std::string name = fmt::format("{} has no trigger {}", subject.label(), trigger);
  const std::string expected = "no trigger " + trigger;
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  const catalog::Trigger* found = subject.relation()->trigger(trigger);
  return found == nullptr ? held(name, expected) : failed(name, expected, found->definition);
}

event::Outcome triggers_are(const Subject& subject, const std::vector<std::string>& names) {
  const std::string name = subject.label() + " has exactly these triggers";
  if (subject.relation() == nullptr) return absent(subject, name, list_of(names));
  return exactly(name, names, names_of(subject.relation()->triggers));
}

}  // namespace engine::verify
