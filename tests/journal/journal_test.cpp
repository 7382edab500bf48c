#include "journal/journal.h"

#include "base/redactor.h"
#include "db/pipeline.h"
#include "db/transaction.h"
#include "journal/open.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::journal;
using test::error_of;

namespace {

struct Fixture {
  test::Database database;
  db::Connection connection = connect(database);
  Journal journal = Journal::open(connection, "engine");

  std::string begin(const std::string& plan = "p") {
    RunRow run;
    run.plan = plan;
    run.plan_checksum = "abc";
    run.inputs = R"({"preserve": true})";
    return connection.execute(journal.begin_run(run, "return plan")).text(0, "id");
  }

  StepRow step(const std::string& run, const std::string& name, std::int64_t position,
               engine::event::StepState status) {
    StepRow row;
    row.run = run;
    row.step = name;
    row.title = name;
    row.position = position;
    row.status = status;
    row.checksum = "c";
    return row;
  }
};

}  // namespace

TEST_CASE("a run begins with an id of its start, epoch 1 and the server's identity") {
  Fixture f;
  const std::string id = f.begin();
  CHECK(id.size() == 20);
  CHECK(id.substr(0, 8) ==
        f.database.value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')"));
  const auto run = f.journal.run(id);
  REQUIRE(run);
  CHECK(run->status == engine::event::RunState::running);
  CHECK(run->epoch == 1);
  CHECK(run->state == "{}");
  CHECK(run->inputs == R"({"preserve": true})");
  CHECK(run->finished_at == "");
  CHECK_FALSE(run->steps);
  CHECK(run->server == f.journal.server());
  CHECK(run->server.database ==
        std::stol(
            f.database.value("SELECT oid FROM pg_database WHERE datname = current_database()")));
  CHECK(f.database.value("SELECT backend_pid FROM engine.run") ==
        std::to_string(f.connection.backend_pid()));
}

TEST_CASE("the session is named after its run, for whoever looks") {
  Fixture f;
  const std::string id = f.begin();
  const auto name_of_session = [&] {
    return f.database.value(
        fmt::format("SELECT application_name FROM pg_stat_activity WHERE pid = {}",
                    f.connection.backend_pid()));
  };
  CHECK(name_of_session() == "engine/" + id + "/1");
  f.connection.execute(f.journal.take_epoch(id));
  CHECK(name_of_session() == "engine/" + id + "/2");
}

TEST_CASE("what a resume needs comes in one round trip") {
  Fixture f;
  f.begin();
  const std::string id = f.begin();
  f.begin("another");
  f.connection.execute(f.journal.record_step(f.step(id, "b", 2, engine::event::StepState::failed)));
  f.connection.execute(f.journal.record_step(f.step(id, "a", 1, engine::event::StepState::done)));
  f.connection.execute(f.journal.record_answer(id, "drop_backup", "no", "flag"));
  f.connection.execute(f.journal.record_state(id, R"({"n": 1})"));

  const long before = f.connection.round_trips();
  const Loaded loaded = f.journal.load("p");
  CHECK(f.connection.round_trips() - before == 1);
  REQUIRE(loaded.run);
  CHECK(loaded.run->id == id);
  CHECK(loaded.run->state == R"({"n": 1})");
  REQUIRE(loaded.steps.size() == 2);
  CHECK(loaded.steps[0].step == "a");
  CHECK(loaded.steps[1].status == engine::event::StepState::failed);
  REQUIRE(loaded.answers.size() == 1);
  CHECK(loaded.answers[0].source == "flag");
  CHECK_FALSE(f.journal.load("unknown").run);
}

TEST_CASE("the latest run is the last begun, whatever the clock said") {
  Fixture f;
  const std::string first = f.begin();
  const std::string second = f.begin();
  f.database.sql("UPDATE engine.run SET started_at = started_at - interval '1 day' WHERE id = '" +
                 second + "'");
  CHECK(f.journal.latest("p")->id == second);
  CHECK(f.journal.runs(10).front().id == second);
  CHECK(f.journal.runs(1).size() == 1);
}

TEST_CASE("a step's row is replaced, not doubled") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(f.journal.record_step(f.step(id, "a", 1, engine::event::StepState::intent)));
  StepRow done = f.step(id, "a", 1, engine::event::StepState::done);
  done.rows = 5000;
  done.ms = 12;
  f.connection.execute(f.journal.record_step(done));
  const auto steps = f.journal.steps(id);
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].status == engine::event::StepState::done);
  CHECK(steps[0].rows == 5000);
  CHECK(steps[0].ms == 12);
  CHECK(steps[0].finished_at.back() == 'Z');
}

TEST_CASE("a step's row goes with its transaction") {
  Fixture f;
  const std::string id = f.begin();
  {
    db::Transaction transaction{f.connection};
    f.connection.execute(f.journal.record_step(f.step(id, "a", 1, engine::event::StepState::done)));
  }
  CHECK(f.journal.steps(id).empty());
}

