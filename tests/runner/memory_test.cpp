// What a run was told stays told: its state, inputs and answers, whatever is lost on the way.
#include "runner/runner_fixture.h"
#include "runner/wired.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::Fault;
using test::RunnerFixture;
using test::Wired;

namespace {

std::string state_of(const RunnerFixture& bench) {
  return bench.database.value("SELECT state::text FROM engine.run ORDER BY sequence DESC LIMIT 1");
}

std::string inputs_of(const RunnerFixture& bench) {
  return bench.database.value("SELECT inputs::text FROM engine.run ORDER BY sequence DESC LIMIT 1");
}

// As a plan's function does: one more key in the state.
void tell(RunnerFixture& bench, const std::string& key) {
  std::string state = bench.session->state();
  state.pop_back();
  if (state.size() > 1) state += ", ";
  bench.session->set_state(state + "\"" + key + "\": 1}");
}

bool knows(const RunnerFixture& bench, const std::string& key) {
  return bench.session->state().find("\"" + key + "\"") != std::string::npos;
}

// Every kind of commit; each step tells something, and knows what those before it told.
void fill(RunnerFixture& bench, std::vector<std::string>& forgotten) {
  const int phase = bench.phase("together", true);
  std::vector<std::string> before;
  for (const std::string name : {"one", "outside", "first", "second", "last"}) {
    const auto know = [&bench, &forgotten, before, name] {
      for (const std::string& key : before) {
        if (!knows(bench, key)) forgotten.push_back(name + " does not know " + key);
      }
    };
    Step& step = bench.step(name, [&bench, know, name] {
      know();
      bench.exec("INSERT INTO t VALUES ('" + name + "')");
      tell(bench, name);
    });
    Undo undo;
    undo.run = {Function{[&bench, &forgotten, name] {
                           if (!knows(bench, name)) forgotten.push_back(name + " is not undone");
                           bench.exec("DELETE FROM t WHERE n = '" + name + "'");
                           tell(bench, "un" + name);
                         },
                         {"plans/bench.lua", 9}}};
    step.rollback = std::move(undo);
    if (name == "outside") step.transaction = TransactionMode::none;
    if (name == "first" || name == "second") step.phase = phase;
    before.push_back(name);
  }
}

constexpr const char* all_told = R"({"one": 1, "last": 1, "first": 1, "second": 1, "outside": 1})";

}  // namespace

TEST_CASE("state is there after the answer of any COMMIT was swallowed, while the engine lives") {
  const auto when = GENERATE(Fault::When::before, Fault::When::after, Fault::When::after_reply);
  int nth = 1;
  for (bool happened = true; happened; ++nth) {
    INFO("COMMIT " << nth << ", " << static_cast<int>(when));
    Wired wired;
    RunnerFixture& bench = wired.bench;
    bench.database.sql("CREATE TABLE t (n text)");
    std::vector<std::string> forgotten;
    fill(bench, forgotten);
    wired.proxy.arm({Fault::Action::cut, when, 'E', "COMMIT", nth});
    const RunFinished done = bench.run();
    INFO(test::message_of(done));
    CHECK(done.exit == 0);
    CHECK(forgotten == std::vector<std::string>{});
    CHECK(state_of(bench) == all_told);
    CHECK(bench.count("t") == "5");
    happened = wired.proxy.fault_happened();

    wired.proxy.arm({Fault::Action::cut, when, 'E', "COMMIT", nth});
    const RunFinished undone = bench.rollback();
    INFO(test::message_of(undone));
    CHECK(undone.exit == 0);
    CHECK(forgotten == std::vector<std::string>{});
    CHECK(bench.count("t") == "0");
    CHECK_THAT(state_of(bench), ContainsSubstring("\"unone\""));
    happened = wired.proxy.fault_happened() || happened;
  }
  CHECK(nth > 6);
}

TEST_CASE("a run whose beginning was not answered is one run") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.step("one", "CREATE TABLE t (n int)");
  wired.swallow("WITH begun");
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(wired.proxy.fault_happened());
  CHECK(finished.exit == 0);
  CHECK(bench.count("engine.run") == "1");
  CHECK(bench.database.value("SELECT epoch FROM engine.run") == "2");
}

