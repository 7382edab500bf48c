// What a statement outside a transaction did before it was cut off, found in the catalog; and what
// it left behind there, repaired before it is sent again.
#pragma once

#include <string>
#include <vector>

#include "runner/step/index_catalog.h"
#include "runner/step/transactional.h"
#include "sql/recoverable.h"

namespace engine::runner {

/// A statement that is about to be sent.
struct Prepared {
  Intent intent;        // what it is to change, as that stands now
  bool done = false;    // it has happened: nothing to send
  std::string instead;  // send this; "": the statement as it is
};

class IndexRepair {
 public:
  /// The item has its history.
  IndexRepair(Context& context, const Item& item)
      : context_(context), item_(item), history_(*item.history) {}

  /// `before`: what was kept of the same statement when it was sent before; nullptr where it was
  /// not. Drops what an earlier attempt left INVALID. Throws Error{refused} where another session
  /// works on it, and where it cannot be decided what the statement did.
  Prepared prepare(const sql::Recoverable& statement, const std::string& text,
                   const Intent* before);

 private:
  db::Connection& connection() { return context_.link.connection(); }
  Prepared prepare_create(const sql::CreateIndex& create, const std::string& text,
                          const Intent* before);
  Prepared prepare_drop(const sql::DropIndex& drop, const Intent* before);
  Prepared prepare_reindex(const sql::ReindexConcurrently& reindex);
  Prepared prepare_detach(const sql::DetachConcurrently& detach, const Intent* before);
  void refuse_standing_invalid(const sql::CreateIndex& create, const std::string& text,
                               const TableNow& table);
  std::vector<IndexNow> same_definition(const std::string& create, const TableNow& table,
                                        const std::vector<IndexNow>& indexes);
  void drop(const IndexNow& index, const std::string& why);
  void note(const std::string& text) { context_.session.note(text); }

  Context& context_;
  const Item& item_;
  const History& history_;
};

/// Outside a transaction, with a note. `why` follows the index's name. Throws Error{refused} where
/// another session builds it, and where this role may not drop it.
void drop_invalid(Context& context, const IndexNow& index, const std::string& why);

/// What REINDEX CONCURRENTLY of a step left INVALID when it was cut off; no rollback of a plan
/// names those indexes.
void drop_left_by_reindex(Context& context, const History& history);

}  // namespace engine::runner
