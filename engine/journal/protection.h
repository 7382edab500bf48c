// The mark of a production database, in the database itself.
//
// It is a line of the comment on the journal's schema: every role can read it, without a right on
// the journal and without running code of others; the schema's owner alone can change it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "journal/records.h"

namespace engine::journal {

struct Mark {
  std::string name;    // that a command which changes the database wants typed
  Server server;       // the database that was marked
  std::string by, at;  // the role, and the server's time
  std::string schema;  // of the journal that has it
};

struct Protection {
  std::string database;      // its name
  Server server;             // which database answers; its identifier may be unknown
  std::vector<Mark> marks;   // of this database
  std::vector<Mark> others;  // that came with a copy: they name another server or database

  bool marked() const { return !marks.empty(); }
};

/// In one round trip. The system identifier is "" where the role may not execute
/// pg_control_system(); a mark whose server cannot be compared counts as one of this database.
Protection read_protection(db::Connection& connection);
/// The same, and the answer to a query of the caller's in that round trip.
std::pair<db::Result, Protection> read_with_protection(db::Connection& connection,
                                                       const db::Command& query);

/// Marks this database in the journal that lies in `schema`, which is made where it is missing.
/// Throws Error{refused} where the role does not own it.
void protect(db::Connection& connection, const std::string& schema, const std::string& name);

/// Removes every mark, those of other servers too. Throws Error{refused} where the role does not
/// own the schema of one.
void unprotect(db::Connection& connection);

}  // namespace engine::journal
