// Listens to a run on the shadow and keeps what each statement did.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "db/connection.h"
#include "event/event.h"
#include "runner/run_options.h"
#include "trace/observer.h"
#include "trace/trace.h"

namespace engine::trace {

class Tracer {
 public:
  struct CountedTable {
    std::string relation;
    RowCounts counts;
  };
  using Counted = std::map<std::uint32_t, CountedTable>;  // by OID: a table may be renamed

  /// The event triggers of queries/tripwires.sql.
  static void install(const db::Target& shadow);
  /// From now on sessions with that database tell what the server tells only at debug1: scans,
  /// validations, index builds, and the files that it sorts in.
  static void make_talk(db::Connection& connection, const std::string& database);

  /// Of the session that a run works with.
  Tracer(const db::Target& shadow, db::Connection& works, std::string journal);

  /// Every event of the run. True where it is for the tracer alone, and nobody else's.
  bool hear(const event::Event& event);
  /// RunEnvironment::traced.
  void look(db::Connection& works, const runner::Traced& whose);
  /// The statements in order, once the run has ended.
  std::vector<StatementTrace> finish();

 private:
  using Clock = std::chrono::steady_clock;
  struct Standing {
    std::size_t statement = 0;  // that took it
    std::size_t lock = 0;
    Clock::time_point since;
  };

  void end_step(const event::StepFinished& step);
  void keep(StatementTrace statement);
  void add_locks(StatementTrace& statement, const Observer::Sample& sample, bool in_transaction);
  /// Gives the session's search_path.
  std::vector<std::string> add_session(StatementTrace& statement, db::Connection& works);
  void add_sizes(StatementTrace& statement, Observer::Sample& sample);
  void hear_debug(const std::string& message);
  void end_transaction();
  bool hear_notice(const event::NoticeSeen& notice);

  Observer observer_;
  std::string journal_;
  std::vector<StatementTrace> statements_;
  StatementTrace pending_;
  bool told_ = false;          // pending_ has its statement
  Observer::Held told_locks_;  // by event triggers, since the last look
  std::string transaction_;
  Observer::Held known_;  // modes that this transaction was seen with
  std::vector<Standing> standing_;
  Counted counted_;  // until the last look
  std::int64_t wal_ = 0, bytes_ = 0;
  Clock::time_point began_;  // this transaction
  Clock::time_point last_look_ = Clock::now();
};

}  // namespace engine::trace
