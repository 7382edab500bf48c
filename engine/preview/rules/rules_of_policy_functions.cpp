// Hazards of the functions that policies call: a query of the table fails with them, and what they
// say decides which rows are there.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "preview/rules/access_words.h"
#include "preview/rules/policy_words.h"

namespace engine::preview {
namespace {

std::vector<std::string> as_list(const std::set<std::string>& names) {
  return {names.begin(), names.end()};
}

/// What it was before, wherever that stood.
const PolicyFacts* facts_before(const Scene& scene, const PolicyFacts& facts) {
  for (const auto& [policy, had] : scene.before.policies)
    if (had.oid == facts.oid) return &had;
  return nullptr;
}

bool was_denied(const Scene& scene, const PolicyFacts* before, const std::string& function,
                const std::string& role) {
  if (before == nullptr) return false;
  const auto routine = scene.after.routines.find(function);
  for (const auto& [called, denied] : before->calls) {
    const auto had = scene.before.routines.find(called);
    const bool same = called == function || (routine != scene.after.routines.end() &&
                                             had != scene.before.routines.end() &&
                                             had->second.oid == routine->second.oid);
    if (same && denied.contains(role)) return true;
  }
  return false;
}

/// "private.mine" of "function private.mine(integer)"
std::string without_arguments(const std::string& function) {
  const auto begin = function.find(' ') + 1;
  return function.substr(begin, function.find('(') - begin);
}

void denied(const Scene& scene, Findings& findings) {
  struct Denied {
    std::set<std::string> roles, tables;
  };
  std::map<std::string, Denied> by_function;
  for (const auto& [policy, facts] : scene.after.policies) {
    const PolicyFacts* before = facts_before(scene, facts);
    for (const auto& [function, roles] : facts.calls) {
      for (const std::string& role : roles) {
        if (was_denied(scene, before, function, role)) continue;
        by_function[function].roles.insert(role);
        by_function[function].tables.insert(policy.first);
      }
    }
  }
  for (const auto& [function, them] : by_function) {
    const std::string name = without_arguments(function);
    findings.add_at(with_word(scene, name, {"REVOKE", "CREATE POLICY", "ALTER POLICY"}), name,
                    fmt::format("{} may not execute {}, which policies of {} call",
                                text::listed(as_list(them.roles)), function,
                                text::listed(as_list(them.tables))));
  }
}

/// Blanks as one: what only was laid out anew is the same.
std::string squeezed(const std::string& text) {
  std::string words;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      words += c;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  return words;
}

/// Functions whose body is another one, each with itself; and what calls them in its text, with the
/// one that it is because of.
std::map<std::string, std::string> other_bodies(const Scene& scene) {
  std::map<std::string, std::string> changed;
  std::vector<std::string> open;
  for (const auto& [object, routine] : scene.after.routines) {
    auto was = with_oid(scene.before.routines, routine.oid);
    if (was == scene.before.routines.end()) was = scene.before.routines.find(object);
    if (was == scene.before.routines.end() || squeezed(was->second.body) == squeezed(routine.body))
      continue;
    changed[object] = object;
    open.push_back(object);
  }
  while (!open.empty()) {
    const std::string function = open.back();
    open.pop_back();
    const std::string& name = scene.after.routines.at(function).name;
    for (const auto& [object, routine] : scene.after.routines) {
      if (changed.contains(object) || !mentions(routine.body, name + "(")) continue;
      changed[object] = changed[function];
      open.push_back(object);
    }
  }
  return changed;
}

void changed(const Scene& scene, Findings& findings) {
  const std::map<std::string, std::string> bodies = other_bodies(scene);
  if (bodies.empty()) return;
  std::map<std::string, std::set<std::string>> tables;
  for (const auto& [policy, facts] : scene.after.policies) {
    if (facts_before(scene, facts) == nullptr) continue;
    for (const auto& [function, roles] : facts.calls) {
      if (const auto body = bodies.find(function); body != bodies.end())
        tables[body->second].insert(policy.first);
    }
  }
  for (const auto& [function, names] : tables) {
    findings.add(without_arguments(function),
                 fmt::format("{} does something else, and policies of {} go by it", function,
                             text::listed(as_list(names))));
  }
}

constexpr std::array rules{
    Rule{"access.policy-function-denied", "danger", "proved",
         "A policy's functions are called as the role that queries: each of its queries fails.",
         "GRANT EXECUTE on the function to the roles of the policies that call it.", denied},
    Rule{"access.policy-function-changed", "warning", "proved",
         "Who sees and changes which rows of them changes with it.",
         "Compare what users see before and after with supabase.as_user; or a new function, and "
         "ALTER "
         "POLICY table by table.",
         changed},
};

}  // namespace

std::span<const Rule> policy_function_rules() { return rules; }

}  // namespace engine::preview
