// The real primitives in a Lua state, on a real database.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bindings/registry.h"
#include "db/connection.h"
#include "script/fake_session.h"
#include "script/lua.h"
#include "script/state.h"
#include "support/database.h"

namespace test {

class DatabaseSession : public FakeSession {
 public:
  explicit DatabaseSession(const Database& database)
      : connection_(engine::db::Connection::open(engine::db::Target::parse(database.conninfo()))) {}

  bool writable = true;
  std::map<std::string, std::string> answers;  // by name
  std::vector<engine::event::Ask> asked;
  std::vector<engine::event::StatementDone> statements;
  std::string folder = "/nowhere";

  engine::db::Connection& connection() override { return connection_; }
  bool may_write() const override { return writable; }
  void statement(const engine::event::StatementDone& done) override { statements.push_back(done); }
  std::string ask(const engine::event::Ask& ask) override {
    asked.push_back(ask);
    return answers.at(ask.name);
  }
  std::string output_folder() const override { return folder; }

 private:
  engine::db::Connection connection_;
};

struct BindingsFixture {
  BindingsFixture()
      : state(std::make_shared<engine::script::State>(engine::script::StateOptions{
            .primitives = engine::bindings::primitives(), .project = {}})) {
    state->bind(&session);
  }

  /// Runs a chunk and gives what it returns as text: "nil", "true", "12".
  std::string run(const std::string& code) {
    const std::string chunk =
        "local function body() " + code + "\nend local given = body() return tostring(given)";
    const std::string name = state->sources().add("test.lua", "plans/test.lua", true, chunk);
    state->compile(state->lua(), chunk, name);
    std::string text;
    state->call(1, [&](lua_State* lua) { text = lua_tostring(lua, -1); });
    return text;
  }

  engine::Error failure(const std::string& code) {
    try {
      const std::string value = run(code);
      return engine::Error{engine::Code::internal, "it did not fail: {}", value};
    } catch (const engine::Error& error) {
      return error;
    }
  }

  Database database;
  DatabaseSession session{database};
  std::shared_ptr<engine::script::State> state;
};

}  // namespace test
