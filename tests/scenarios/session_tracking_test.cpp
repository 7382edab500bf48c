// Session tracking: whose columns they are, what a rollback keeps, and who else uses them by then.
#include "db/connection.h"
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string name = "session_tracking";

// As the personas' migration does: the same name, another meaning.
constexpr const char* of_another_migration =
    "ALTER TABLE conversations ADD COLUMN session_id text;"
    " COMMENT ON COLUMN conversations.session_id IS 'The guest''s session';"
    " CREATE INDEX idx_conversations_guest ON conversations (session_id);"
    " UPDATE conversations SET session_id = 'guest-' || left(id::text, 4)"
    " WHERE id IN (SELECT id FROM conversations ORDER BY id LIMIT 50)";

// 12 conversations in two sessions, 5 of them and one more in an experiment.
constexpr const char* labels =
    "UPDATE conversations c SET session_id = 'run ' || n % 2,"
    " experiment_name = CASE WHEN n <= 5 THEN 'shorter answers' END"
    " FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM conversations) o"
    " WHERE o.id = c.id AND n <= 12;"
    " UPDATE conversations SET experiment_name = 'longer answers'"
    " WHERE id = (SELECT max(id::text)::uuid FROM conversations)";

std::string kept(const Example& example) {
  return example.database.value(
      "SELECT min(oid::regclass::text) FROM pg_class WHERE relkind = 'r'"
      " AND relnamespace = to_regnamespace('engine_backup')");
}

std::string columns(const Example& example) {
  return example.database.value(
      "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute WHERE attrelid ="
      " 'conversations'::regclass AND attname IN ('session_id', 'experiment_name')");
}

Words with(const Example& example, const std::string& answer) {
  return example.unattended() + Words{"--set", answer};
}

}  // namespace

TEST_CASE("the analysis names the views, functions and policies that use conversations") {
  const Example example{name};
  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  for (const char* user :
       {"view open_conversations", "view model_usage", "function start_conversation(text,text)",
        "function touch_conversation()",
        "policy Users reach the messages of their conversations on table messages",
        "constraint messages_conversation_id_fkey on table messages"}) {
    CHECK(has(run.out, user));
  }
  CHECK(example.database.value(
            "SELECT string_agg(indexdef, '; ' ORDER BY indexname) FROM pg_indexes WHERE tablename"
            " = 'conversations' AND indexdef ~ 'WHERE'") ==
        "CREATE INDEX idx_conversations_experiment_name ON public.conversations USING btree"
        " (experiment_name) WHERE (experiment_name IS NOT NULL); "
        "CREATE INDEX idx_conversations_session_id ON public.conversations USING btree"
        " (session_id) WHERE (session_id IS NOT NULL); "
        "CREATE INDEX idx_conversations_user_session ON public.conversations USING btree"
        " (user_id, session_id) WHERE (session_id IS NOT NULL)");
  CHECK(columns(example) == "experiment_name session_id");
}

TEST_CASE("a function that inserts without naming columns stops the run before the change") {
  const Example example{name,
                        "CREATE FUNCTION copy_all() RETURNS void LANGUAGE plpgsql AS $$ BEGIN"
                        " INSERT INTO conversations SELECT * FROM open_conversations; END $$"};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 3);  // the code was answered for; nothing else happened
  CHECK(has(run.all(), "no function inserts into conversations without naming columns"));
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("the five parts of the verification script are what verify repeats") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(labels);
  const Ended verify = example.command("verify", example.target());
  INFO(verify.all());
  CHECK(verify.status == 0);
  for (const char* part :
       {"Test 1: Checking if new columns exist", "Test 2: Testing backward compatibility",
        "Test 3: Testing INSERT compatibility", "Test 4: Testing filter queries",
        "Test 5: Checking existing data"}) {
    CHECK(has(verify.out, part));
  }
  example.database.sql("DROP INDEX idx_conversations_session_id");
  const Ended missing = example.command("verify", example.target());
  INFO(missing.all());
  CHECK(missing.status == 4);
  CHECK(has(missing.all(), "idx_conversations_session_id"));
}

