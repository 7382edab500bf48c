// The way of every statement of a plan that is sent outside a transaction, from an SQL block and
// from a function alike. Before one whose outcome the catalog can show, what stands is kept in the
// journal; where the statement was sent before, what it did is found out first.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "runner/step/transactional.h"
#include "sql/recoverable.h"
#include "sql/statement.h"

namespace engine::runner {

class NontransactionalStatements {
 public:
  /// While it lives, functions of the plan send their statements through it too.
  NontransactionalStatements(Context& context, Item& item);
  NontransactionalStatements(const NontransactionalStatements&) = delete;
  NontransactionalStatements& operator=(const NontransactionalStatements&) = delete;
  ~NontransactionalStatements();

  /// Nothing: it had been done before.
  std::optional<db::Result> execute(const sql::Statement& statement, const db::Params& params = {});
  /// The statement that failed last left nothing of itself behind.
  bool left_nothing() const { return left_nothing_; }

  /// A block or a function of the step has been worked off: it is not sent again.
  void piece_done();
  /// Throws where statements of the step left an index INVALID, or a detach pending.
  void refuse_unfinished();

 private:
  db::Result send(const sql::Statement& statement, const db::Params& params);
  std::optional<db::Result> recover(const sql::Recoverable& kind, const sql::Statement& statement,
                                    const db::Params& params);
  void set_lock_timeout(bool waits_long);
  const Intent* sent_before(const Intent& intent) const;
  void keep(const Intent& intent);

  Context& context_;
  Item& item_;
  std::string moment_;
  std::map<std::string, int> sent_;  // how often each text, in this attempt
  bool waits_long_ = false;
  bool left_nothing_ = true;
  bool measured_ = false;  // the statement on its way, by a witness
};

/// What statements of a step that began earlier made and did not finish, a sentence each.
std::vector<std::string> unfinished_of(Context& context, Item& item);

}  // namespace engine::runner
