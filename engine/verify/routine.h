// Functions and procedures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "event/outcome.h"

namespace engine::verify {

struct Routine {
  std::uint32_t oid = 0;
  std::string signature;  // "increment_usage(uuid,integer)"
  std::string returns;    // "" of a procedure
  std::string language;
  std::string volatility;  // "immutable", "stable", "volatile"
  bool security_definer = false;
  bool strict = false;
  std::string kind;      // "function", "procedure", "aggregate", "window"
  std::string parallel;  // "safe", "restricted", "unsafe"
  bool leakproof = false;
  std::string owner, body, comment;
  std::vector<std::string> settings;  // "search_path=public"
};

/// A routine, read once. `name(types)` is one; a bare name is every routine of that name that the
/// search_path finds.
class RoutineSubject {
 public:
  static RoutineSubject read(db::Connection& connection, const std::string& written);

  std::string label() const { return "routine " + written_; }
  const std::vector<Routine>& found() const { return found_; }
  /// The one that is meant; nothing where there is none, or more than one.
  const Routine* only() const { return found_.size() == 1 ? &found_.front() : nullptr; }
  /// Why only() gives nothing.
  const std::string& absence() const { return absence_; }

 private:
  static RoutineSubject read_now(db::Connection& connection, const std::string& written);

  std::string written_;
  std::vector<Routine> found_;
  std::string absence_;
};

event::Outcome exists(const RoutineSubject& subject);
event::Outcome does_not_exist(const RoutineSubject& subject);

/// What is not said is not compared.
struct RoutineSpec {
  std::string returns;
  std::string language;
  std::string volatility;
  std::string security;  // "definer", "invoker"
  std::optional<bool> strict;
  std::string kind;      // "function", "procedure", "aggregate", "window"
  std::string parallel;  // "safe", "restricted", "unsafe"
  std::optional<bool> leakproof;
  std::optional<std::string> body;  // as it was written
};
event::Outcome owned_by(const RoutineSubject& subject, const std::string& role);
event::Outcome has_comment(const RoutineSubject& subject, const std::string& comment);
event::Outcome routine_is(const RoutineSubject& subject, const RoutineSpec& spec);

/// It is there, and not all that the spec says.
event::Outcome routine_is_not(const RoutineSubject& subject, const RoutineSpec& spec);
event::Outcome has_no_comment(const RoutineSubject& subject);

}  // namespace engine::verify
