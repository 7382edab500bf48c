// Asks a server to cancel what a session runs. Private to db.
#pragma once

#include <libpq-fe.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace engine::db {

/// PQcancel opens a connection of its own and blocks for as long as the network pleases, so it is
/// called on a thread that nobody waits for. It outlives the session.
class Canceller : public std::enable_shared_from_this<Canceller> {
 public:
  explicit Canceller(PGconn* handle);

  /// Nothing where the cancel before this one is still on its way.
  void ask();

  /// The statements that may be cancelled: a cancel that is on its way when they end is waited for
  /// a moment, so that it does not hit what comes after them.
  class Scope {
   public:
    explicit Scope(Canceller& canceller) : canceller_(canceller) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { canceller_.settle(); }

   private:
    Canceller& canceller_;
  };

 private:
  void settle();

  std::shared_ptr<PGcancel> cancel_;
  std::mutex mutex_;
  std::condition_variable done_;
  bool asking_ = false;
};

}  // namespace engine::db
