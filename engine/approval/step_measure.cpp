#include "approval/step_measure.h"

#include <utility>

namespace engine::approval {

std::shared_ptr<const database_state::DatabaseState> StepMeasure::read(
    db::Connection& works) const {
  // That of the plan is for its own statements.
  if (works.status() == db::TransactionStatus::in_transaction)
    works.query("SELECT pg_catalog.set_config('statement_timeout', '0', true) AS engine_setting");
  return std::make_shared<const database_state::DatabaseState>(
      database_state::take_schema(works, journal_));
}

const database_state::DatabaseState& StepMeasure::begin(db::Connection& works) {
  before_ = now_ = read(works);
  return *now_;
}

Measured StepMeasure::finish(db::Connection& works, db::Connection& watches,
                             const std::string& unit) {
  Measured measured = measure_.finish(works, watches);
  if (unit.empty() || unit != unit_) before_ = now_;
  unit_ = unit;
  now_ = measured.catalog ? read(works) : before_;
  if (measured.catalog) measured.schema = schema_changes(*before_, *now_);
  return measured;
}

Measured StepMeasure::after(db::Connection& works) {
  Measured measured;
  measured.rewritten = files_.rewritten(works);
  before_ = std::exchange(now_, read(works));
  unit_.clear();
  measured.schema = schema_changes(*before_, *now_);
  return measured;
}

}  // namespace engine::approval
