// What a plan did on the shadow beside what the target is like: what rules and impacts look at.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "preview/picture/picture.h"
#include "preview/shadow/clone.h"
#include "preview/target/probe.h"
#include "preview/target/production.h"
#include "preview/trace/trace.h"

namespace engine::preview {

/// Was it there before the plan, what is locked?
bool was_there(const Picture& before, const Lock& lock);

/// What rules look at.
struct Scene {
  const std::vector<StatementTrace>& statements;
  const Facts& facts;  // of the target, by quoted name
  const Picture& before;
  const Picture& after;  // the plan
  const Production& production;
  const std::vector<Probe>& probes;
  const std::set<std::string>& sampled;  // tables of which not all rows are on the shadow
  const std::map<std::string, std::string>& skipped;  // steps, and why
  const std::set<std::string>& masked;                // tables with other values than the target's

  /// Did it stand before the plan, so that somebody may be using it?
  bool stood(const std::string& relation) const { return before.relation(relation) != nullptr; }
  /// The same of what is locked: an index, say.
  bool stood(const Lock& lock) const { return was_there(before, lock); }
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
  const StatementTrace* about(const std::string& object, std::string_view word) const;
};

/// The strongest lock that the statement took on a table that others may be using; else one that
/// its transaction has on a table that it names.
const Lock* strongest(const StatementTrace& statement, const Scene& scene, int at_least);

}  // namespace engine::preview