TEST_CASE("an engine of an older epoch finds no row and cannot commit a step") {
  Fixture f;
  const std::string id = f.begin();
  auto other = connect(f.database);
  const Journal others = Journal::open(other, "engine");
  CHECK(f.connection.execute(f.journal.check_epoch(id, 1)).size() == 1);
  CHECK(other.execute(others.take_epoch(id)).integer(0, "epoch") == 2);
  CHECK(f.connection.execute(f.journal.check_epoch(id, 1)).empty());
  CHECK(other.execute(others.check_epoch(id, 2)).size() == 1);
}

TEST_CASE("an engine takes up again only the epoch that it held") {
  Fixture f;
  const std::string id = f.begin();
  CHECK(f.connection.execute(f.journal.take_epoch(id, 1)).integer(0, "epoch") == 2);
  CHECK(f.connection.execute(f.journal.take_epoch(id, 1)).empty());
  CHECK(f.connection.execute(f.journal.check_epoch(id, 2)).size() == 1);
}

TEST_CASE("nobody takes a run over while a step of it commits") {
  Fixture f;
  const std::string id = f.begin();
  db::Transaction step{f.connection};
  f.connection.execute(f.journal.check_epoch(id, 1));
  auto other = connect(f.database);
  const Journal others = Journal::open(other, "engine");
  other.query("SET lock_timeout = '100ms'");
  CHECK(error_of([&] { other.execute(others.take_epoch(id)); }).sqlstate() == "55P03");
  f.connection.execute(f.journal.record_state(id, R"({"k": "v"})"));
  step.commit();
  CHECK(other.execute(others.take_epoch(id)).integer(0, "epoch") == 2);
}

TEST_CASE("checks are kept in their order, with every byte that text may hold") {
  Fixture f;
  const std::string id = f.begin();
  const std::string odd = "quote ' \" back \\ line\nend, ä, {}, $1";
  f.connection.execute(
      f.journal.record_checks(id, {{"s", "t", "first", true, odd, odd},
                                   {"s", "", "second", false, "1", std::string{"a\0b", 3}}}));
  f.connection.execute(f.journal.record_checks(id, {}));
  CHECK(
      f.database.value("SELECT string_agg(name || ok, ',' ORDER BY sequence) FROM engine.check") ==
      "firsttrue,secondfalse");
  CHECK(f.database.value("SELECT expected FROM engine.check WHERE name = 'first'") == odd);
  CHECK(f.database.value("SELECT actual FROM engine.check WHERE name = 'second'") == "a b");
}

TEST_CASE("invalid UTF-8 does not lose a check") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(f.journal.record_checks(id, {{"s", "", "n", false, "\xff", ""}}));
  CHECK(f.database.value("SELECT count(*) FROM engine.check") == "1");
}

TEST_CASE("attempts are kept beside the step") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(
      f.journal.record_attempt(f.step(id, "a", 1, engine::event::StepState::failed), "retried",
                               "55P03", "lock not available"));
  f.connection.execute(f.journal.record_attempt(
      f.step(id, "a", 1, engine::event::StepState::failed), "failed", "23505", "duplicate key"));
  CHECK(f.database.value("SELECT string_agg(outcome || ' ' || sqlstate, ', ' ORDER BY sequence)"
                         " FROM engine.attempt") == "retried 55P03, failed 23505");
}

TEST_CASE("the event log takes rows and gives none back") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(f.journal.record_event(id, "a", "interrupted", R"({"signal": 2})"));
  f.connection.execute(f.journal.record_event("", "", "opened", ""));
  for (const char* change : {"UPDATE engine.event SET step = 'x'", "DELETE FROM engine.event",
                             "TRUNCATE engine.event"}) {
    const Error error = error_of([&] { f.connection.execute(change); });
    CHECK(error.sqlstate() == "55000");
    CHECK(error.message() == "rows of engine.event are only ever added");
  }
  CHECK(f.database.value("SELECT data->>'signal' FROM engine.event WHERE step = 'a'") == "2");
  CHECK(f.database.value("SELECT count(*) FROM engine.event WHERE event <> 'session'") == "2");
}

TEST_CASE("what a person repaired replaces the step's status and is kept beside it") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(
      f.journal.record_step(f.step(id, "a", 1, engine::event::StepState::rollback_failed)));
  StepRow repaired = f.step(id, "a", 1, engine::event::StepState::rolled_back);
  repaired.reason = "dropped by hand";
  f.connection.execute(f.journal.record_resolution(repaired));
  f.connection.execute(
      f.journal.record_resolution(f.step(id, "never tried", 2, engine::event::StepState::done)));
  CHECK(f.journal.steps(id)[0].status == engine::event::StepState::rolled_back);
  CHECK(f.journal.steps(id)[1].status == engine::event::StepState::done);
  CHECK(f.database.value(
            "SELECT string_agg(concat_ws('>', status_before, status_after), ',' ORDER BY sequence)"
            " FROM engine.resolution") == "rollback_failed>rolled_back,>done");
  CHECK(error_of([&] { f.connection.execute("DELETE FROM engine.resolution"); }).sqlstate() ==
        "55000");
}

