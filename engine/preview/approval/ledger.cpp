#include "preview/approval/ledger.h"

namespace engine::preview {

void Ledger::finishes(db::Connection& works, const runner::Finishing& work) {
  ApprovedStep step;
  step.in_transaction = work.in_transaction;
  step.all_rows = work.rows;
  if (work.in_transaction) {
    Measured measured = measure_.finish(works, watches_);
    step.locks = std::move(measured.locks);
    step.rows = std::move(measured.rows);
  }
  for (const std::string& id : work.steps) approval_.steps[id] = step;
}

}  // namespace engine::preview
