// Functions and procedures, to be followed under another name.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "db/connection.h"

namespace engine::database_state {

struct Routine {
  std::int64_t oid = 0;
  std::string name;      // without schema and arguments, not quoted
  std::string body;      // what it does, without its attributes
  bool is_text = true;   // the body: what it names is not followed
  bool trigger = false;  // that only triggers call
};

/// By their names in a picture: "function public.f(integer)".
using Routines = std::map<std::string, Routine>;

/// `journal`: the engine's own schema, which is left out; so is what extensions brought.
Routines read_routines(db::Connection& connection, const std::string& journal);

/// The one with this OID; end() where there is none.
Routines::const_iterator with_oid(const Routines& routines, std::int64_t oid);

}  // namespace engine::database_state
