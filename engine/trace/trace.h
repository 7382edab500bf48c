// What the statements of a plan did on the shadow, as data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace engine::trace {

/// A lock on something that other sessions see: what was made in the same transaction is not here.
struct Lock {
  std::string relation;      // qualified and quoted as SQL wants it
  std::string table;         // of an index; else the relation
  char kind = 'r';           // as in relkind
  std::string mode;          // "AccessExclusiveLock"
  bool transient = false;    // given back before the statement ended
  bool waited = false;       // seen waiting for it
  std::int64_t held_ms = 0;  // on the shadow: to the end of its transaction
};

struct RowCounts {
  std::int64_t inserted = 0, updated = 0, deleted = 0;
  std::int64_t scans = 0, scanned = 0;  // sequential scans, and the rows they read
  std::int64_t index_scans = 0;
};

/// What an event trigger told: a command, an object dropped or taken along, a rewrite.
struct Nested {
  std::string event;  // command, dropped, taken, rewrite
  std::string tag, type, object;
  int reason = 0;        // of a rewrite, as PostgreSQL gives it
  bool cascade = false;  // taken only because of CASCADE
};

/// The server's own, as a person would see it.
struct ServerNotice {
  std::string severity, sqlstate, message;
};

/// What a statement that goes through phases was doing, as it told itself: CONCURRENTLY, CLUSTER.
struct Phase {
  std::string name;  // "building index: scanning table"
  std::int64_t ms = 0;
};

struct StatementTrace {
  std::string step, file;
  int line = 0;
  std::string sql, tag;
  bool taken_back = false;  // of a check or a test
  bool decides = false;     // what a `when` or a `done` read
  std::int64_t ms = 0;
  std::int64_t from_ms = 0;  // since its transaction's first statement began
  std::int64_t wal_bytes = 0;
  std::int64_t temp_bytes = 0;   // of files for sorting and hashing
  std::int64_t grown_bytes = 0;  // of the database, old copies not yet removed
  std::string transaction;       // its start: equal for statements of one transaction
  bool alone = false;            // outside a transaction block
  std::int64_t lock_timeout_ms = -1, statement_timeout_ms = -1;  // in force; 0: none, -1: not known
  std::vector<Lock> locks;  // new ones: a mode that the transaction did not hold on it before
  std::map<std::string, RowCounts> rows;
  std::vector<Nested> nested;
  std::vector<std::string> verified;   // tables scanned to prove a constraint
  std::vector<std::string> validated;  // foreign keys checked against all rows
  std::vector<std::string> proved;     // what constraints that stand made needless to scan for
  std::vector<std::string> built;      // indexes built
  std::vector<std::string> built_on;   // the table of each, without its schema
  std::vector<Phase> phases;
  std::vector<ServerNotice> notices;
};

/// Whom a lock mode keeps waiting: reads, writes, and the DDL that takes such a lock itself.
std::vector<std::string> blocked_by(const std::string& mode);
/// The modes from AccessShareLock (1) to AccessExclusiveLock (8).
int strength(const std::string& mode);
/// "ACCESS EXCLUSIVE" of "AccessExclusiveLock".
std::string spoken(const std::string& mode);
/// Why a table was written anew, by the bits that PostgreSQL gives.
std::string reason_of_rewrite(int bits);

}  // namespace engine::trace
