// A database that holds rich.sql: one table with every feature, and what stands around it.
#pragma once

#include "base/file.h"
#include "db/connection.h"
#include "support/database.h"

namespace test {

inline std::string rich_file(const std::string& name) {
  return engine::file::read(RICH_FOLDER "/" + name);
}

struct Rich {
  Rich() {
    database.sql(rich_file("rich_ground.sql"));
    database.sql(rich_file("rich.sql"));
  }

  Database database;
};

inline engine::db::Connection connect_to(const Database& database) {
  return engine::db::Connection::open(engine::db::Target::parse(database.conninfo()));
}

}  // namespace test
