// What a preview asked of the target's rows.
#pragma once

#include "preview/previewed.h"

namespace test {

inline std::string step(const std::string& title, const std::string& sql) {
  return "step \"" + title + "\" { run = sql [==[ " + sql + " ]==], rollback = nothing },\n";
}

inline json probe_of(const Previewed& previewed, const std::string& of, const std::string& object) {
  for (const json& probe : previewed.all("probe")) {
    if (probe.at("of") == of && probe.at("object") == object) return probe;
  }
  return {{"result", "no such probe"}, {"rows", -1}, {"examples", json::array()}};
}

/// The first that the rule gave.
inline json finding_of(const Previewed& previewed, const std::string& rule) {
  for (const json& finding : previewed.all("finding")) {
    if (finding.at("rule") == rule) return finding;
  }
  return {{"severity", "no such finding"}, {"evidence", ""}, {"message", ""}, {"step", ""}};
}

}  // namespace test
