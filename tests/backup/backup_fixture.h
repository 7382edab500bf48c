// A database with a journal and whatever a test puts into it.
#pragma once

#include <string>

#include "backup/backup.h"
#include "base/file.h"
#include "db/connection.h"
#include "db/transaction.h"
#include "journal/journal.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

namespace test {

inline engine::db::Connection connect_as(const Database& database, const std::string& role) {
  return engine::db::Connection::open(engine::db::Target::parse(database.conninfo(role)));
}

/// `role` is the engine's; what it makes belongs to it.
class BackupFixture {
 public:
  explicit BackupFixture(const std::string& setup = "", const std::string& role = "postgres")
      : connection_(prepared(database_, role)) {
    if (!setup.empty()) connection_.script(setup);
  }

  engine::db::Connection& connection() { return connection_; }
  const Database& database() const { return database_; }
  void sql(const std::string& text) { connection_.script(text); }
  std::string value(const std::string& query) {
    return connection_.execute(query).at(0, 0).value_or("");
  }

  template <typename Action>
  auto committed(Action action) {
    engine::db::Transaction transaction{connection_};
    auto result = action();
    transaction.commit();
    return result;
  }
  engine::backup::Snapshot snapshot(const std::string& table = "t",
                                    const engine::backup::SnapshotOptions& options = {"kept",
                                                                                      true}) {
    return committed([&] {
      return engine::backup::snapshot(connection_, origin, engine::QualifiedName::parse(table),
                                      options);
    });
  }
  engine::backup::Restored restore(const std::string& name = "kept",
                                   const engine::backup::RestoreOptions& options = {}) {
    return committed([&] { return engine::backup::restore(connection_, origin, name, options); });
  }
  engine::backup::Retired retire(const std::string& table = "t") {
    return committed([&] {
      return engine::backup::retire(connection_, origin, engine::QualifiedName::parse(table));
    });
  }
  engine::QualifiedName unretire(const std::string& table = "t") {
    return committed([&] { return engine::backup::unretire(connection_, origin, table); });
  }

  engine::backup::Origin origin{"", "step", "engine"};

 private:
  static engine::db::Connection prepared(const Database& database, const std::string& role) {
    database.sql(engine::file::read(SHOP_FOLDER "/roles.sql"));
    database.sql("GRANT CREATE ON DATABASE " + database.name() + " TO " + role +
                 "; GRANT CREATE ON SCHEMA public TO " + role);
    auto connection = connect_as(database, role);
    engine::journal::Journal::open(connection, "engine");
    return connection;
  }

  Database database_;
  engine::db::Connection connection_;
};

}  // namespace test
