// Statements that wait to travel together. Promise 9 rests on this: BEGIN, the epoch check, the
// settings and the work of a step go in one flush, its journal rows and COMMIT in another, and a
// plan's function that needs the connection causes the flush of what stands before it.
#pragma once

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "db/pipeline.h"
#include "plan/plan.h"

namespace engine::runner {

class StatementBatch {
 public:
  using Answered = std::function<void(const db::Answer&)>;
  using Traced = std::function<void(db::Connection&)>;

  explicit StatementBatch(db::Connection& connection) : connection_(connection) {}

  /// A statement of the engine's own. `judge` sees the answer after the whole flush has been read,
  /// and may throw.
  void add(db::Command command, Answered judge = {});
  /// Transaction control, or a setting: it stays in force for what the plan does next.
  void add_control(std::string sql, Answered judge = {}) {
    add({std::move(sql), {}, db::Lookup::session}, std::move(judge));
  }

  /// One whose error is the plan's: `blame` says it in the plan's words.
  using Blamed = std::function<Error(const Error&)>;
  void add_blamed(std::string sql, Blamed blame);

  /// A statement of the plan. `told` is called as its answer arrives; an error names the plan's
  /// line.
  void add(const plan::SqlBlock& block, const sql::Statement& statement, Answered told);

  /// From now on statements of the plan travel one at a time, and `traced` is called after each,
  /// with the session as that statement left it.
  void trace_with(Traced traced) { traced_ = std::move(traced); }
  /// For those that did not travel in here.
  void trace() {
    if (traced_) traced_(connection_);
  }

  bool empty() const { return items_.empty(); }
  /// Does a statement of the plan wait here?
  bool has_work() const;

  /// One round trip (traced: one a statement); none where nothing waits. Throws the first error,
  /// after which nothing waits any more.
  void flush();
  void forget() { items_.clear(); }

 private:
  struct Item {
    db::Command command;
    Answered judge;
    Answered told;
    const plan::SqlBlock* block = nullptr;
    const sql::Statement* statement = nullptr;
    Blamed blame = {};
  };

  std::vector<db::Answer> send(std::span<const Item> items);

  db::Connection& connection_;
  Traced traced_;
  std::vector<Item> items_;
};

/// The plan's line of a statement.
Source source_of(const plan::SqlBlock& block, const sql::Statement& statement);

}  // namespace engine::runner
