#include "verify/access.h"

#include <algorithm>

#include "base/text.h"
#include "verify/attempt.h"
#include "verify/outcomes.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

constexpr const char* no_privilege = "42501";

std::string label_of(const Trial& trial) {
  return fmt::format("\"{}\"", one_line(trial.command.sql));
}

/// The impersonation is left without end(): all of it is rolled back.
Attempt try_as(db::Connection& connection, const Trial& trial) {
  const Impersonation impersonation{connection, trial.role, trial.settings};
  Attempt tried = attempt(connection, Keep::changes,
                          {{trial.command.sql, trial.command.params, db::Lookup::session}});
  if (tried.error && worth_retrying(*tried.error)) throw Error{*tried.error};
  return tried;
}

std::string phrase(const db::Result& result) {
  if (result.columns().empty()) return result.tag();
  return text::counted(static_cast<std::int64_t>(result.size()), "row");
}

event::Outcome explained(event::Outcome outcome, const Attempt& tried) {
  if (!outcome.ok) outcome.error = tried.error;
  return outcome;
}

std::string words_of(const std::vector<std::string>& privileges) {
  return privileges.empty() ? "nothing" : text::joined(privileges, ", ");
}

std::vector<std::string> default_privileges(db::Connection& connection, const std::string& schema,
                                            const DefaultPrivileges& asked) {
  std::vector<std::string> found;
  const std::string end = fmt::format(" on {} to {}", asked.kind, asked.role);
  const auto matches = [&](const Item& item) {
    // Those without a schema hold in every one.
    return (item.schema.empty() || item.schema == schema) && item.name.ends_with(end) &&
           (asked.maker.empty() || item.name == asked.maker + end);
  };
  for (const Item* item : Snapshot::of(connection).inventory().all("default privileges", matches)) {
    for (const std::string& one : item->facts.at("privileges").items) {
      if (std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

event::Outcome can(db::Connection& connection, const Trial& trial) {
  const std::string name = fmt::format("{} can {}", trial.role, label_of(trial));
  const Attempt tried = try_as(connection, trial);
  if (!tried.error) return {name, true, "no error", phrase(tried.results.front())};
  return explained(failed(name, "no error", error_phrase(*tried.error)), tried);
}

event::Outcome cannot(db::Connection& connection, const Trial& trial) {
  const std::string name = fmt::format("{} cannot {}", trial.role, label_of(trial));
  const std::string expected = fmt::format("error {}", no_privilege);
  const Attempt tried = try_as(connection, trial);
  if (!tried.error) return failed(name, expected, "no error: " + phrase(tried.results.front()));
  if (tried.error->sqlstate() == no_privilege)
    return {name, true, expected, error_phrase(*tried.error)};
  return explained(failed(name, expected, error_phrase(*tried.error)), tried);
}

event::Outcome sees_rows(db::Connection& connection, const Trial& trial, const Count& count) {
  const std::string name =
      fmt::format("{} sees {} by {}", trial.role, count.phrase(), label_of(trial));
  const Attempt tried = try_as(connection, trial);
  if (tried.error)
    return explained(failed(name, count.phrase(), error_phrase(*tried.error)), tried);
  const auto rows = static_cast<std::int64_t>(tried.results.front().size());
  return {name, count.holds(rows), count.phrase(), text::counted(rows, "row")};
}

event::Outcome access_is(db::Connection& connection, const Securable& object,
                         const AccessMatrix& matrix) {
  const std::string name = "access to " + object.label + " is as expected";
  std::vector<std::string> expected, actual;
  bool ok = object.absence.empty();
  for (const auto& [role, privileges] : matrix) {
    const std::string wanted = fmt::format("{}: {}", role, words_of(privileges));
    expected.push_back(wanted);
    if (!object.absence.empty()) continue;
    const event::Outcome one = privileges_are(connection, object, role, privileges);
    ok = ok && one.ok;
    actual.push_back(
        one.ok ? wanted
               : fmt::format("{}: {}", role, one.actual == "none" ? "nothing" : one.actual));
  }
  return {name, ok, text::joined(expected, "; "),
          object.absence.empty() ? text::joined(actual, "; ") : object.absence};
}

event::Outcome has_default_privileges(db::Connection& connection, const ObjectSubject& schema,
                                      const DefaultPrivileges& wanted) {
  const std::string name =
      fmt::format("{} gets {} on new {} in {}", wanted.role, text::listed(wanted.privileges),
                  wanted.kind, schema.label());
  const std::string expected = words_of(wanted.privileges);
  if (schema.item() == nullptr) return failed(name, expected, schema.absence());
  const auto found = default_privileges(connection, schema.item()->name, wanted);
  const bool all =
      std::all_of(wanted.privileges.begin(), wanted.privileges.end(), [&](const std::string& one) {
        return std::find(found.begin(), found.end(), one) != found.end();
      });
  return {name, all, expected, all ? expected : words_of(found)};
}

event::Outcome has_no_default_privileges(db::Connection& connection, const ObjectSubject& schema,
                                         const DefaultPrivileges& refused) {
  const std::string name =
      fmt::format("{} gets nothing on new {} in {}", refused.role, refused.kind, schema.label());
  if (schema.item() == nullptr) return failed(name, "nothing", schema.absence());
  return compared(name, "nothing",
                  words_of(default_privileges(connection, schema.item()->name, refused)));
}

}  // namespace engine::verify
