// What rules of access ask of who may do what.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "hazard/rules/rule_words.h"

namespace engine::hazard {

/// As access names it: "table public.t".
std::string object_of(const catalog::Relation& relation);

using HeldRight =
    std::function<void(const database_state::Right& right, const database_state::Extent& extent)>;
/// The rights on an object.
void each_right(const database_state::Access& access, const std::string& object,
                const HeldRight& call);

/// How far it goes; one that goes nowhere where there is none.
const database_state::Extent& extent_of(const database_state::Access& access,
                                        const database_state::Right& right);

/// Roles by what they may: told as "anon and app may SELECT and INSERT".
class Held {
 public:
  void add(const std::string& role, const std::string& privilege) {
    by_role_[role].push_back(privilege);
  }
  bool empty() const { return by_role_.empty(); }
  /// `may`: "may", "may no longer".
  std::string told(std::string_view may) const;

 private:
  std::map<std::string, std::vector<std::string>> by_role_;
};

/// Objects of which the same is to be said are told together.
class Alike {
 public:
  struct Objects {
    std::vector<std::string> names;  // for people
    const trace::StatementTrace* statement = nullptr;
    std::string first;  // quoted
  };
  void add(const std::string& words, event::Severity severity, const std::string& quoted,
           const std::string& name, const trace::StatementTrace* statement);
  /// "public.a, public.b and 3 more"
  static std::string listed(const std::vector<std::string>& names, std::size_t at_most = 20);

  /// By severity, words and statement.
  const std::map<std::tuple<event::Severity, std::string, const trace::StatementTrace*>, Objects>&
  all() const {
    return all_;
  }

 private:
  std::map<std::tuple<event::Severity, std::string, const trace::StatementTrace*>, Objects> all_;
};

/// The last statement that has one of these words and names the object, or all of a schema; else
/// the one that is about it.
const trace::StatementTrace* with_word(const RuleContext& context, const std::string& object,
                                       const std::vector<std::string>& words);

}  // namespace engine::hazard
