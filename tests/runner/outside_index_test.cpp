// What a step outside a transaction did with indexes is decided by definition and by what stood
// before its intent, whether an SQL block or a function sent the statement.
#include <chrono>
#include <thread>

#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;
using namespace std::chrono_literals;

namespace {

sql::Statement statement(const std::string& text) { return sql::split(text).at(0); }

// Two rows of the same a: a unique index on it cannot be built.
struct Place {
  Place() {
    bench.database.sql(
        "CREATE TABLE t (a int, b int, s text); INSERT INTO t VALUES (1, 1, 'x'), (1, 2, 'y')");
  }

  Step& outside(const std::string& run, const std::string& undo = "") {
    Step& step = bench.step("one", run, undo);
    step.transaction = TransactionMode::none;
    return step;
  }
  /// As db.exec does.
  std::function<void()> function(const std::string& text) {
    return [this, text] { bench.session->execute(statement(text), {}, {"plans/bench.lua", 7}); };
  }
  Step& by_function(std::function<void()> run, const std::string& undo = "") {
    Step& step = bench.step("one", std::move(run), undo);
    step.transaction = TransactionMode::none;
    return step;
  }
  std::string definition(const std::string& index) const {
    return bench.database.value("SELECT pg_get_indexdef(to_regclass('" + index + "'))");
  }
  std::string validity(const std::string& index) const {
    return bench.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('" +
                                index + "')");
  }
  bool noted(const std::string& words) const {
    for (const Note& note : bench.told<Note>()) {
      if (note.text.find(words) != std::string::npos) return true;
    }
    return false;
  }
  void mend() const { bench.database.sql("DELETE FROM t WHERE b = 2"); }

  RunnerFixture bench;
};

constexpr const char* build = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)";

}  // namespace

TEST_CASE("an index that stood before is never taken for the plan's, nor dropped") {
  Place place;
  RunnerFixture& bench = place.bench;
  const bool by_function = GENERATE(false, true);
  const char* undo = GENERATE("DROP INDEX CONCURRENTLY i", "DROP INDEX i",
                              "DROP INDEX CONCURRENTLY IF EXISTS public.i");
  if (by_function) {
    place.by_function(place.function(build), undo);
  } else {
    place.outside(build, undo);
  }
  bench.database.sql("CREATE INDEX i ON t (b)");
  const std::string others = place.definition("i");
  for (int attempt = 0; attempt < 2; ++attempt) {
    const RunFinished failed = bench.run();
    REQUIRE(failed.error);
    CHECK(failed.exit != 0);
    CHECK(failed.error->sqlstate() == "42P07");
    CHECK_THAT(failed.error->detail(), ContainsSubstring("Index i existed before"));
    CHECK_THAT(failed.error->hint(), ContainsSubstring("DROP INDEX CONCURRENTLY public.i"));
    CHECK(place.definition("i") == others);
  }
  const RunFinished undone = bench.rollback();
  INFO(test::message_of(undone));
  CHECK(undone.exit == 0);
  CHECK(place.definition("i") == others);
}

TEST_CASE("a rollback drops the indexes that the step made, and no other") {
  Place place;
  RunnerFixture& bench = place.bench;
  const bool in_transaction = GENERATE(false, true);
  Step& step = place.outside("CREATE INDEX CONCURRENTLY j ON t (b); CREATE INDEX i ON t (s)");
  Undo undo;
  undo.run = {test::block("DROP INDEX i, j"),
              Function{place.function("DROP INDEX IF EXISTS i"), {}}};
  if (in_transaction) undo.transaction = TransactionMode::one;
  step.rollback = undo;
  bench.database.sql("CREATE INDEX i ON t (b)");
  CHECK(bench.run().error->sqlstate() == "42P07");
  CHECK(bench.journaled("one") == "intent");
  CHECK(place.validity("j") == "t");
  const RunFinished undone = bench.rollback();
  INFO(test::message_of(undone));
  CHECK(undone.exit == 0);
  CHECK(place.definition("j").empty());
  CHECK(place.validity("i") == "t");
  CHECK(place.noted("index i was kept: it existed before the step began"));
}

