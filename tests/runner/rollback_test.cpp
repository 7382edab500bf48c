#include "base/hash.h"
#include "base/interrupt.h"
#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

// Three steps in two phases that leave a trace of their undoing in `log`.
void fill(RunnerFixture& bench) {
  bench.database.sql("CREATE TABLE log (at serial, what text)");
  bench.phase("First");
  bench.step("one", "CREATE TABLE one ()", "DROP TABLE one; INSERT INTO log (what) VALUES ('one')");
  bench.step("two", "CREATE TABLE two ()", "DROP TABLE two; INSERT INTO log (what) VALUES ('two')");
  bench.phase("Second");
  bench.step("three", "CREATE TABLE three ()",
             "DROP TABLE three; INSERT INTO log (what) VALUES ('three')");
}

std::string log_of(const RunnerFixture& bench) {
  return bench.database.value("SELECT string_agg(what, ' ' ORDER BY at) FROM log");
}

}  // namespace

TEST_CASE("a rollback has its run's inputs, whatever an answers file for runs says") {
  RunnerFixture bench;
  bench.input("days");
  std::string undone_with;
  Undo undo;
  undo.run = {Function{[&] { undone_with = bench.session->input("days").value_or(""); }, {}}};
  bench.step("one", "CREATE TABLE t ()").rollback = undo;
  bench.answers.given = {{"days", "7"}};
  CHECK(bench.run().exit == 0);
  bench.answers.given = {{"days", "8"}};
  const RunFinished finished = bench.rollback();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(undone_with == "7");
}

TEST_CASE("finished steps are undone in reverse, and the next run is a new one") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  const RunFinished finished = bench.rollback();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(finished.status == Ending::rolled_back);
  CHECK(finished.counts.at("rolled_back") == 3);
  CHECK(log_of(bench) == "three two one");
  CHECK(bench.run_status() == "rolled_back");
  CHECK(bench.rollback().status == Ending::nothing_to_do);
  CHECK(bench.run().exit == 0);
  CHECK(bench.database.value("SELECT count(*) FROM engine.run") == "2");
}

TEST_CASE("a plan that never ran has nothing to undo, and no journal is made for it") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.rollback().status == Ending::nothing_to_do);
  CHECK(bench.database.value("SELECT to_regnamespace('engine')").empty());
}

TEST_CASE("only what was done is undone: failed, skipped and pending steps are not") {
  RunnerFixture bench;
  fill(bench);
  bench.plan.steps[0].when = [] { return Condition{false, ""}; };
  bench.plan.steps[2].run = {test::block("SELECT 1/0")};
  CHECK(bench.run().exit == 3);
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "two");
  CHECK(bench.run_status() == "rolled_back");
}

TEST_CASE("a run that failed at its first step is closed by a rollback with nothing to undo") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1/0");
  CHECK(bench.run().exit == 1);
  CHECK(bench.rollback().status == Ending::nothing_to_do);
  CHECK(bench.run_status() == "rolled_back");
}

TEST_CASE("--to leaves a step or phase done, and run goes on from there") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  bench.options.to = "one";
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "three two");
  CHECK(bench.run_status() == "stopped");
  CHECK(bench.run().exit == 0);
  CHECK(bench.database.value("SELECT count(*) FROM engine.run") == "1");
  bench.options.to = "First";
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "three two three");
  bench.options.to = "Frist";
  const RunFinished finished = bench.rollback();
  CHECK(finished.exit == 2);
}

TEST_CASE("--only undoes one phase") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  bench.options.only = "First";
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "two one");
  CHECK(bench.journaled("three") == "done");
  bench.options.only = "Secnd";
  CHECK_THAT(bench.rollback().error->message(), ContainsSubstring("did you mean \"Second\"?"));
}

TEST_CASE("what cannot be undone refuses before anything, unless --to stops before it") {
  RunnerFixture bench;
  fill(bench);
  bench.plan.steps[1].rollback = Impossible{"the backup is gone"};
  CHECK(bench.run().exit == 0);
  const RunFinished refused = bench.rollback();
  CHECK(refused.exit == 5);
  CHECK(refused.error->code() == Code::impossible);
  CHECK_THAT(refused.error->message(), ContainsSubstring("the backup is gone"));
  CHECK_THAT(refused.error->hint(), ContainsSubstring("--to \"two\""));
  CHECK(log_of(bench).empty());
  CHECK(bench.run_status() == "done");
  bench.options.to = "two";
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "three");
  // Now it is the last one: there is nothing after it to undo.
  bench.options.to.reset();
  CHECK_THAT(bench.rollback().error->hint(),
             !ContainsSubstring("--to") && ContainsSubstring("engine resolve"));
}

