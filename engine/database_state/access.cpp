#include "database_state/access.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "catalog/definition.h"
#include "database_state/queries.h"

namespace engine::database_state {
namespace {

using catalog::Policy;
using catalog::Relation;

constexpr std::string_view by_policy = "rows by policy";

/// Which way it went.
struct Turn {
  bool wider = false, narrower = false;

  void to(int was, int is) {
    wider = wider || is > was;
    narrower = narrower || is < was;
  }
  std::string mark() const { return wider == narrower ? "changed" : wider ? "opened" : "closed"; }
};

/// Permissive policies add up, restrictive ones cut off. What another condition lets through nobody
/// can say.
void turn_by_policies(Turn& turn, const Extent& was, const Relation* before, const Extent& is,
                      const Relation* after) {
  if (before == nullptr || after == nullptr) return;
  const auto of = [](const Relation& table, const std::vector<std::string>& names) {
    std::map<std::string, const Policy*> policies;
    for (const std::string& name : names) {
      if (const Policy* policy = table.policy(name)) policies[name] = policy;
    }
    return policies;
  };
  const auto had = of(*before, was.policies), has = of(*after, is.policies);
  for (const auto& [name, policy] : had) {
    const auto now = has.find(name);
    if (now == has.end()) {
      turn.to(policy->permissive ? 1 : 0, policy->permissive ? 0 : 1);
    } else if (policy->permissive != now->second->permissive ||
               policy->using_expression != now->second->using_expression ||
               policy->check_expression != now->second->check_expression) {
      turn = {true, true};
    }
  }
  for (const auto& [name, policy] : has) {
    if (!had.contains(name)) turn.to(policy->permissive ? 0 : 1, policy->permissive ? 1 : 0);
  }
}

void turn_by_columns(Turn& turn, const Extent& was, const Extent& is) {
  if (was.columns == is.columns) return;
  const std::set<std::string> had{was.columns.begin(), was.columns.end()};
  const std::set<std::string> has{is.columns.begin(), is.columns.end()};
  const auto holds = [](const std::set<std::string>& all, const std::set<std::string>& some) {
    return all.empty() ||
           (!some.empty() && std::includes(all.begin(), all.end(), some.begin(), some.end()));
  };
  turn.wider = turn.wider || !holds(had, has);
  turn.narrower = turn.narrower || !holds(has, had);
}

/// Why it is every row is no matter.
bool is_whole(const Extent& extent) {
  return extent.what.starts_with("every row") && extent.columns.empty();
}

}  // namespace

std::string Extent::told() const {
  std::string words = what;
  if (what == by_policy && !policies.empty()) words += " " + text::joined(policies, ", ");
  if (!columns.empty()) words += " of columns " + text::joined(columns, ", ");
  return words;
}

Access read_access(db::Connection& connection, const std::string& journal) {
  const db::Result rows = connection.query(query("access"), {journal});
  Access access;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Extent extent{rows.text(row, "extent"), {}, text::lines(rows.at(row, "columns").value_or(""))};
    if (extent.what == by_policy) extent.policies = text::lines(rows.text(row, "policies"));
    access.emplace(
        Right{rows.text(row, "object"), rows.text(row, "role"), rows.text(row, "privilege")},
        std::move(extent));
  }
  return access;
}

int breadth(const Extent& extent) {
  const std::string& what = extent.what;
  if (what.empty() || what == "no row" || what.starts_with("as the caller, who")) return 0;
  if (what == by_policy) return 1;
  return what == "as the caller" ? 2 : what == "as its owner" ? 4 : 3;
}

std::vector<event::Difference> differences(const Access& before, const TableOf& table_before,
                                           const Access& after, const TableOf& table_after) {
  std::vector<event::Difference> found;
  const Extent none;
  const auto compare = [&](const Right& right, const Extent& was, const Extent& is) {
    Turn turn;
    turn.to(breadth(was), breadth(is));
    std::string now = is.told();
    if (was.what == by_policy && is.what == by_policy) {
      turn_by_policies(turn, was, table_before(right.object), is, table_after(right.object));
      if ((turn.wider || turn.narrower) && was.told() == now) now += ", which changed";
    }
    if (!was.what.empty() && !is.what.empty()) turn_by_columns(turn, was, is);
    if (was.told() == now || (is_whole(was) && is_whole(is))) return;
    found.push_back({"access",
                     right.object,
                     turn.mark(),
                     was.told(),
                     std::move(now),
                     {},
                     right.role,
                     right.privilege});
  };
  for (const auto& [right, was] : before) {
    const auto now = after.find(right);
    compare(right, was, now == after.end() ? none : now->second);
  }
  for (const auto& [right, is] : after) {
    if (!before.contains(right)) compare(right, none, is);
  }
  return found;
}

}  // namespace engine::database_state
