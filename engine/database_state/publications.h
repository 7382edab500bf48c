// What publications send to replicas and to whoever listens.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "db/connection.h"

namespace engine::database_state {

struct Published {
  std::set<std::string> operations;  // "INSERT"
  std::set<std::string> columns;     // none where the server does not say
  std::string filter;                // "" where all rows are sent
};

/// By the publication and the table's quoted name.
using Publications = std::map<std::pair<std::string, std::string>, Published>;

/// `journal`: the engine's own schema, which is left out.
Publications read_publications(db::Connection& connection, const std::string& journal);

}  // namespace engine::database_state
