// The shadow at one moment: its schema, its rows, and who may do what.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/relation.h"
#include "database_state/access.h"
#include "database_state/policies.h"
#include "database_state/publications.h"
#include "database_state/routines.h"
#include "database_state/value_types.h"
#include "db/connection.h"
#include "event/event.h"

namespace engine::database_state {

/// A column that takes its numbers from a sequence.
struct Numbered {
  std::string table, column;
  std::string highest;  // in that column; "": nothing, or it is no number
  bool key = false;     // it takes part in a key
  bool owner = false;   // the sequence goes with it
  bool behind = false;  // the sequence's next number is there already
};

struct SequenceState {
  std::string value;  // the last that was given out; "": none
  std::string start;  // the first that it gives
  std::vector<Numbered> columns;
};

struct DatabaseState {
  std::vector<catalog::Relation> relations;
  std::map<std::string, std::string>
      objects;                              // all others: "function public.f(integer)": definition
  std::map<std::string, std::string> rows;  // table: count and checksum
  std::map<std::string, std::string>
      placed_rows;                             // table: the same, whatever its columns are called
  std::map<std::string, std::int64_t> counts;  // table: rows
  /// By table, hashes of the primary keys of its first rows: enough to see whether they are the
  /// same.
  std::map<std::string, std::set<std::string>> keys;
  std::map<std::string, SequenceState> sequences;  // no part of a difference: rollbacks leave them
  std::map<std::string, std::map<std::string, int>> numbers;  // of columns, which names may leave
  ValueTypes types;                                           // the same, said otherwise in objects
  Access access;
  Policies policies;  // of tables here; no part of a difference, nor are these:
  Routines routines;
  Publications publications;

  std::map<std::string, std::size_t> positions;  // of `relations`, by quoted name

  const catalog::Relation* relation(const std::string& quoted) const;
  /// The partitioned table that it is a partition of, at any depth; else itself.
  std::string root(const std::string& table) const;
};

/// `journal`: the engine's own schema, which is no part of it. The schema alone: relations and
/// objects, printed with nothing on the search_path, which is given back.
DatabaseState take_schema(db::Connection& connection, const std::string& journal);
/// All of it. What the session does from then on is not counted in the server's statistics.
DatabaseState read_database_state(db::Connection& connection, const std::string& journal);

/// What changed, as events: schema, rows and access.
std::vector<event::Difference> differences(const DatabaseState& before, const DatabaseState& after);

/// What it was before, whatever its name then; nullptr where it is new. Copies of a database keep
/// the OIDs.
const catalog::Relation* origin_of(const DatabaseState& before, const catalog::Relation& now);
/// The same of a column, of what `now` was.
const catalog::Column* origin_of(const DatabaseState& before, const DatabaseState& after,
                                 const catalog::Relation& was, const catalog::Relation& now,
                                 const catalog::Column& column);

bool is_table(const catalog::Relation& relation);
/// By its name in a picture: "function public.f(integer)".
bool is_function(const std::string& object);

}  // namespace engine::database_state
