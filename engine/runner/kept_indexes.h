// The indexes that a rollback leaves: those that stood before its step began outside a transaction.
#pragma once

#include <string>
#include <vector>

#include "runner/context.h"
#include "runner/intent.h"

namespace engine::runner {

class KeptIndexes {
 public:
  /// `history`: of the step, as it ran.
  KeptIndexes(Context& context, History history)
      : context_(context), history_(std::move(history)) {}

  /// DROP INDEX without those, which are told; "" where it dropped no other. Any other statement as
  /// it is.
  std::string without_them(const sql::Statement& statement);

 private:
  bool stood(Oid index);

  Context& context_;
  History history_;
};

}  // namespace engine::runner
