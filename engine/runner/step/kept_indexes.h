// What a rollback leaves of indexes: those that stood before its step began outside a transaction,
// and what a step that was cut off had not come to.
#pragma once

#include <string>
#include <vector>

#include "runner/session/context.h"
#include "runner/step/intent.h"
#include "sql/recoverable.h"

namespace engine::runner {

class KeptIndexes {
 public:
  /// `history`: of the step, as it ran. `partly`: it may have been cut off half-way.
  KeptIndexes(Context& context, History history, bool partly)
      : context_(context), history_(std::move(history)), partly_(partly) {}

  /// DROP INDEX without those, which are told; "" where it dropped no other, and for a CREATE INDEX
  /// of an index that the step did not come to drop. Any other statement as it is.
  std::string left_of(const sql::Statement& statement);

 private:
  std::string left_of(const sql::DropIndex& drop, const sql::Statement& statement);
  bool stands(const sql::CreateIndex& create, const std::string& text);
  bool stood(Oid index);

  Context& context_;
  History history_;
  bool partly_;
};

}  // namespace engine::runner
