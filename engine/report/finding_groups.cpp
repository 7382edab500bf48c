#include "report/finding_groups.h"

#include <algorithm>
#include <tuple>

namespace engine::report {
namespace {

using event::Finding;

// An accepted one needs no decision.
int weight(const Finding& finding) {
  return finding.accepted ? -1 : static_cast<int>(finding.severity);
}

// What is only to be known is told once of a relation, whatever the steps.
bool same_decision(const Finding& one, const Finding& other) {
  const auto key = [](const Finding& finding) {
    return std::tie(finding.rule, finding.relation, finding.accepted, finding.severity);
  };
  return key(one) == key(other) &&
         (one.step == other.step || one.severity == event::Severity::info);
}

}  // namespace

std::vector<std::vector<Finding>> finding_groups(const std::vector<Finding>& findings) {
  std::vector<std::vector<Finding>> groups;
  for (const Finding& finding : findings) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      // What a plan leaves as a whole has no statement that would tell one from the other.
      return finding.line > 0 && same_decision(group.front(), finding);
    });
    if (same == groups.end()) {
      groups.push_back({finding});
    } else {
      same->push_back(finding);
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto& one, const auto& other) {
    return weight(one.front()) > weight(other.front());
  });
  return groups;
}

bool decides(const std::vector<Finding>& group) {
  return weight(group.front()) >= static_cast<int>(event::Severity::warning);
}

}  // namespace engine::report