TEST_CASE("a rollback leaves what stood before a step that was cut off before it did anything") {
  Place place;
  RunnerFixture& bench = place.bench;
  place.by_function([] { throw std::runtime_error("died"); }, "DROP INDEX CONCURRENTLY i");
  bench.database.sql("CREATE INDEX i ON t (b)");
  CHECK(bench.run().exit != 0);
  CHECK(bench.journaled("one") == "intent");
  // A newer entry of the catalog does not make it a newer index.
  bench.database.sql("ALTER INDEX i SET (fillfactor = 90)");
  CHECK(bench.rollback().exit == 0);
  CHECK(place.validity("i") == "t");
  CHECK(place.noted("index i was kept"));
}

TEST_CASE("a rollback drops no index that its step was cut off before it made") {
  Place place;
  RunnerFixture& bench = place.bench;
  const std::string run =
      "CREATE INDEX CONCURRENTLY i ON t (b); SELECT 1/0; CREATE INDEX j ON t (s)";
  place.outside(run, "DROP INDEX CONCURRENTLY j; DROP INDEX i");
  REQUIRE(bench.run().exit == 3);
  REQUIRE(bench.journaled("one") == "intent");
  const RunFinished undone = bench.rollback();
  INFO(test::message_of(undone));
  CHECK(undone.exit == 0);
  CHECK(place.noted("index j does not exist"));
  CHECK(place.definition("i").empty());
}

TEST_CASE("a finished step whose index is gone fails to roll back") {
  Place place;
  RunnerFixture& bench = place.bench;
  place.outside("CREATE INDEX CONCURRENTLY i ON t (b)", "DROP INDEX CONCURRENTLY i");
  REQUIRE(bench.run().exit == 0);
  bench.database.sql("DROP INDEX i");
  const RunFinished failed = bench.rollback();
  CHECK(failed.exit == 6);
  CHECK(failed.error->sqlstate() == "42704");
}

TEST_CASE("a rollback makes no index that its step was cut off before it dropped") {
  Place place;
  RunnerFixture& bench = place.bench;
  bench.database.sql("CREATE INDEX i ON t (b)");
  const std::string before = place.definition("i");
  const bool same = GENERATE(true, false);
  const bool by_function = GENERATE(false, true);
  const std::string undo =
      same ? "CREATE INDEX CONCURRENTLY i ON t USING btree (b)" : "CREATE INDEX i ON t (s)";
  Step& step = place.outside("SELECT 1; SELECT 1/0; DROP INDEX CONCURRENTLY i", undo);
  if (by_function) std::get<Undo>(step.rollback).run = {plan::Function{place.function(undo), {}}};
  REQUIRE(bench.run().exit == 3);
  const RunFinished undone = bench.rollback();
  INFO(test::message_of(undone));
  CHECK(place.definition("i") == before);
  CHECK(undone.exit == (same ? 0 : 6));
  if (same) CHECK(place.noted("index i still exists"));
}

TEST_CASE("an index that IF NOT EXISTS found is left by the rollback of the finished step") {
  Place place;
  place.outside(
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (b);"
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS j ON t (a)",
      "DROP INDEX CONCURRENTLY i; DROP INDEX CONCURRENTLY j");
  place.bench.database.sql("CREATE INDEX i ON t (b)");
  CHECK(place.bench.run().exit == 0);
  CHECK(place.bench.rollback().exit == 0);
  CHECK(place.validity("i") == "t");
  CHECK(place.definition("j").empty());
}

TEST_CASE("an index that somebody made after the step began and before its statement stays too") {
  Place place;
  RunnerFixture& bench = place.bench;
  place.by_function(
      [&] {
        bench.database.sql("CREATE INDEX IF NOT EXISTS i ON t (b)");
        place.function(build)();
      },
      "DROP INDEX CONCURRENTLY i");
  CHECK(bench.run().error->sqlstate() == "42P07");
  CHECK(bench.rollback().exit == 0);
  CHECK(place.validity("i") == "t");
}

TEST_CASE("after a failure, an index of the name and another definition is not taken for done") {
  Place place;
  RunnerFixture& bench = place.bench;
  place.outside(build, "DROP INDEX CONCURRENTLY i");
  CHECK(bench.run().error->sqlstate() == "23505");
  const char* by_hand = GENERATE("CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a, b)",
                                 "CREATE UNIQUE INDEX i ON t (a) WHERE a > 1",
                                 "CREATE UNIQUE INDEX i ON t (a) INCLUDE (b)");
  place.mend();
  bench.database.sql("DROP INDEX i");
  bench.database.sql(by_hand);
  CHECK(bench.run().error->sqlstate() == "42P07");
  bench.database.sql("DROP INDEX i; CREATE UNIQUE INDEX i ON public.t USING btree (\"a\")");
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(place.noted("index i was finished before the interruption"));
}

