#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/hash.h"
#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

// Two steps, of which the second fails until `mend` exists.
void fill(RunnerFixture& bench) {
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", "INSERT INTO mend VALUES (1)");
}

void edit(Step& step, const std::string& sql) {
  step.run = {test::block(sql)};
  step.checksum = hash::sha256(sql);
}

// Until a session beside this one has asked for the run lock several times. Every command asks for
// it first, and nothing on the server tells of an advisory lock that was not had.
void await_polls(const RunnerFixture& bench, int pid) {
  std::set<std::string> changes;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (changes.size() < 5) {
    if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("nobody polls");
    const std::string change = bench.database.value(
        "SELECT max(state_change) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'engine%' AND state = 'idle'"
        " AND pid NOT IN (pg_backend_pid(), " +
        std::to_string(pid) + ")");
    if (!change.empty()) changes.insert(change);
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

}  // namespace

TEST_CASE("a run is resumed at the step that did not commit") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 3);
  bench.database.sql("CREATE TABLE mend (n int)");
  bench.events.clear();
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 0);
  CHECK(bench.told<RunStarted>()[0].resumed);
  CHECK(bench.told<RunStarted>()[0].steps[0].status == StepState::done);
  REQUIRE(bench.told<StepStarted>().size() == 1);
  CHECK(bench.told<StepStarted>()[0].step == "two");
  CHECK(bench.told<StepStarted>()[0].number == 2);
  CHECK(bench.database.value("SELECT count(*) FROM engine.run") == "1");
}

TEST_CASE("a pending step runs as it is now") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 3);
  edit(bench.plan.steps[1], "INSERT INTO t VALUES (5)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.count("t") == "1");
}

TEST_CASE("an edited finished step is refused by name, and accepted when told to") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 3);
  bench.database.sql("CREATE TABLE mend (n int)");
  edit(bench.plan.steps[0], "CREATE TABLE other (n int)");
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK(refused.error->code() == Code::edited);
  CHECK_THAT(refused.error->message(), ContainsSubstring("\"one\" was edited"));
  CHECK_THAT(refused.error->hint(), ContainsSubstring("--accept-edits"));
  CHECK(bench.count("mend") == "0");

  bench.options.accept_edits = true;
  CHECK(bench.run().exit == 0);
  CHECK(bench.database.value("SELECT to_regclass('other')").empty());
}

TEST_CASE("an edited step of a finished plan is reported too") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)");
  CHECK(bench.run().exit == 0);
  edit(bench.plan.steps[0], "CREATE TABLE t (n bigint)");
  CHECK(bench.run().exit == 5);
  bench.options.accept_edits = true;
  CHECK(bench.run().status == Ending::nothing_to_do);
}

TEST_CASE("a step that was run and is gone from the plan is an edit") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 3);
  bench.plan.steps.erase(bench.plan.steps.begin());
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->message(), ContainsSubstring("no longer in the plan"));
}

TEST_CASE("a step inserted before a finished one is refused whatever is accepted") {
  RunnerFixture bench;
  bench.options.accept_edits = true;
  fill(bench);
  CHECK(bench.run().exit == 3);
  bench.step("new", "SELECT 1");
  std::rotate(bench.plan.steps.begin(), bench.plan.steps.end() - 1, bench.plan.steps.end());
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->message(), ContainsSubstring("\"new\" was inserted before \"one\""));
}

TEST_CASE("a step appended to a finished plan is run") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)");
  CHECK(bench.run().exit == 0);
  bench.step("two", "INSERT INTO t VALUES (1)");
  CHECK(bench.run().status == Ending::done);
  CHECK(bench.count("t") == "1");
}

TEST_CASE("another input on resume is refused, naming both values") {
  RunnerFixture bench;
  fill(bench);
  bench.input("days", InputType::integer);
  bench.input("token", InputType::secret);
  bench.answers.given = {{"days", "007"}, {"token", "s3cret-token"}};
  CHECK(bench.run().exit == 3);
  CHECK(bench.database.value("SELECT inputs::text FROM engine.run") ==
        R"({"days": "7", "token": true})");
  CHECK(bench.database.value("SELECT count(*) FROM engine.answer WHERE answer LIKE '%s3cret%'") ==
        "0");

  bench.database.sql("CREATE TABLE mend (n int)");
  bench.answers.given["days"] = "8";
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK(refused.error->code() == Code::edited);
  CHECK_THAT(refused.error->message(),
             ContainsSubstring("days is 8 now, but this run started with 7"));

  bench.answers.given.erase("days");
  CHECK(bench.run().exit == 0);
  bench.answers.given["days"] = "9";
  CHECK(bench.run().exit == 5);
}

TEST_CASE("a secret that a resume does not know is asked for again") {
  RunnerFixture bench;
  fill(bench);
  bench.input("token", InputType::secret);
  bench.answers.given["token"] = "s3cret-token";
  CHECK(bench.run().exit == 3);
  bench.database.sql("CREATE TABLE mend (n int)");
  bench.answers.given.clear();
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK(refused.error->code() == Code::answer_missing);
}

