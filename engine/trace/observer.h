// A second session with the shadow that watches the locks of the first.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "trace/trace.h"

namespace engine::trace {

struct VisibleRelation {
  std::string name;   // quoted as SQL wants it
  std::string table;  // of an index; else its name
  char kind = 'r';
};

class Observer {
 public:
  using Held = std::set<std::pair<std::uint32_t, std::string>>;  // OID of the relation, mode

  struct Sample {
    Held now;   // held at this moment
    Held seen;  // held at any moment since the sample before, as far as asking can tell
    std::set<std::uint32_t> waited;  // for a lock on these
    std::vector<Phase> phases;       // since the sample before, in their order
    std::int64_t bytes = 0;          // of the database's files
    /// What others saw before, or see now.
    std::map<std::uint32_t, VisibleRelation> relations;
  };

  /// `journal` is the schema whose locks are the engine's own.
  Observer(const db::Target& shadow, int backend_pid, std::string journal);
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  ~Observer();

  Sample take();

 private:
  using Clock = std::chrono::steady_clock;
  struct Look {
    Held held;
    std::set<std::uint32_t> waited;
    std::string phase;
  };

  Look look(db::Connection& connection) const;
  void keep(Look look);
  void read_relations();
  void watch(db::Connection connection);

  db::Connection connection_;
  std::string pid_;
  std::string journal_;
  std::map<std::uint32_t, VisibleRelation> relations_;
  // Of a look and what is kept of it: one that is on its way would tell the next sample of locks
  // that have been given back since.
  std::mutex mutex_;
  Sample since_;  // the sample before; its `now` and `relations` are not used
  std::string phase_;
  Clock::time_point phase_began_;
  std::atomic<bool> ends_ = false;
  std::thread watcher_;
};

}  // namespace engine::trace
