#include "approval/schema_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/fingerprint.h"

namespace engine::approval {
namespace {

constexpr const char* new_line = "is new";
constexpr const char* gone_line = "is gone";
constexpr const char* comment = "comment";  // it does nothing, and may name the run

using Lines = std::set<std::string>;
using Properties = std::map<std::string, std::map<std::string, std::string>>;

std::string name_of(const catalog::Relation& relation) {
  return fmt::format("{} {}", relation.kind_name(), relation.name.display());
}

/// By object ("column a") and by property ("type").
Lines lines_of(const Properties& before, const Properties& after) {
  Lines lines;
  for (const auto& [object, now] : after) {
    const auto was = before.find(object);
    if (was == before.end()) lines.insert(object + " is new");
    for (const auto& [property, value] : now) {
      if (property == comment) continue;
      if (was == before.end()) {
        lines.insert(fmt::format("{}: {} is {}", object, property, value));
      } else if (const auto old = was->second.find(property);
                 old == was->second.end() || old->second != value) {
        lines.insert(fmt::format("{}: {} is {}, was {}", object, property, value,
                                 old == was->second.end() ? "not there" : old->second));
      }
    }
  }
  for (const auto& [object, was] : before) {
    const auto now = after.find(object);
    if (now == after.end()) lines.insert(object + " is gone");
    for (const auto& [property, value] : was) {
      if (property != comment && now != after.end() && !now->second.contains(property))
        lines.insert(fmt::format("{}: {} is not there, was {}", object, property, value));
    }
  }
  return lines;
}

void compare_relations(const database_state::DatabaseState& before,
                       const database_state::DatabaseState& after, SchemaChanges& changes) {
  for (const catalog::Relation& was : before.relations) {
    const catalog::Relation* now = after.relation(was.name.quoted());
    const Lines lines = now == nullptr
                            ? Lines{gone_line}
                            : lines_of(catalog::properties(was), catalog::properties(*now));
    if (!lines.empty()) changes[name_of(was)] = lines;
  }
  for (const catalog::Relation& now : after.relations) {
    if (before.relation(now.name.quoted()) != nullptr) continue;
    Lines& lines = changes[name_of(now)] = lines_of({}, catalog::properties(now));
    lines.insert(new_line);
  }
}

/// The shadow may have another version of an extension, or a stand-in.
std::string said_of(const std::string& object, const std::string& definition) {
  return object.starts_with("extension ") ? "is installed" : definition;
}

void compare_objects(const database_state::DatabaseState& before,
                     const database_state::DatabaseState& after, SchemaChanges& changes) {
  for (const auto& [object, definition] : before.objects) {
    const auto now = after.objects.find(object);
    if (now == after.objects.end()) {
      changes[object] = {gone_line};
    } else if (now->second != definition) {
      changes[object] = {said_of(object, now->second)};
    }
  }
  for (const auto& [object, definition] : after.objects) {
    if (!before.objects.contains(object)) changes[object] = {new_line, said_of(object, definition)};
  }
}

/// The first of these that is not there.
std::string first_not_in(const Lines& lines, const Lines& all) {
  const auto found = std::find_if(lines.begin(), lines.end(),
                                  [&](const std::string& line) { return !all.contains(line); });
  return found == lines.end() ? "" : *found;
}

std::string first_of(const Lines& lines) {
  return lines.contains(new_line) ? new_line : *lines.begin();
}

}  // namespace

SchemaChanges schema_changes(const database_state::DatabaseState& before,
                             const database_state::DatabaseState& after) {
  SchemaChanges changes;
  compare_relations(before, after, changes);
  compare_objects(before, after, changes);
  return changes;
}

void add(SchemaChanges& all, const SchemaChanges& more) {
  for (const auto& [object, lines] : more) all[object].insert(lines.begin(), lines.end());
}

std::string unapproved_change(const SchemaChanges& approved, const SchemaChanges& actual,
                              const Comparison& comparison) {
  for (const auto& [object, lines] : actual) {
    const auto known = approved.find(object);
    if (known == approved.end())
      return fmt::format("changes {}, which was not approved: {}", object, first_of(lines));
    if (!comparison.worded) continue;
    const std::string other = first_not_in(lines, known->second);
    if (other.empty()) continue;
    const std::string instead = first_not_in(known->second, lines);
    return fmt::format("changes {} differently than approved: {}{}", object, other,
                       instead.empty() ? "" : "; approved was: " + instead);
  }
  for (const auto& [object, lines] : approved) {
    if (!comparison.whole) break;
    const auto found = actual.find(object);
    const std::string missing = found == actual.end() ? first_of(lines)
                                : comparison.worded   ? first_not_in(lines, found->second)
                                                      : "";
    if (!missing.empty()) return fmt::format("does not change {} as approved: {}", object, missing);
  }
  return "";
}

}  // namespace engine::approval