TEST_CASE("an index is recognised however its definition is written") {
  Place place;
  RunnerFixture& bench = place.bench;
  bench.database.sql(
      "CREATE SCHEMA \"Odd\"; CREATE TABLE \"Odd\".\"T t\" (n int, s text); CREATE COLLATION c "
      "(locale = 'C');"
      "CREATE FUNCTION f(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT upper($1)'");
  const char* text = GENERATE(
      "CREATE INDEX CONCURRENTLY i ON \"Odd\".\"T t\" (lower(s) DESC NULLS LAST, (n+1)) WHERE n>1 "
      "AND s<>'a'",
      "CREATE INDEX CONCURRENTLY ON \"Odd\".\"T t\" (f(s), (\"T t\".n*2))",
      "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS U&\"\\0069\" ON ONLY \"Odd\" . \"T t\" -- x\n"
      "(s COLLATE c text_pattern_ops) INCLUDE (n) WITH (fillfactor=70)",
      "CREATE INDEX i ON \"Odd\".U&\"T!0020t\" UESCAPE '!' USING hash(n)",
      "CREATE INDEX CONCURRENTLY "
      "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg"
      " ON \"Odd\".\"T t\" (n)");
  bool died = false;
  const bool by_function = GENERATE(false, true);
  if (by_function) {
    place.by_function(place.function(text));
  } else {
    place.outside(text);
  }
  bench.on_event = [&](const Event& event) {
    if (!std::holds_alternative<StatementDone>(event.body) || died) return;
    died = true;
    throw std::runtime_error("died");
  };
  CHECK(bench.run().exit != 0);
  CHECK(bench.journaled("one") == "intent");
  const RunFinished finished = bench.run();
  INFO(text << "\n" << test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(place.noted("was finished before the interruption"));
  CHECK(bench.told<StatementDone>().size() == 1);
  CHECK(bench.database.value(
            "SELECT count(*) FROM pg_index WHERE indrelid = '\"Odd\".\"T t\"'::regclass") == "1");
}

TEST_CASE("an INVALID index that stood before ends as done in no spelling") {
  Place place;
  RunnerFixture& bench = place.bench;
  CHECK_THROWS(bench.connect().execute(build));
  REQUIRE(place.validity("i") == "f");
  place.mend();

  SECTION("IF NOT EXISTS of the same definition builds it anew and says so") {
    const bool by_function = GENERATE(false, true);
    const std::string text = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)";
    if (by_function) {
      place.by_function(place.function(text));
    } else {
      place.outside(text);
    }
    const RunFinished finished = bench.run();
    INFO(test::message_of(finished));
    CHECK(finished.exit == 0);
    CHECK(place.validity("i") == "t");
    CHECK(place.noted("dropped index i, which was INVALID before this step"));
  }
  SECTION("IF NOT EXISTS of another definition, or on another table, fails and leaves it") {
    bench.database.sql("CREATE TABLE u (a int)");
    place.outside(GENERATE("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (b)",
                           "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON u (a)"));
    for (int attempt = 0; attempt < 2; ++attempt) {
      const RunFinished failed = bench.run();
      CHECK(failed.exit != 0);
      CHECK_THAT(failed.error->message(), ContainsSubstring("index i is INVALID"));
      CHECK(place.validity("i") == "f");
    }
  }
  SECTION("without IF NOT EXISTS it is in the way") {
    place.outside(build);
    const RunFinished failed = bench.run();
    CHECK(failed.error->sqlstate() == "42P07");
    CHECK_THAT(failed.error->detail(),
               ContainsSubstring("Index i existed before this statement, INVALID"));
    CHECK(place.validity("i") == "f");
  }
}

TEST_CASE("a step whose function swallowed the failure of a build is not done") {
  Place place;
  RunnerFixture& bench = place.bench;
  place.by_function([&] {
    try {
      place.function(build)();
    } catch (const Error&) {
    }
  });
  const RunFinished failed = bench.run();
  CHECK(failed.exit == 3);
  CHECK_THAT(failed.error->message(), ContainsSubstring("index i is INVALID"));
  CHECK(bench.journaled("one") == "intent");
  place.mend();
  CHECK(bench.run().exit == 0);
  CHECK(place.validity("i") == "t");
}

