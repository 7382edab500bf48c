// Several statements in one round trip, with errors and times exactly attributed.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "db/connection.h"

namespace engine::db {

/// One answered statement of a pipeline.
struct Answer {
  Result result;
  std::chrono::microseconds elapsed{0};  // between the answer before and this one
};

/// Queues statements and sends them together. The first error aborts the rest of the flush: it is
/// thrown by run() with `failed()` telling which command it was; the connection is out of pipeline
/// mode afterwards.
class Pipeline {
 public:
  explicit Pipeline(Connection& connection);

  /// Returns the index of the command in this flush. A flush request follows each one.
  std::size_t add(Command command);
  std::size_t size() const { return commands_.size(); }

  /// Sends everything, waits for every answer, and empties the queue. `answered` is called after
  /// each answer, in order, before the next is read. One round trip whatever the number of
  /// commands.
  std::vector<Answer> run(const std::function<void(std::size_t, const Answer&)>& answered = {});

  /// The command whose error run() threw.
  std::size_t failed() const { return failed_; }

 private:
  Connection& connection_;
  std::vector<Command> commands_;
  std::size_t failed_ = 0;
};

}  // namespace engine::db