TEST_CASE("a step edited since it ran refuses, and --as-run undoes with the kept text") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  const Plan ran = bench.plan;
  Undo other;
  other.run = {test::block("DROP TABLE something_else")};
  bench.plan.steps[0].rollback = other;
  bench.plan.steps[0].checksum = hash::sha256("edited");
  const RunFinished refused = bench.rollback();
  CHECK(refused.exit == 5);
  CHECK(refused.error->code() == Code::edited);
  CHECK_THAT(refused.error->hint(), ContainsSubstring("--as-run"));
  CHECK(log_of(bench).empty());

  std::string source;
  bench.reload = [&](const std::string& text) {
    source = text;
    return ran;
  };
  bench.options.as_run = true;
  CHECK(bench.rollback().exit == 0);
  CHECK(source == bench.plan.source);
  CHECK(log_of(bench) == "three two one");
}

TEST_CASE("--as-run undoes each step with the text that did it, also after accepted edits") {
  RunnerFixture bench;
  fill(bench);
  bench.plan.source = "first";
  bench.plan.checksum = "first";
  bench.plan.steps[1].run = {test::block("SELECT 1/0")};
  CHECK(bench.run().exit == 3);
  std::map<std::string, Plan> texts{{"first", bench.plan}};

  // The finished step is edited, and the one that failed is corrected.
  Undo wrong;
  wrong.run = {test::block("INSERT INTO log (what) VALUES ('edited')")};
  bench.plan.steps[0].rollback = wrong;
  bench.plan.steps[0].checksum = "edited";
  bench.plan.steps[1].run = {test::block("CREATE TABLE two ()")};
  bench.plan.steps[1].checksum = "corrected";
  bench.plan.source = bench.plan.checksum = "second";
  bench.options.accept_edits = true;
  CHECK(bench.run().exit == 0);
  texts["second"] = bench.plan;

  bench.plan.steps[1].rollback = wrong;
  bench.plan.steps[1].checksum = "edited again";
  bench.plan.source = bench.plan.checksum = "third";
  bench.options.accept_edits = false;
  bench.reload = [&](const std::string& text) { return texts.at(text); };
  bench.options.as_run = true;
  const RunFinished finished = bench.rollback();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(log_of(bench) == "three two one");
}

TEST_CASE(
    "a kept text that does not load leaves the others, and is named where none has the step") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  const Plan ran = bench.plan;
  bench.plan.steps[0].checksum = "edited";
  bench.options.as_run = true;
  bench.reload = [&](const std::string&) -> Plan {
    throw Error{Code::plan_invalid, "module words is not there"};
  };
  const RunFinished refused = bench.rollback();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->detail(), ContainsSubstring("module words is not there"));
  CHECK_THAT(refused.error->hint(),
             ContainsSubstring("engine resolve plans/bench.lua \"one\" --undone"));
  CHECK(log_of(bench).empty());
}

TEST_CASE("a rollback that was wrong is edited, and --accept-edits undoes with it") {
  RunnerFixture bench;
  fill(bench);
  const Rollback right = bench.plan.steps[1].rollback;
  Undo wrong;
  wrong.run = {test::block("DROP TABLE tow")};
  bench.plan.steps[1].rollback = wrong;
  CHECK(bench.run().exit == 0);
  const RunFinished failed = bench.rollback();
  CHECK(failed.exit == 6);
  CHECK_THAT(failed.error->hint(),
             ContainsSubstring("engine resolve plans/bench.lua \"two\" --undone"));
  bench.plan.steps[1].rollback = right;
  bench.plan.steps[1].checksum = "mended";
  const RunFinished refused = bench.rollback();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->hint(), ContainsSubstring("--accept-edits"));
  bench.options.accept_edits = true;
  const RunFinished finished = bench.rollback();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(log_of(bench) == "three two one");
  CHECK(bench.run_status() == "rolled_back");
}

TEST_CASE("--only a phase of which nothing stands says so, and leaves the run as it is") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  bench.options.only = "Second";
  CHECK(bench.rollback().exit == 0);
  bench.options.only.reset();
  CHECK(bench.run().exit == 0);
  bench.options.only = "Second";
  CHECK(bench.rollback().exit == 0);
  const std::string status = bench.run_status();
  const RunFinished again = bench.rollback();
  CHECK(again.status == Ending::nothing_to_do);
  CHECK(bench.told<Note>().back().text == "phase \"Second\" has no step to undo");
  CHECK(bench.run_status() == status);
}

TEST_CASE("a failed rollback step is exit 6; mended, the rollback goes on, and run waits for it") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  bench.database.sql("CREATE VIEW v AS SELECT FROM two");
  const RunFinished failed = bench.rollback();
  CHECK(failed.exit == 6);
  CHECK(failed.error->sqlstate() == "2BP01");
  CHECK(failed.next == "engine rollback plans/bench.lua");
  CHECK(bench.journaled("two") == "rollback_failed");
  CHECK(bench.run_status() == "rolling_back");
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->hint(), ContainsSubstring("engine rollback"));

  bench.database.sql("DROP VIEW v");
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "three two one");
}

