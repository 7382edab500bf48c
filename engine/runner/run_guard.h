// Who looks at a run from outside: a preview that measures it, an approval that it is held to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "event/prompter.h"
#include "plan/late_file.h"
#include "runner/session/inputs.h"
#include "runner/session/questions.h"
#include "sql/statement.h"

namespace engine::runner {

/// A run that is about to change something.
struct Beginning {
  const Inputs& inputs;  // with their values
  const Questions& questions;
  bool continued;  // it began earlier, with this witness: the journal says so
};

/// Work that is done and not yet recorded.
struct Finishing {
  std::vector<std::string> steps;    // ids; more than one: an atomic unit
  bool in_transaction;               // its locks are held, and nothing of it has committed
  std::optional<std::int64_t> rows;  // written, as far as they were counted
  bool partly = false;               // earlier attempts did a part, whose rows are not counted
};

/// Looks on while work goes on outside a transaction.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// Throws where the work must not go on. What it stopped on the server has ended then.
  virtual void check() = 0;
};

class RunGuard {
 public:
  virtual ~RunGuard() = default;

  /// Under which the journal keeps that the run began with it; "" : it keeps nothing.
  virtual std::string name() const = 0;
  /// No transaction is open, the run lock is held, and nothing has been changed. Refuses by
  /// throwing.
  virtual void begins(db::Connection& works, const Beginning& run) = 0;
  /// A step is about to send its first statement; refuses by throwing.
  virtual void allow(const std::string& step) = 0;
  /// A step is about to be passed over, for that reason; refuses by throwing.
  virtual void allow_skip(const std::string& step, const std::string& reason) = 0;
  /// A function of a step asked; refuses by throwing. Nothing of the step was sent.
  virtual void answered(const std::string& step, const event::Ask& ask,
                        const std::string& answer) = 0;
  /// Code of a step is about to use a file that the step's checksum does not cover; refuses by
  /// throwing.
  virtual void uses(const std::string& step, const plan::LateFile& file) = 0;
  /// For as long as the step works outside a transaction; nullptr: nobody looks on.
  virtual std::unique_ptr<RunObserver> watch(db::Connection& works, const std::string& step) = 0;
  /// A statement of a step outside a transaction is about to be sent; refuses by throwing. True: it
  /// is made a transaction, with starting() and started(), so that executed() sees what it did
  /// before it commits.
  virtual bool sends(db::Connection& works, const std::string& step,
                     const sql::Statement& statement) = 0;
  /// That was not possible, since it ends transactions itself: it is sent without.
  virtual void ends_transactions(db::Connection& works, const std::string& step,
                                 const sql::Statement& statement) = 0;
  /// It has been executed. What this throws rolls its transaction back, where it is one; `stands`:
  /// it is none.
  virtual void executed(db::Connection& works, const std::string& step,
                        const sql::Statement& statement, bool stands) = 0;
  /// Travels with BEGIN of every transaction that steps work in; started() gets its answer.
  virtual db::Command starting() const = 0;
  virtual void started(const db::Result& answer) = 0;
  /// Within the transaction that records it: what this throws rolls that back.
  virtual void finishes(db::Connection& works, const Finishing& work) = 0;
};

}  // namespace engine::runner