TEST_CASE("a run taken up without an answer goes on, also undone, resolved, and as a task") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bool fails = true;
  bench.step("one", "CREATE TABLE t (n int)", "DROP TABLE t");
  bench.step("two", [&] {
    if (fails) throw Error{Code::lua, "not yet"};
  });
  Task task;
  task.id = task.title = "counts";
  task.run = {test::block("INSERT INTO t VALUES (1)")};
  bench.plan.tasks = {task};
  CHECK(bench.run().exit == 3);
  wired.swallow("WITH taken");
  CHECK(bench.resolve("two", Resolution::undone).exit == 0);
  fails = false;
  wired.swallow("WITH taken");
  CHECK(bench.run().exit == 0);
  CHECK(wired.proxy.fault_happened());
  wired.swallow("WITH begun");
  CHECK(bench.task("counts").exit == 0);
  CHECK(wired.proxy.fault_happened());
  CHECK(bench.count("t") == "1");
  wired.swallow("WITH taken");
  CHECK(bench.rollback().exit == 0);
  CHECK(wired.proxy.fault_happened());
  CHECK(bench.count("engine.run") == "2");
}

TEST_CASE("another engine that worked while there was no session is not gone over") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.step("one", "CREATE TABLE t (n int)");
  wired.proxy.arm({Fault::Action::cut, Fault::When::before, 'E', "WITH begun", 1});
  bool another = true;
  bench.on_event = [&](const Event& event) {
    const auto* retry = std::get_if<Retry>(&event.body);
    if (retry == nullptr || !std::exchange(another, false)) return;
    RunnerFixture other;
    other.plan = bench.plan;
    other.conninfo = bench.database.conninfo();
    CHECK(other.run().exit == 0);
  };
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 5);
  CHECK(finished.error->code() == Code::lock_held);
  CHECK(bench.count("engine.run") == "1");
}

TEST_CASE("losing the connection again while it is taken up costs nothing more") {
  // The epoch that was taken without an answer is this engine's own; what it reads may be cut off.
  const std::string second = GENERATE("WITH taken", "FROM engine.step", "FROM engine.run");
  INFO(second);
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", [&] {
    bench.exec("INSERT INTO t VALUES (1)");
    tell(bench, "one");
  });
  bench.step("two", [&] { CHECK(knows(bench, "one")); });
  int losses = 0;
  bench.on_event = [&](const Event& event) {
    if (const auto* started = std::get_if<StepStarted>(&event.body);
        started != nullptr && started->step == "one")
      wired.swallow("COMMIT");
    const auto* retry = std::get_if<Retry>(&event.body);
    if (retry != nullptr && retry->attempt == 1 && ++losses == 1) wired.swallow(second);
  };
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(wired.proxy.fault_happened());
  CHECK(bench.count("t") == "1");
}

TEST_CASE("state of a piece outside a transaction stands with its work") {
  RunnerFixture bench;
  bench.database.sql("CREATE ROLE memory_keeper");
  bool knew = false;
  Step& step = bench.step("one", [&] { tell(bench, "made"); });
  step.transaction = TransactionMode::none;
  // The engine's own row is not written as the plan's role.
  step.run.insert(step.run.begin(), test::block("SET ROLE memory_keeper"));
  step.run.emplace_back(test::block("RESET ROLE; SELECT 1 / 0"));
  Undo undo;
  undo.run = {Function{[&] { knew = knows(bench, "made"); }, {"plans/bench.lua", 9}}};
  step.rollback = std::move(undo);
  const RunFinished failed = bench.run();
  INFO(test::message_of(failed));
  CHECK(failed.error->sqlstate() == "22012");
  CHECK(state_of(bench) == R"({"made": 1})");
  CHECK(bench.rollback().exit == 0);
  CHECK(knew);
  bench.database.sql("DROP ROLE memory_keeper");
}

TEST_CASE("settings of finished pieces are made again for a new session") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.database.sql("CREATE SCHEMA s");
  Step& step = bench.step("one", [&] { bench.exec("SELECT 'last words'"); });
  step.transaction = TransactionMode::none;
  step.run.insert(step.run.begin(), test::block("SET search_path = s"));
  step.run.emplace_back(test::block("CREATE TABLE t (n int)"));
  wired.lose_at("last words");
  CHECK(bench.run().exit == 0);
  CHECK(wired.proxy.fault_happened());
  CHECK_FALSE(bench.database.value("SELECT to_regclass('s.t')").empty());
}

