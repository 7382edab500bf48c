// One step after another: asked, tried, tried again, recorded, told.
#pragma once

#include <optional>
#include <vector>

#include "runner/step/retry.h"
#include "runner/step/transactional.h"

namespace engine::runner {

class Performer {
 public:
  explicit Performer(Context& context) : context_(context) {}

  /// A step, or all steps of an atomic unit. When it returns, they have committed and it has been
  /// told. What goes wrong is journaled and told, then thrown.
  void perform(std::vector<Item> unit);

 private:
  bool tried(std::vector<Item>& unit);
  void attempt(std::vector<Item>& unit);
  void attempt_alone(Item& item);
  void attempt_manual(Item& item);
  void skip(Item& item, const std::string& reason);
  /// False where the step is skipped, and recorded as such.
  bool is_open(Item& item);
  bool is_whole(Item& item, Reading& reading);
  bool is_due(const Job& job);
  void ask_confirms(std::vector<Item>& unit);
  void recover(std::vector<Item>& unit, const Error& error);
  bool committed_after_all(std::vector<Item>& unit);
  void finish(const Item& item);
  void fail(std::vector<Item>& unit, Error& error);
  void record_failure(Item& item, const Error& error, StepEvent what, bool outcome_known);

  Context& context_;
  std::size_t current_ = 0;
  int losses_ = 0;
  std::optional<Error> lost_;       // the connection, and it was not taken up again yet
  bool committed_unknown_ = false;  // since a connection was lost, until the journal was read
  RetryBudget* budget_ = nullptr;
};

/// The plan's hint for an error: the step's by SQLSTATE, then the plan's; else what the error has.
void add_hint(Error& error, const plan::Plan& plan, const Job& job);

}  // namespace engine::runner
