// Policies beyond their text: what their conditions stand on.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "db/connection.h"

namespace engine::database_state {

struct PolicyFacts {
  std::int64_t oid = 0;
  std::string tree;  // the conditions as the server keeps them: renames leave them as they are
  bool names_column = true;  // of its own table; a whole row is none
  /// "function private.mine()": quoted roles that the policy is for and that may not execute it.
  std::map<std::string, std::set<std::string>> calls;
};

/// By the table's quoted name and the policy's.
using Policies = std::map<std::pair<std::string, std::string>, PolicyFacts>;

/// `journal`: the engine's own schema, which is left out.
Policies read_policies(db::Connection& connection, const std::string& journal);

}  // namespace engine::database_state