TEST_CASE("a `done` that an INVALID index satisfies does not end the step") {
  Place place;
  RunnerFixture& bench = place.bench;
  Step& step = place.outside(build);
  step.done = [&] {
    return Condition{bench.query("SELECT to_regclass('i') IS NOT NULL") == "t", ""};
  };
  CHECK(bench.run().error->sqlstate() == "23505");
  place.mend();
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(place.validity("i") == "t");
  CHECK(place.noted("`done` is true, but index i is INVALID"));
}

TEST_CASE("an edited step drops what its former text left") {
  Place place;
  RunnerFixture& bench = place.bench;
  Step& step = place.outside(build, "DROP INDEX i");
  CHECK(bench.run().error->sqlstate() == "23505");
  step.run = {test::block("CREATE INDEX CONCURRENTLY i ON t (b)")};
  step.checksum = "edited";
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK_THAT(place.definition("i"), ContainsSubstring("(b)"));
  CHECK(bench.rollback().exit == 0);
  CHECK(place.definition("i").empty());
}

TEST_CASE("a DROP that was cut off drops no later index of the name") {
  Place place;
  RunnerFixture& bench = place.bench;
  bench.database.sql("CREATE INDEX i ON t (b)");
  place.outside("DROP INDEX CONCURRENTLY i; SELECT 1/0");
  CHECK(bench.run().exit == 3);
  CHECK(place.definition("i").empty());
  bench.database.sql("CREATE INDEX i ON t (a)");
  Step& step = bench.plan.steps.front();
  step.run = {test::block("DROP INDEX CONCURRENTLY i")};
  step.checksum = "edited";
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(place.validity("i") == "t");
  CHECK(place.noted("index i was dropped before the interruption"));
}

TEST_CASE("another session's build is waited for by a person, not taken over") {
  Place place;
  RunnerFixture& bench = place.bench;
  db::Connection holder = bench.connect();
  holder.execute("BEGIN");
  holder.execute("INSERT INTO t VALUES (9, 9, 'z')");
  std::thread builder{[&] {
    db::Connection other = bench.connect();
    other.execute("CREATE INDEX CONCURRENTLY i ON t (b)");
  }};
  while (place.validity("i").empty()) std::this_thread::sleep_for(5ms);
  place.outside("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (b)");
  const RunFinished refused = bench.run();
  holder.execute("COMMIT");
  builder.join();
  REQUIRE(refused.error);
  CHECK(refused.error->code() == Code::refused);
  CHECK_THAT(refused.error->message(), ContainsSubstring("another session is building index i"));
  CHECK(bench.run().exit == 0);
  CHECK(place.validity("i") == "t");
}

TEST_CASE(
    "a step's own role builds, the journal keeps the session's, and a missing right is named") {
  Place place;
  RunnerFixture& bench = place.bench;
  const std::string role = bench.database.name() + "_owner";
  bench.database.sql("CREATE ROLE " + role + "; ALTER TABLE t OWNER TO " + role +
                     "; GRANT CREATE ON SCHEMA public TO " + role +
                     "; REVOKE TEMPORARY ON DATABASE " + bench.database.name() + " FROM PUBLIC");
  place.outside("SET ROLE " + role + "; CREATE INDEX CONCURRENTLY i ON t (b)");
  bool died = false;
  bench.on_event = [&](const Event& event) {
    const auto* done = std::get_if<StatementDone>(&event.body);
    if (done == nullptr || done->tag != "CREATE INDEX" || died) return;
    died = true;
    throw std::runtime_error("died");
  };
  CHECK(bench.run().exit != 0);
  CHECK(place.validity("i") == "t");
  const RunFinished refused = bench.run();
  REQUIRE(refused.error);
  CHECK(refused.error->code() == Code::refused);
  CHECK_THAT(refused.error->message(),
             ContainsSubstring("permission denied to create temporary tables"));
  CHECK_THAT(refused.error->hint(),
             ContainsSubstring("engine resolve plans/bench.lua \"one\" --done"));
  bench.database.sql("GRANT TEMPORARY ON DATABASE " + bench.database.name() + " TO " + role);
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  bench.database.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_CASE("an index of a partitioned table that waits for its partitions is whole") {
  Place place;
  RunnerFixture& bench = place.bench;
  bench.database.sql(
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN "
      "(1)");
  place.outside(
      "CREATE INDEX pi ON ONLY p (a); CREATE INDEX CONCURRENTLY IF NOT EXISTS p1i ON p1 (a)",
      "DROP INDEX pi; DROP INDEX p1i");
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.rollback().exit == 0);
  CHECK(place.definition("p1i").empty());
}