namespace {

// The input is wanted only where the plan's work was not done, as in a plan that adopts what is
// there.
struct Adopting {
  RunnerFixture bench;
  std::vector<std::string> seen;
  int evaluated = 0;
  bool stops = true;

  Adopting() {
    bench.database.sql("CREATE TABLE t ()");
    Input& input = bench.input("existing", InputType::choice);
    input.choices = {"adopt", "share"};
    input.preset = "share";
    input.when = [this] {
      ++evaluated;
      return bench.query(
                 "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass"
                 " AND attname = 'x'") != "0";
    };
    bench.step("add", [this] {
      look();
      bench.exec("ALTER TABLE t ADD COLUMN x int");
    });
    Undo undo;
    undo.run = {Function{[this] {
                           look();
                           if (bench.session->input("existing") != "share")
                             bench.exec("ALTER TABLE t DROP COLUMN x");
                         },
                         {"plans/bench.lua", 9}}};
    bench.plan.steps[0].rollback = std::move(undo);
    bench.step("stop", [this] {
      if (stops) throw Error{Code::lua, "not yet"};
    });
    bench.step("use", [this] { look(); });
  }

  void look() { seen.push_back(bench.session->input("existing").value_or("nothing")); }
  bool has_column() const {
    return bench.database.value(
               "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = "
               "'x'") != "0";
  }
};

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("an input that was not asked for stays without a value on resume and rollback") {
  Adopting plan;
  RunnerFixture& bench = plan.bench;
  CHECK(bench.run().exit == 3);
  CHECK(inputs_of(bench) == R"({"existing": null})");
  plan.stops = false;
  CHECK(bench.run().exit == 0);
  CHECK(plan.seen == Seen{"nothing", "nothing"});
  CHECK(plan.evaluated == 1);
  CHECK(bench.rollback().exit == 0);
  CHECK(plan.seen == Seen{"nothing", "nothing", "nothing"});
  CHECK_FALSE(plan.has_column());
}

TEST_CASE("a value for an input that was not asked for is refused on resume, and says so") {
  Adopting plan;
  RunnerFixture& bench = plan.bench;
  CHECK(bench.run().exit == 3);
  bench.answers.given["existing"] = "adopt";
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK(refused.error->message() == "input existing is adopt now, but this run started without it");
  CHECK_THAT(refused.error->detail(), ContainsSubstring("`when` was false"));
}

TEST_CASE("a flag that was there from the beginning, and not asked for, may be given again") {
  Adopting plan;
  RunnerFixture& bench = plan.bench;
  bench.answers.given["existing"] = "adopt";
  CHECK(bench.run().exit == 3);
  CHECK(inputs_of(bench) == R"({"existing": null})");
  plan.stops = false;
  CHECK(bench.run().exit == 0);
  CHECK(plan.seen == Seen{"nothing", "nothing"});
  bench.answers.given["existing"] = "share";
  CHECK(bench.run().exit == 5);
}

TEST_CASE("journals of older engines leave out what has no value") {
  Adopting plan;
  RunnerFixture& bench = plan.bench;
  CHECK(bench.run().exit == 3);
  bench.database.sql("UPDATE engine.run SET inputs = '{}'");
  SECTION("the plan is as it was: so it was at the beginning") {
    plan.stops = false;
    CHECK(bench.run().exit == 0);
    CHECK(plan.seen == Seen{"nothing", "nothing"});
  }
  SECTION("the plan was edited: the input may be new") {
    bench.plan.checksum = "1";
    plan.stops = false;
    CHECK(bench.run().exit == 0);
    CHECK(plan.seen == Seen{"nothing", "share"});
  }
}

TEST_CASE("a default that changed in the plan does not change the run") {
  RunnerFixture bench;
  Input& input = bench.input("days", InputType::integer);
  input.preset = "30";
  bool fails = true;
  std::string seen;
  bench.step("one", "SELECT 1");
  bench.step("two", [&] {
    if (fails) throw Error{Code::lua, "not yet"};
    seen = bench.session->input("days").value_or("");
  });
  CHECK(bench.run().exit == 3);
  fails = false;
  bench.plan.inputs[0].preset = "60";
  bench.plan.checksum = "1";
  CHECK(bench.run().exit == 0);
  CHECK(seen == "30");
}

TEST_CASE("an input that an edit added after the run began is asked for") {
  RunnerFixture bench;
  bool fails = true;
  bench.step("one", "SELECT 1");
  bench.step("two", [&] {
    if (fails) throw Error{Code::lua, "not yet"};
  });
  CHECK(bench.run().exit == 3);
  fails = false;
  bench.input("fresh");
  bench.plan.checksum = "1";
  CHECK(bench.run().exit == 5);
  bench.answers.given["fresh"] = "now";
  CHECK(bench.run().exit == 0);
  CHECK(inputs_of(bench) == R"({"fresh": "now"})");
}

TEST_CASE("of a secret it is kept whether it was given") {
  RunnerFixture bench;
  bool wanted = true;
  bench.input("token", InputType::secret).when = [&] { return wanted; };
  bool fails = true;
  bench.step("one", "SELECT 1");
  bench.step("two", [&] {
    if (fails) throw Error{Code::lua, "not yet"};
  });
  SECTION("given: its value is wanted again, whatever its `when` says now") {
    bench.answers.given["token"] = "correct-horse-battery";
    CHECK(bench.run().exit == 3);
    CHECK(inputs_of(bench) == R"({"token": true})");
    bench.answers.given.clear();
    wanted = fails = false;
    CHECK(bench.run().exit == 5);
    bench.answers.given["token"] = "correct-horse-battery";
    CHECK(bench.run().exit == 0);
  }
  SECTION("not asked for: not asked for again") {
    wanted = false;
    CHECK(bench.run().exit == 3);
    CHECK(inputs_of(bench) == R"({"token": null})");
    wanted = true;
    fails = false;
    CHECK(bench.run().exit == 0);
  }
}

TEST_CASE("what a rollback was told stays told when it is resumed") {
  RunnerFixture bench;
  bool fails = true;
  std::string seen;
  Input& keep = bench.input("keep", InputType::boolean);
  keep.at_rollback = true;
  bool unwanted = false;
  Input& never = bench.input("never", InputType::boolean);
  never.at_rollback = true;
  never.when = [&] { return unwanted; };
  bench.step("one", "SELECT 1");
  Undo undo;
  undo.run = {Function{[&] {
                         seen = bench.session->input("keep").value_or("nothing") + " " +
                                bench.session->input("never").value_or("nothing");
                         if (fails) throw Error{Code::lua, "not yet"};
                       },
                       {"plans/bench.lua", 9}}};
  bench.plan.steps[0].rollback = std::move(undo);
  bench.step("two", "SELECT 1", "SELECT 2");
  CHECK(bench.run().exit == 0);
  bench.answers.given["keep"] = "yes";
  CHECK(bench.rollback().exit == 6);
  CHECK(seen == "true nothing");
  fails = false;
  unwanted = true;
  bench.answers.given["keep"] = "no";
  const RunFinished other = bench.rollback();
  CHECK(other.exit == 5);
  CHECK_THAT(other.error->message(), ContainsSubstring("keep is false now"));
  CHECK_THAT(other.error->message(), ContainsSubstring("started with true"));
  bench.answers.given.clear();
  CHECK(bench.rollback().exit == 0);
  CHECK(seen == "true nothing");
}

TEST_CASE("an answer that a committed step got is not asked for again") {
  RunnerFixture bench;
  bool fails = true;
  std::string seen;
  const auto ask = [&] {
    return bench.session->ask({"colour", "Which?", Ask::Kind::text, {}, std::nullopt});
  };
  bench.step("one", [&] { ask(); });
  bench.step("two", [&] {
    seen = ask();
    if (fails) throw Error{Code::lua, "not yet"};
  });
  bench.step("three", [&] {
    bench.session->ask({"size", "How?", Ask::Kind::text, {}, std::nullopt});
    if (fails) throw Error{Code::lua, "not yet"};
  });
  bench.answers.given["colour"] = "red";
  CHECK(bench.run().exit == 3);
  bench.answers.given["colour"] = "blue";
  const RunFinished other = bench.run();
  CHECK(other.exit == 5);
  CHECK_THAT(
      other.error->message(),
      ContainsSubstring("the answer to colour is blue now, but a finished step of this run used "
                        "the answer red"));
  bench.answers.given.clear();
  fails = false;
  seen.clear();
  CHECK(bench.run().exit == 3);
  CHECK(seen == "red");
  // Nothing of the third step has committed.
  bench.answers.given["size"] = "large";
  CHECK(bench.run().exit == 0);
}
