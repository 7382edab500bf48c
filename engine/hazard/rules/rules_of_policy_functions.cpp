// Hazards of the functions that policies call: a query of the table fails with them, and what they
// say decides which rows are there.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "hazard/rules/access_words.h"
#include "hazard/rules/policy_words.h"

namespace engine::hazard {
namespace {

std::vector<std::string> as_list(const std::set<std::string>& names) {
  return {names.begin(), names.end()};
}

/// What it was before, wherever that stood.
const database_state::PolicyFacts* facts_before(const RuleContext& context,
                                                const database_state::PolicyFacts& facts) {
  for (const auto& [policy, had] : context.before.policies)
    if (had.oid == facts.oid) return &had;
  return nullptr;
}

bool was_denied(const RuleContext& context, const database_state::PolicyFacts* before,
                const std::string& function, const std::string& role) {
  if (before == nullptr) return false;
  const auto routine = context.after.routines.find(function);
  for (const auto& [called, denied] : before->calls) {
    const auto had = context.before.routines.find(called);
    const bool same = called == function || (routine != context.after.routines.end() &&
                                             had != context.before.routines.end() &&
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

void denied(const RuleContext& context, Findings& findings) {
  struct Denied {
    std::set<std::string> roles, tables;
  };
  std::map<std::string, Denied> by_function;
  for (const auto& [policy, facts] : context.after.policies) {
    const database_state::PolicyFacts* before = facts_before(context, facts);
    for (const auto& [function, roles] : facts.calls) {
      for (const std::string& role : roles) {
        if (was_denied(context, before, function, role)) continue;
        by_function[function].roles.insert(role);
        by_function[function].tables.insert(policy.first);
      }
    }
  }
  for (const auto& [function, them] : by_function) {
    const std::string name = without_arguments(function);
    findings.add_at(with_word(context, name, {"REVOKE", "CREATE POLICY", "ALTER POLICY"}), name,
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
std::map<std::string, std::string> other_bodies(const RuleContext& context) {
  std::map<std::string, std::string> changed;
  std::vector<std::string> open;
  for (const auto& [object, routine] : context.after.routines) {
    auto was = database_state::with_oid(context.before.routines, routine.oid);
    if (was == context.before.routines.end()) was = context.before.routines.find(object);
    if (was == context.before.routines.end() ||
        squeezed(was->second.body) == squeezed(routine.body))
      continue;
    changed[object] = object;
    open.push_back(object);
  }
  while (!open.empty()) {
    const std::string function = open.back();
    open.pop_back();
    const std::string& name = context.after.routines.at(function).name;
    for (const auto& [object, routine] : context.after.routines) {
      if (changed.contains(object) || !trace::mentions(routine.body, name + "(")) continue;
      changed[object] = changed[function];
      open.push_back(object);
    }
  }
  return changed;
}

void changed(const RuleContext& context, Findings& findings) {
  const std::map<std::string, std::string> bodies = other_bodies(context);
  if (bodies.empty()) return;
  std::map<std::string, std::set<std::string>> tables;
  for (const auto& [policy, facts] : context.after.policies) {
    if (facts_before(context, facts) == nullptr) continue;
    for (const auto& [function, roles] : facts.calls) {
      if (const auto body = bodies.find(function); body != bodies.end())
        tables[body->second].insert(policy.first);
    }
  }
  for (const auto& [function, names] : tables) {
    findings.add(without_arguments(function),
                 fmt::format("The plan changes the body of {}, on which policies of {} depend",
                             function, text::listed(as_list(names))));
  }
}

constexpr std::array rules{
    Rule{"access.policy-function-denied", Severity::danger, Evidence::proved,
         "A policy's functions run as the querying role: without EXECUTE, each of its queries of "
         "the table fails.",
         "GRANT EXECUTE on the function to the roles of the policies that call it.", denied},
    Rule{"access.policy-function-changed", Severity::warning, Evidence::proved,
         "Roles may see and change other rows of the tables as soon as the step commits.",
         "Compare what users see before and after with supabase.as_user; or create a new function, "
         "and ALTER POLICY table by table.",
         changed},
};

}  // namespace

std::span<const Rule> policy_function_rules() { return rules; }

}  // namespace engine::hazard
