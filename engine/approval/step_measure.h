// What the steps of a run do, in transactions and outside: the same on the shadow, where it is
// approved, and on the target, where it is held to that.
#pragma once

#include <memory>
#include <string>

#include "approval/measure.h"
#include "database_state/database_state.h"

namespace engine::approval {

class StepMeasure {
 public:
  explicit StepMeasure(std::string journal)
      : journal_(journal), measure_(journal), files_(std::move(journal)) {}

  /// Reads the schema that the run begins with, and gives it.
  const database_state::DatabaseState& begin(db::Connection& works);

  db::Command starting() const { return measure_.starting(); }
  void started(const db::Result& answer) { measure_.started(answer); }
  /// At the end of a transaction. `unit`: of what it is, so that one that is tried again is
  /// measured from where it began; "": it is measured from the last.
  Measured finish(db::Connection& works, db::Connection& watches, const std::string& unit);

  /// Around statements that are no transaction of the engine's: only what stands is seen.
  void before(db::Connection& works) { files_.look(works); }
  Measured after(db::Connection& works);

 private:
  std::shared_ptr<const database_state::DatabaseState> read(db::Connection& works) const;

  std::string journal_;
  Measure measure_;
  TableFiles files_;
  std::shared_ptr<const database_state::DatabaseState> before_, now_;
  std::string unit_;
};

}  // namespace engine::approval
