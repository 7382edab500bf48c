// Lua that speaks to a real database, and what its checks said.
#pragma once

#include <string>
#include <vector>

#include "bindings/registry.h"
#include "db/connection.h"
#include "db/transaction.h"
#include "script/world.h"
#include "support/catch.h"
#include "support/database.h"

namespace test {

class ConnectedSession : public FakeSession {
 public:
  explicit ConnectedSession(const std::string& conninfo)
      : connection_(engine::db::Connection::open(engine::db::Target::parse(conninfo))) {}
  engine::db::Connection& connection() override { return connection_; }
  void statement(const engine::event::StatementDone& done) override {
    statements.push_back(done.sql);
  }

  std::vector<std::string> statements;

 private:
  engine::db::Connection connection_;
};

/// A database of the test's own, and a state with every primitive, in an open transaction.
class Expecting {
 public:
  explicit Expecting(const std::string& setup = "", const std::string& user = "postgres")
      : setup_(database_, setup),
        session(database_.conninfo(user)),
        transaction_(session.connection()) {
    world_.state->bind(&session);
  }

  /// "ok NAME" or "NOT NAME | EXPECTED | ACTUAL", a line a check.
  std::string checks(const std::string& code) {
    session.outcomes.clear();
    world_.run(code);
    std::string said;
    for (const auto& outcome : session.outcomes) {
      if (!said.empty()) said += '\n';
      said += outcome.ok
                  ? "ok " + outcome.name
                  : "NOT " + outcome.name + " | " + outcome.expected + " | " + outcome.actual;
    }
    return said;
  }

  std::string run(const std::string& code) { return world_.run(code); }
  engine::Error failure(const std::string& code) { return world_.failure(code); }
  void sql(const std::string& text) { session.connection().execute(text); }

 private:
  struct Setup {
    Setup(const Database& database, const std::string& text) {
      if (!text.empty()) database.sql(text);
    }
  };

  Database database_;
  Setup setup_;

 public:
  ConnectedSession session;

 private:
  engine::db::Transaction transaction_;
  World world_{engine::bindings::primitives()};
};

}  // namespace test
