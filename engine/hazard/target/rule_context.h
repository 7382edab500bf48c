// What a plan did on the shadow beside what the target is like: what rules and impacts look at.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "database_state/database_state.h"
#include "hazard/target/probe.h"
#include "hazard/target/production.h"
#include "shadow/clone.h"
#include "trace/trace.h"

namespace engine::hazard {

/// Was it there before the plan, what is locked?
bool was_there(const database_state::DatabaseState& before, const trace::Lock& lock);

/// What rules look at.
struct RuleContext {
  const std::vector<trace::StatementTrace>& statements;
  const shadow::Facts& facts;  // of the target, by quoted name
  const database_state::DatabaseState& before;
  const database_state::DatabaseState& after;  // the plan
  const Production& production;
  const std::vector<Probe>& probes;
  const std::set<std::string>& sampled;  // tables of which not all rows are on the shadow
  const std::map<std::string, std::string>& skipped;  // steps, and why
  const std::set<std::string>& masked;                // tables with other values than the target's

  /// Did it stand before the plan, so that somebody may be using it?
  bool stood(const std::string& relation) const { return before.relation(relation) != nullptr; }
  /// The same of what is locked: an index, say.
  bool stood(const trace::Lock& lock) const { return was_there(before, lock); }
  /// What it was before the plan, whatever its name then; nullptr where the plan made it.
  const catalog::Relation* origin(const catalog::Relation& now) const;
  /// The same of a column, of what `now` was.
  const catalog::Column* origin(const catalog::Relation& was, const catalog::Relation& now,
                                const catalog::Column& column) const;
  /// "about 12,000 rows, 3.4 MB"
  std::string size(const std::string& table) const;
  /// So few rows that a scan or a rewrite is over before anybody waits.
  bool is_small(const std::string& table) const;
  /// The last statement that is about this object, and whose text has that word, as far as the
  /// trace and the text tell; nullptr where none is.
  const trace::StatementTrace* about(const std::string& object, std::string_view word) const;
};

/// The strongest lock that the statement took on a table that others may be using; else one that
/// its transaction has on a table that it names.
const trace::Lock* strongest(const trace::StatementTrace& statement, const RuleContext& context,
                             int at_least);

}  // namespace engine::hazard