TEST_CASE("a run ends with its status and may go on") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(f.journal.finish_run(id, engine::event::RunState::done));
  CHECK(f.journal.run(id)->status == engine::event::RunState::done);
  CHECK(f.journal.run(id)->finished_at != "");
  f.connection.execute(f.journal.finish_run(id, engine::event::RunState::rolling_back));
  CHECK(f.journal.run(id)->finished_at == "");
  CHECK(error_of([&] {
          f.connection.execute("UPDATE engine.run SET status = 'finished'");
        }).sqlstate() == "23514");
}

TEST_CASE("every text that a run was executed with is kept, the latest first") {
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(f.journal.record_plan(id, "new", "return other", 3));
  CHECK(f.journal.run(id)->steps == 3);
  CHECK(f.journal.run(id)->plan_checksum == "new");
  const auto texts = f.journal.plan_texts(id);
  REQUIRE(texts.size() == 2);
  CHECK(texts[0].source == "return other");
  CHECK(texts[1].source == "return plan");
  f.connection.execute(f.journal.record_plan(id, "abc", "return plan", 2));
  CHECK(f.journal.run(id)->steps == 2);
  CHECK(f.journal.run(id)->plan_checksum == "abc");
  CHECK(f.journal.plan_texts(id).size() == 2);
}

TEST_CASE("a transaction is found again by its name where it committed, and only there") {
  Fixture f;
  const std::string id = f.begin();
  {
    db::Transaction transaction{f.connection};
    f.connection.execute(f.journal.name_write(id, "1.1"));
  }
  CHECK_FALSE(f.journal.has_written(id, "1.1"));
  f.connection.execute(f.journal.name_write(id, "1.2"));
  CHECK(f.journal.has_written(id, "1.2"));
  CHECK_FALSE(f.journal.has_written(f.begin(), "1.2"));
}

TEST_CASE("no secret reaches a column of the journal") {
  redactor::add_secret("hunter2!");
  Fixture f;
  const std::string id = f.begin();
  f.connection.execute(f.journal.record_answer(id, "key", "hunter2!", "prompt"));
  f.connection.execute(
      f.journal.record_checks(id, {{"s", "", "n hunter2!", false, "hunter2!", "is hunter2!"}}));
  f.connection.execute(
      f.journal.record_attempt(f.step(id, "a", 1, engine::event::StepState::pending), "failed", "",
                               "password hunter2! refused"));
  f.connection.execute(f.journal.record_event(id, "a", "said", R"({"text": "hunter2!"})"));
  f.connection.execute(f.journal.record_plan(id, "c", "local key = 'hunter2!'", 1));
  StepRow step = f.step(id, "a", 1, engine::event::StepState::skipped);
  step.reason = "hunter2! was there";
  f.connection.execute(f.journal.record_step(step));
  CHECK(f.database.value("SELECT count(*) FROM (SELECT r::text AS t FROM engine.run r UNION ALL "
                         "SELECT s::text FROM engine.step s"
                         " UNION ALL SELECT a::text FROM engine.attempt a UNION ALL SELECT c::text "
                         "FROM engine.check c"
                         " UNION ALL SELECT w::text FROM engine.answer w UNION ALL SELECT e::text "
                         "FROM engine.event e) AS all_rows"
                         " WHERE t LIKE '%hunter2%'") == "0");

  const Error error = error_of([&] { f.journal.record_state(id, R"({"key": "hunter2!"})"); });
  CHECK(error.code() == Code::argument);
  CHECK(error.message() == "the state would carry a secret into the journal");
}

TEST_CASE("the commands travel in a pipeline") {
  Fixture f;
  const std::string id = f.begin();
  db::Pipeline pipeline{f.connection};
  pipeline.add({"BEGIN", {}});
  pipeline.add(f.journal.check_epoch(id, 1));
  pipeline.add(f.journal.record_checks(id, {{"a", "", "n", true, "", ""}}));
  pipeline.add(f.journal.record_state(id, R"({"x": null})"));
  pipeline.add(f.journal.record_step(f.step(id, "a", 1, engine::event::StepState::done)));
  pipeline.add({"COMMIT", {}});
  const long before = f.connection.round_trips();
  pipeline.run();
  CHECK(f.connection.round_trips() - before == 1);
  CHECK(f.journal.steps(id).size() == 1);
}

TEST_CASE("a journal in a schema of another name is a journal of its own") {
  Fixture f;
  const Journal other = Journal::open(f.connection, "engine_b");
  f.begin();
  CHECK(other.runs(10).empty());
  CHECK(f.journal.runs(10).size() == 1);
}
