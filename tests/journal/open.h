// Connections for the journal's tests.
#pragma once

#include "db/connection.h"
#include "support/database.h"

inline engine::db::Connection connect(const test::Database& database,
                                      const std::string& user = "postgres",
                                      const engine::db::Settings& settings = {}) {
  return engine::db::Connection::open(engine::db::Target::parse(database.conninfo(user)), settings);
}

/// A role for one test, removed with all it owns in its database.
class Role {
 public:
  Role(const test::Database& database, const std::string& attributes = "LOGIN")
      : database_(database), name_(database.name() + "_role") {
    database_.sql("CREATE ROLE " + name_ + " " + attributes);
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  ~Role() { database_.sql("DROP OWNED BY " + name_ + " CASCADE; DROP ROLE " + name_); }

  const std::string& name() const { return name_; }

 private:
  const test::Database& database_;
  std::string name_;
};
