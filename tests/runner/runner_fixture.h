// A plan built in C++, a database of its own, and the commands on it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/runner.h"
#include "support/database.h"

namespace test {

/// Answers given beforehand; and a person, where `interactive`.
class Answers : public engine::event::Prompter {
 public:
  std::map<std::string, std::string> given;
  std::map<std::string, std::string> person;
  bool is_interactive = false;
  std::vector<std::string> asked;        // of the person
  std::function<void()> while_thinking;  // of the person

  std::optional<engine::event::Reply> ask(const engine::event::Ask& ask) override;
  std::optional<engine::event::Reply> known(const engine::event::Ask& ask) override;
  bool interactive() const override { return is_interactive; }
};

class RunnerFixture {
 public:
  /// `made_from`: the database that its own is copied from.
  explicit RunnerFixture(const std::string& made_from = "template0",
                         const std::string& server = socket_folder());

  Database database;
  engine::plan::Plan plan;
  engine::runner::RunOptions options;
  Answers answers;
  std::vector<engine::event::Event> events;
  engine::runner::Session* session = nullptr;
  std::string conninfo;  // of the connections that the commands get
  long round_trips = 0;  // of the last command
  std::function<void(const engine::event::Event&)> on_event;
  std::function<engine::plan::Plan(const std::string&)> reload;
  std::function<void(engine::db::Connection&, const engine::runner::Traced&)> traced;

  /// A step whose run is SQL, and whose rollback is SQL or nothing.
  engine::plan::Step& step(const std::string& title, const std::string& sql,
                           const std::string& undo = "");
  engine::plan::Step& step(const std::string& title, std::function<void()> run,
                           const std::string& undo = "");
  engine::plan::Step& check(const std::string& title, std::function<void()> function);
  engine::plan::Step& manual(const std::string& title);
  engine::plan::Input& input(const std::string& name,
                             engine::plan::InputType type = engine::plan::InputType::text);
  int phase(const std::string& title, bool atomic = false);

  engine::event::RunFinished run();
  engine::event::RunFinished rollback();
  engine::event::RunFinished verify();
  engine::event::RunFinished task(const std::string& name);
  engine::event::RunFinished resolve(const std::string& step,
                                     engine::runner::Resolution resolution);

  /// In the connection of the running command.
  void exec(const std::string& sql);
  std::string query(const std::string& sql);
  /// Records an assertion that a query gives a value.
  void expect(const std::string& sql, const std::string& value);

  /// status of a step in the journal's latest run, or "".
  std::string journaled(const std::string& step) const;
  std::string run_status() const;
  std::string count(const std::string& table) const {
    return database.value("SELECT count(*) FROM " + table);
  }

  /// The events of one kind, of all commands so far.
  template <typename Body>
  std::vector<Body> told() const {
    std::vector<Body> found;
    for (const engine::event::Event& event : events) {
      if (const auto* body = std::get_if<Body>(&event.body)) found.push_back(*body);
    }
    return found;
  }

  engine::runner::RunEnvironment host();
  engine::db::Connection connect() const;
};

engine::plan::SqlBlock block(const std::string& sql, int line = 1);
engine::plan::Check bare(std::function<void()> function);
engine::plan::Check titled(engine::plan::CheckKind kind, const std::string& title,
                           std::function<void()> function);
/// What PostgreSQL's SQLSTATE, message and hint say.
std::string message_of(const engine::event::RunFinished& finished);

}  // namespace test