TEST_CASE("a verification of an undoing that fails keeps the step done") {
  RunnerFixture bench;
  fill(bench);
  std::get<Undo>(bench.plan.steps[2].rollback).verify = {
      test::bare([&] { bench.expect("SELECT 1", "2"); })};
  CHECK(bench.run().exit == 0);
  CHECK(bench.rollback().exit == 6);
  CHECK(bench.run_status() == "rolling_back");
  CHECK_FALSE(bench.database.value("SELECT to_regclass('three')").empty());
}

TEST_CASE("an interrupted rollback is resumed") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StepFinished>(event.body)) interrupt::request();
  };
  const RunFinished interrupted = bench.rollback();
  CHECK(interrupted.exit == 130);
  CHECK(interrupted.next == "engine rollback plans/bench.lua");
  CHECK(log_of(bench) == "three");
  bench.on_event = nullptr;
  CHECK(bench.rollback().exit == 0);
  CHECK(log_of(bench) == "three two one");
}

TEST_CASE(
    "inputs and state of the run are there, a secret has to be given again, and rollback has "
    "inputs of its own") {
  RunnerFixture bench;
  bench.input("name");
  bench.input("token", InputType::secret);
  bench.input("keep", InputType::boolean).at_rollback = true;
  bench.answers.given = {{"name", "x"}, {"token", "s3cret-token"}};
  bench.step("one", [&] { bench.session->set_state(R"({"id": "7"})"); });
  std::string seen;
  Undo undo;
  undo.run = {Function{[&] {
                         seen = bench.session->input("name").value() + bench.session->state() +
                                bench.session->input("keep").value() +
                                bench.session->input("token").value();
                       },
                       {}}};
  bench.plan.steps[0].rollback = undo;
  CHECK(bench.run().exit == 0);

  bench.answers.given.clear();
  const RunFinished missing = bench.rollback();
  CHECK(missing.exit == 5);
  CHECK_THAT(missing.error->hint(), ContainsSubstring("--set keep=VALUE"));
  bench.answers.given = {{"keep", "no"}};
  const RunFinished secret = bench.rollback();
  CHECK(secret.error->code() == Code::answer_missing);
  CHECK_THAT(secret.error->message(), ContainsSubstring("token"));
  bench.answers.given = {{"keep", "no"}, {"token", "s3cret-token"}};
  const RunFinished finished = bench.rollback();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK_THAT(seen, ContainsSubstring("\"7\""));
  CHECK_THAT(seen, ContainsSubstring("falses3cret-token"));
  CHECK(bench.database.value("SELECT inputs FROM engine.run") ==
        R"({"keep": "false", "name": "x", "token": true})");
}

TEST_CASE("an undoing asks its own confirm, under a name of its own") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.given = {{"run", "yes"}, {"rollback", "yes"}, {"one", "yes"}};
  bench.step("one", "CREATE TABLE t ()", "DROP TABLE t").confirm = [] { return "Make it?"; };
  std::get<Undo>(bench.plan.steps[0].rollback).confirm = [] { return "Drop it?"; };
  CHECK(bench.run().exit == 0);
  const RunFinished missing = bench.rollback();
  CHECK(missing.exit == 5);
  CHECK_THAT(missing.error->hint(), ContainsSubstring("--set \"one:rollback\"=yes"));
  bench.answers.given["one:rollback"] = "no";
  const RunFinished refused = bench.rollback();
  CHECK(refused.exit == 5);
  CHECK(refused.error->code() == Code::answer_no);
  // Nothing was undone: the run is what it was.
  CHECK(bench.run_status() == "done");
  CHECK(bench.run().status == Ending::nothing_to_do);
  bench.answers.given["one:rollback"] = "yes";
  CHECK(bench.rollback().exit == 0);
}

TEST_CASE("an undoing outside a transaction goes on after it was cut off") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  Step& step = bench.step(
      "one", "CREATE INDEX CONCURRENTLY i ON t (n); CREATE INDEX CONCURRENTLY j ON t (n)",
      "DROP INDEX CONCURRENTLY i; DROP INDEX CONCURRENTLY j");
  step.transaction = TransactionMode::none;
  CHECK(bench.run().exit == 0);
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StatementDone>(event.body)) interrupt::request();
  };
  CHECK(bench.rollback().exit == 130);
  CHECK(bench.database.value("SELECT to_regclass('i')").empty());
  CHECK_FALSE(bench.database.value("SELECT to_regclass('j')").empty());
  bench.on_event = nullptr;
  const RunFinished finished = bench.rollback();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.database.value("SELECT to_regclass('j')").empty());
}

TEST_CASE("a run can be named, and a wrong name is refused") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 0);
  bench.options.run = "20200101-000000-0000";
  CHECK(bench.rollback().exit == 2);
  bench.options.run = bench.database.value("SELECT id FROM engine.run");
  CHECK(bench.rollback().exit == 0);
}
