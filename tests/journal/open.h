// Connections for the journal's tests.
#pragma once

#include "db/connection.h"
#include "support/database.h"
#include "support/role.h"

inline engine::db::Connection connect(const test::Database& database,
                                      const std::string& user = "postgres",
                                      const engine::db::Settings& settings = {}) {
  return engine::db::Connection::open(engine::db::Target::parse(database.conninfo(user)), settings);
}

using test::Role;
