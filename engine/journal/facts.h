// What the server says about this journal before anything of it is read, and what follows from it.
#pragma once

#include <optional>
#include <string>

#include "db/connection.h"
#include "journal/records.h"

namespace engine::journal {

/// What the server says before anything of the journal is read.
struct Facts {
  bool writable_server = true, standby = false;
  bool may_create = false;
  bool schema_there = false, owns_schema = false, schema_empty = true, may_create_in_schema = false;
  bool in_search_path = false;
  bool installed = false;
  bool may_use = false, may_select = false, may_insert = false, may_update = false;  // of it
  std::string database, role, owner;
  Server server;
  std::optional<int> version;
};

/// The facts and the version in one round trip; two where the role may not execute
/// pg_control_system(), which leaves the system identifier empty.
Facts read_facts(db::Connection& connection, const std::string& schema);

/// Throws Error{usage} for what cannot be a schema's name. The name stands in scripts and messages:
/// a plain one needs no quotes anywhere.
void check_schema_name(const std::string& schema);
/// Throws Error{refused} where the journal that stands is another role's or a newer engine's.
void check_access(const Facts& facts, const std::string& schema, bool read_only);
/// Throws Error{refused} where the server is read only.
void check_writable(const Facts& facts);
/// Throws Error{refused} where bare names of a plan could mean the journal.
void check_search_path(const Facts& facts, const std::string& schema);
/// Throws Error{refused} where the schema cannot be made, or not be upgraded, by this role.
void check_installation(const Facts& facts, const std::string& schema);

}  // namespace engine::journal
