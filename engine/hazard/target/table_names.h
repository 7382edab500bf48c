// Which table a name means while the plan runs: a plan renames tables and makes others of their
// names.
#pragma once

#include <string>
#include <vector>

#include "database_state/database_state.h"
#include "trace/trace.h"

namespace engine::hazard {

/// By the renames that statements say; those inside functions and blocks are not known.
class TableNames {
 public:
  TableNames(const database_state::DatabaseState& before,
             const database_state::DatabaseState& after,
             const std::vector<trace::StatementTrace>& statements);

  /// The table that a name means at a statement, as it is after the plan; nullptr where it is gone.
  const catalog::Relation* afterwards(std::size_t statement, const QualifiedName& name) const;
  /// By its quoted name.
  const catalog::Relation* afterwards(std::size_t statement, const std::string& quoted) const;
  /// As it was before the plan; nullptr where the plan made it.
  const catalog::Relation* before(std::size_t statement, const QualifiedName& name) const;
  const catalog::Relation* before(std::size_t statement, const std::string& quoted) const;

 private:
  struct Renamed {
    std::size_t statement;
    std::string from, to;  // without their schema
  };

  const database_state::DatabaseState& before_;
  const database_state::DatabaseState& after_;
  std::vector<Renamed> renamed_;
  std::vector<std::pair<std::size_t, std::string>> made_;  // at a statement, without the schema
};

}  // namespace engine::hazard