TEST_CASE("an input that a resume was the first to ask for is kept with the run") {
  RunnerFixture bench;
  bench.input("name");
  bench.answers.given = {{"name", "x"}};
  bench.step("one", "SELECT 1");
  bench.step("two", "SELECT 1/0");
  CHECK(bench.run().exit == 3);
  bench.input("late");
  bench.answers.given = {{"late", "now"}};
  CHECK(bench.run().exit == 3);
  CHECK(bench.database.value("SELECT inputs FROM engine.run") == R"({"late": "now", "name": "x"})");
  bench.answers.given = {{"late", "later"}};
  const RunFinished other = bench.run();
  CHECK(other.exit == 5);
  CHECK_THAT(other.error->message(), ContainsSubstring("started with now"));
}

TEST_CASE("a run that ended between its last step and its end is finished") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)");
  CHECK(bench.run().exit == 0);
  bench.database.sql("UPDATE engine.run SET status = 'running'");
  bench.options.assume_yes = false;
  // No step is left to ask for.
  CHECK(bench.run().exit == 0);
  CHECK(bench.run_status() == "done");
}

TEST_CASE("a second engine is told who holds the lock, and leaves") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t ()").confirm = [] { return "Sure?"; };
  bench.options.assume_yes = false;
  bench.answers.is_interactive = true;
  RunFinished second;
  std::vector<Event> seconds;
  bench.answers.while_thinking = [&] {
    if (second.exit != 0) return;
    RunnerFixture other;
    other.conninfo = bench.conninfo;
    other.step("one", "CREATE TABLE t ()");
    second = other.run();
    seconds = other.events;
  };
  CHECK(bench.run().exit == 0);
  CHECK(second.exit == 5);
  CHECK(second.status == Ending::refused);
  CHECK(second.error->code() == Code::lock_held);
  CHECK_THAT(second.error->message(), ContainsSubstring("pid"));
  const auto* told = std::get_if<RunStarted>(&seconds.front().body);
  REQUIRE(told != nullptr);
  CHECK(told->target == "the bench");
}

// The first engine is in its step when the second command is given, and ends before that has the
// lock.
TEST_CASE("a command that waited while a living engine ended its run changes nothing") {
  RunnerFixture bench;
  RunnerFixture other;
  other.conninfo = bench.conninfo;
  other.options.lock_patience = std::chrono::minutes{2};
  std::atomic<int> pid{0};
  std::atomic<bool> ended{false};
  bench.step(
      "one",
      [&] {
        bench.exec("CREATE TABLE t ()");
        pid = bench.session->connection().backend_pid();
        await_polls(bench, pid);
      },
      "DROP TABLE t");
  Step& same = other.step("one", "CREATE TABLE t ()", "DROP TABLE t");
  other.plan.tasks.emplace_back();
  other.plan.tasks.back().id = "care";
  other.plan.tasks.back().run = {test::block("DELETE FROM pg_temp.nothing")};
  same.checksum = bench.plan.steps.front().checksum;

  const auto command = GENERATE(0, 1, 2);
  RunFinished second;
  std::thread waiter{[&] {
    while (pid == 0 && !ended) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    second = command == 0 ? other.rollback() : command == 1 ? other.task("care") : other.run();
  }};
  const RunFinished first = bench.run();
  ended = true;
  waiter.join();
  INFO(test::message_of(first) << " | " << test::message_of(second));
  CHECK(first.exit == 0);
  CHECK(bench.database.value("SELECT to_regclass('t')") == "t");
  CHECK(bench.run_status() == "done");
  if (command == 2) {
    CHECK(second.status == Ending::nothing_to_do);
  } else {
    CHECK(second.exit == 5);
    REQUIRE(second.error);
    CHECK(second.error->code() == Code::lock_held);
    CHECK_THAT(second.error->message(), ContainsSubstring("while this command waited"));
    CHECK_THAT(second.error->message(), ContainsSubstring("the run is done now"));
  }
}

TEST_CASE("a run whose journal came from another database is resumed only when told to") {
  RunnerFixture bench;
  fill(bench);
  CHECK(bench.run().exit == 3);
  bench.database.sql("CREATE TABLE mend (n int); UPDATE engine.run SET system_identifier = 1");
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->message(), ContainsSubstring("another database"));
  CHECK(bench.count("mend") == "0");
  CHECK_THAT(bench.rollback().error->message(), ContainsSubstring("another database"));
  const RunFinished unresolved = bench.resolve(bench.plan.steps[0].id, Resolution::undone);
  CHECK_THAT(unresolved.error->message(), ContainsSubstring("another database"));
  CHECK(bench.journaled(bench.plan.steps[0].id) == "done");
  bench.options.accept_edits = true;
  CHECK(bench.run().exit == 0);
  CHECK(bench.database.value("SELECT system_identifier <> 1 FROM engine.run") == "t");
  bench.database.sql("UPDATE engine.run SET system_identifier = 1");
  CHECK(bench.rollback().exit == 0);
}