TEST_CASE("removing the columns keeps what they hold, asked and counted") {
  const Example example{name};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  // The table's own trigger leaves updated_at alone, so the labels are all that changes.
  example.database.sql(labels);

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  REQUIRE(rollback.status == 0);
  CHECK(has(rollback.out, "Remove the session and the experiment of 13 conversations?"));
  CHECK(has(rollback.out, "13 rows of conversations kept in " + kept(example)));
  CHECK(example.database.value("SELECT count(*) || ' ' || count(session_id) || ' ' ||"
                               " count(experiment_name) FROM " +
                               kept(example)) == "13 12 6");
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("option 2 leaves the columns and their values, and a new run may adopt them") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(labels);
  const Picture migrated = example.picture();
  const Ended rollback = example.rollback(with(example, "rollback_option=keep"));
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(has(rollback.out, "unused and harmless"));
  CHECK(changes(migrated, example.picture()) == Words{});

  const Ended asked = example.run();
  INFO(asked.all());
  CHECK(asked.status == 5);
  CHECK(has(asked.err, "--set existing="));
  const Ended adopted = example.run(with(example, "existing=adopt"));
  INFO(adopted.all());
  CHECK(adopted.status == 0);
  CHECK(changes(migrated, example.picture()) == Words{});
  CHECK(example.rollback().status == 0);
  CHECK(columns(example).empty());
}

TEST_CASE("a session_id of another migration is asked for, shared, and left by the rollback") {
  const Example example{name};
  example.database.sql(of_another_migration);
  const Picture before = example.picture();

  const Ended asked = example.run();
  INFO(asked.all());
  CHECK(asked.status == 5);
  CHECK(changes(before, example.picture()) == Words{});

  const Ended run = example.run(with(example, "existing=share"));
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(example.database.value("SELECT count(session_id) FROM conversations") == "50");
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("what others made of the columns since is not taken from them: the rollback refuses") {
  const auto [change, user] = GENERATE(table<std::string, std::string>({
      {"CREATE VIEW sessions AS SELECT session_id, count(*) FROM conversations GROUP BY 1",
       "view sessions"},
      {"CREATE INDEX of_personas ON conversations (session_id, created_at)", "index of_personas"},
      {"CREATE POLICY mine ON conversations USING (experiment_name = 'open')", "policy mine"},
  }));
  const Example example{name};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  example.database.sql(change);
  const Picture migrated = example.picture();

  const Ended refused = example.rollback();
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(has(refused.err, "others use conversations."));
  CHECK(has(refused.err, user));
  CHECK(has(refused.err, "--set rollback_option=keep"));
  CHECK(changes(migrated, example.picture()) == Words{});

  // The run stands as it did.
  const Ended again = example.run();
  INFO(again.all());
  CHECK(has(again.out, "Nothing to do"));

  const Ended kept = example.rollback(with(example, "rollback_option=keep"));
  INFO(kept.all());
  CHECK(kept.status == 0);
  CHECK(changes(migrated, example.picture()) == Words{});
}

TEST_CASE("an index of the same name that is another one is found, and left alone") {
  const Example example{name,
                        "CREATE INDEX idx_conversations_user_session ON conversations (title)"};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 3);
  CHECK(has(run.all(), "idx_conversations_user_session"));
  CHECK(has(run.all(), "it is another one"));
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("without llm_model_id, or without the right to change the table, nothing is touched") {
  SECTION("a column is missing") {
    const Example example{name, "ALTER TABLE conversations DROP COLUMN llm_model_id CASCADE"};
    const Ended run = example.run();
    INFO(run.all());
    CHECK(run.status == 5);
    CHECK(has(run.err, "conversations.llm_model_id"));
    CHECK(columns(example).empty());
  }
  SECTION("somebody else owns the table") {
    const Example example{name, "ALTER TABLE conversations OWNER TO postgres"};
    const Picture before = example.picture();
    const Ended run = example.run();
    INFO(run.all());
    CHECK(run.status == 3);
    CHECK(has(run.err, "connect as the owner of conversations"));
    CHECK(changes(before, example.picture()) == Words{});
  }
}

TEST_CASE("the columns wait for a long reader without keeping the others out, and come") {
  const Example example{name};
  Surroundings here;
  here.folder = example.folder.path();
  auto reader =
      engine::db::Connection::open(engine::db::Target::parse(example.database.conninfo()));
  reader.execute("BEGIN");
  reader.execute("LOCK TABLE conversations IN ACCESS SHARE MODE");
  Program run{Words{"run", example.plan} + example.unattended(), here};
  const bool waited = run.says("attempt 1 failed");
  const std::string meanwhile = example.database.value("SELECT count(*) FROM conversations");
  reader.execute("COMMIT");
  const Ended result = run.wait();
  INFO(result.all());
  CHECK(waited);
  CHECK(meanwhile == "4000");
  CHECK(result.status == 0);
}

TEST_CASE("the task counts what is labelled and shows the indexes") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(labels);
  const Ended task = example.command("task", Words{"monitor"} + example.target());
  INFO(task.all());
  CHECK(task.status == 0);
  CHECK(has(task.out, "idx_conversations_user_session"));
  CHECK(has(task.out, "4000"));
  CHECK(has(task.out, "experiments"));
}
