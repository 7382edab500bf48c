#include "runner/runner_fixture.h"

#include "base/hash.h"

namespace test {

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;

std::optional<Reply> Answers::known(const Ask& ask) {
  const auto found = given.find(ask.name);
  if (found == given.end()) return std::nullopt;
  return Reply{found->second, "flag"};
}

std::optional<Reply> Answers::ask(const Ask& ask) {
  if (std::optional<Reply> reply = known(ask)) return reply;
  if (!is_interactive) return std::nullopt;
  asked.push_back(ask.name);
  if (while_thinking) while_thinking();
  const auto found = person.find(ask.name);
  if (found != person.end()) return Reply{found->second, "prompt"};
  if (ask.preset) return Reply{*ask.preset, "prompt"};
  return Reply{"yes", "prompt"};
}

SqlBlock block(const std::string& sql, int line) {
  return {sql, {"plans/bench.lua", line}, sql::split(sql)};
}

Check bare(std::function<void()> function) {
  Check check;
  check.function = {std::move(function), {"plans/bench.lua", 1}};
  return check;
}

Check titled(CheckKind kind, const std::string& title, std::function<void()> function) {
  Check check = bare(std::move(function));
  check.kind = kind;
  check.title = title;
  return check;
}

std::string message_of(const RunFinished& finished) {
  if (!finished.error) return "";
  return finished.error->message() + " | " + finished.error->detail() + " | " +
         finished.error->hint();
}

RunnerFixture::RunnerFixture(const std::string& made_from, const std::string& server)
    : database(made_from, server), conninfo(database.conninfo()) {
  plan.id = "bench";
  plan.title = "Bench";
  plan.source = "return plan \"Bench\" {}";
  plan.checksum = "0";
  options.target = "the bench";
  options.arguments = "plans/bench.lua";
  options.assume_yes = true;
  options.lock_patience = std::chrono::milliseconds{300};
  options.retry_budget = std::chrono::milliseconds{3000};
  options.reconnect_budget = std::chrono::milliseconds{5000};
}

Step& RunnerFixture::step(const std::string& title, const std::string& sql,
                          const std::string& undo) {
  Step& step = plan.steps.emplace_back();
  step.id = step.title = title;
  step.phase = static_cast<int>(plan.phases.size()) - 1;
  step.run = {block(sql, 10 * static_cast<int>(plan.steps.size()))};
  step.rollback = Nothing{};
  if (!undo.empty()) {
    Undo back;
    back.run = {block(undo, 500)};
    step.rollback = back;
  }
  step.checksum = hash::sha256(sql + undo);
  return step;
}

Step& RunnerFixture::step(const std::string& title, std::function<void()> run,
                          const std::string& undo) {
  Step& made = step(title, "", undo);
  made.run = {Function{std::move(run), {"plans/bench.lua", 7}}};
  return made;
}

Step& RunnerFixture::check(const std::string& title, std::function<void()> function) {
  Step& made = step(title, "");
  made.kind = StepKind::check;
  made.run.clear();
  made.rollback = std::monostate{};
  made.verify = {titled(CheckKind::check, title, std::move(function))};
  return made;
}

Step& RunnerFixture::manual(const std::string& title) {
  Step& made = step(title, "");
  made.kind = StepKind::manual;
  made.run.clear();
  made.rollback = std::monostate{};
  return made;
}

Input& RunnerFixture::input(const std::string& name, InputType type) {
  Input& made = plan.inputs.emplace_back();
  made.name = name;
  made.type = type;
  made.ask = "What is " + name + "?";
  return made;
}

int RunnerFixture::phase(const std::string& title, bool atomic) {
  plan.phases.push_back({title, title, atomic, {}});
  return static_cast<int>(plan.phases.size()) - 1;
}

db::Connection RunnerFixture::connect() const {
  return db::Connection::open(db::Target::parse(conninfo));
}

RunEnvironment RunnerFixture::host() {
  RunEnvironment host;
  host.connect = [this] { return connect(); };
  host.prompter = &answers;
  host.listener = [this](const Event& event) {
    events.push_back(event);
    if (on_event) on_event(event);
    if (std::holds_alternative<RunFinished>(event.body) && session != nullptr) {
      round_trips = session->connection().round_trips();
    }
  };
  host.attach = [this](Session* attached) { session = attached; };
  if (reload) host.reload = [this](const journal::PlanText& text) { return reload(text.source); };
  host.traced = traced;
  return host;
}

RunFinished RunnerFixture::run() { return runner::run(plan, connect(), options, host()); }
RunFinished RunnerFixture::rollback() { return runner::rollback(plan, connect(), options, host()); }
RunFinished RunnerFixture::verify() { return runner::verify(plan, connect(), options, host()); }
RunFinished RunnerFixture::task(const std::string& name) {
  return runner::task(plan, name, connect(), options, host());
}
RunFinished RunnerFixture::resolve(const std::string& name, Resolution resolution) {
  return runner::resolve(plan, name, resolution, connect(), options, host());
}

void RunnerFixture::exec(const std::string& sql) { session->connection().execute(sql); }

std::string RunnerFixture::query(const std::string& sql) {
  const db::Result result = session->connection().execute(sql);
  return result.empty() ? "" : result.at(0, std::size_t{0}).value_or("");
}

void RunnerFixture::expect(const std::string& sql, const std::string& value) {
  const std::string actual = query(sql);
  session->record({sql + " gives " + value, actual == value, value, actual});
}

std::string RunnerFixture::journaled(const std::string& step) const {
  if (database.value("SELECT to_regclass('engine.step')").empty()) return "";
  return database.value("SELECT status FROM engine.step WHERE step = '" + step +
                        "' AND run = (SELECT id FROM engine.run WHERE plan = 'bench' ORDER BY "
                        "sequence DESC LIMIT 1)");
}

std::string RunnerFixture::run_status() const {
  if (database.value("SELECT to_regclass('engine.run')").empty()) return "";
  return database.value("SELECT status FROM engine.run ORDER BY sequence DESC LIMIT 1");
}

}  // namespace test
