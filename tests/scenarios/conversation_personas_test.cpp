// Conversations with personas: databases that have some of it already, and what guests leave
// behind.
#include "db/connection.h"
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string name = "conversation_personas";

// What somebody would have made of the guide's list: no comments, a key and indexes of their own.
std::string made_by_hand(const std::string& key = "") {
  return "SET ROLE plan_owner; ALTER TABLE conversations ADD COLUMN session_id text,"
         " ADD COLUMN persona_id uuid, ADD COLUMN is_guest_session boolean DEFAULT false,"
         " ADD COLUMN guest_message_count integer DEFAULT 0;"
         " ALTER TABLE conversations ADD CONSTRAINT of_persona FOREIGN KEY (persona_id)"
         " REFERENCES personas (id) " +
         key +
         "; CREATE INDEX idx_conversations_persona ON conversations (persona_id);"
         " CREATE INDEX idx_conversations_guest_session"
         " ON conversations (session_id, is_guest_session); RESET ROLE; ";
}

// Three guests of which one is at the limit, and five conversations with a persona.
constexpr const char* in_use =
    "UPDATE conversations c SET session_id = 'guest ' || n, is_guest_session = true,"
    " guest_message_count = n * 3 + 1"
    " FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM conversations) o"
    " WHERE o.id = c.id AND n <= 3;"
    " UPDATE conversations c SET persona_id = (SELECT min(id::text)::uuid FROM personas)"
    " FROM (SELECT id, row_number() OVER (ORDER BY id DESC) n FROM conversations) o"
    " WHERE o.id = c.id AND n <= 5";

std::string kept(const Example& example) {
  return example.database.value(
      "SELECT min(oid::regclass::text) FROM pg_class WHERE relkind = 'r'"
      " AND relnamespace = to_regnamespace('engine_backup')");
}

Words with(const Example& example, const std::string& answer) {
  return example.unattended() + Words{"--set", answer};
}

// The other plan that adds a session_id, on the same database.
Ended track_sessions(const Example& example, const std::string& command, const Words& more = {}) {
  Surroundings here;
  here.folder = example.folder.path();
  return run_engine(Words{command, source("plans/session_tracking.lua")} + example.target() +
                        Words{"--answers", source("examples/session_tracking/answers.json"), "-y"} +
                        more,
                    here);
}

}  // namespace

TEST_CASE(
    "the columns are what the guide expects, the key is validated, and no row was rewritten") {
  const Example example{name};
  const std::string file = "SELECT pg_relation_filenode('conversations')";
  const std::string before = example.database.value(file);
  const Ended run = example.run(example.unattended() + Words{"-v"});
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(example.database.value(file) == before);
  CHECK(has(run.out, "REFERENCES personas(id) NOT VALID"));
  CHECK(has(run.out, "VALIDATE CONSTRAINT conversations_persona_id_fkey"));
  CHECK(example.database.value(
            "SELECT string_agg(column_name || ' ' || data_type || ' ' || is_nullable || ' ' ||"
            " coalesce(column_default, 'NULL'), ', ' ORDER BY column_name)"
            " FROM information_schema.columns WHERE table_name = 'conversations' AND column_name IN"
            " ('session_id', 'persona_id', 'is_guest_session', 'guest_message_count')") ==
        "guest_message_count integer YES 0, is_guest_session boolean YES false,"
        " persona_id uuid YES NULL, session_id text YES NULL");
  CHECK(example.database.value(
            "SELECT conname || convalidated::text || confdeltype::text || confrelid::regclass::text"
            " FROM pg_constraint WHERE contype = 'f' AND conrelid = 'conversations'::regclass AND"
            " confrelid = 'personas'::regclass") == "conversations_persona_id_fkeytrueapersonas");
}

TEST_CASE("a database that was migrated by hand is asked about, and a run changes nothing there") {
  const Example example{name, made_by_hand() + in_use};
  const Picture before = example.picture();
  const Ended asked = example.run();
  INFO(asked.all());
  CHECK(asked.status == 5);
  CHECK(has(asked.err, "--set existing="));

  const Ended run = example.run(with(example, "existing=adopt"));
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK(has(run.out, "the columns and their key are there already"));
  CHECK(changes(before, example.picture()) == Words{});

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(example.database.value("SELECT count(*) FROM " + kept(example)) == "8");
  CHECK(changes(Example{name}.picture(), example.picture()) == Words{});
}

TEST_CASE("a key that waits for validation is validated while somebody writes") {
  const Example example{name, made_by_hand("NOT VALID")};
  auto writer =
      engine::db::Connection::open(engine::db::Target::parse(example.database.conninfo()));
  writer.execute("BEGIN");
  writer.execute("INSERT INTO conversations (title) VALUES ('begun before, committed after')");
  const Ended run = example.run(with(example, "existing=adopt"));
  INFO(run.all());
  CHECK(run.status == 0);
  writer.execute("COMMIT");
  CHECK(example.database.value("SELECT convalidated FROM pg_constraint"
                               " WHERE conname = 'of_persona'") == "t");
}

TEST_CASE("a persona_id that names no persona is found before anybody trusts the key") {
  const Example example{name, made_by_hand("NOT VALID")};
  example.database.sql(
      "SET session_replication_role = replica;"
      " UPDATE conversations SET persona_id = gen_random_uuid()"
      " WHERE id = (SELECT min(id::text)::uuid FROM conversations)");
  const Ended run = example.run(with(example, "existing=adopt"));
  INFO(run.all());
  CHECK(run.status == 3);
  CHECK(has(run.err, "Some persona_id names no persona"));
}

TEST_CASE("a rollback keeps what the new columns hold, asked and counted") {
  const Example example{name};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  example.database.sql(in_use);

  const Ended no = example.rollback(example.unattended() + Words{"--set", "indexes:rollback=no"});
  INFO(no.all());
  CHECK(no.status == 5);
  const Ended rollback = example.rollback();
  INFO(rollback.all());
  REQUIRE(rollback.status == 0);
  CHECK(has(rollback.out, "Remove what 8 conversations have in the new columns?"));
  CHECK(example.database.value("SELECT count(*) || ' ' || count(session_id) || ' ' ||"
                               " count(persona_id) || ' ' || sum(guest_message_count) FROM " +
                               kept(example)) == "8 3 5 21");
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("more than ten messages of a guest are found by verify") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(in_use);
  const Ended at_the_limit = example.command("verify", example.target());
  INFO(at_the_limit.all());
  CHECK(at_the_limit.status == 0);
  example.database.sql(
      "UPDATE conversations SET guest_message_count = 11"
      " WHERE guest_message_count = 10");
  const Ended beyond = example.command("verify", example.target());
  INFO(beyond.all());
  CHECK(beyond.status == 4);
  CHECK(has(beyond.all(), "No guest has sent more than 10 messages"));

  const Ended task = example.command("task", Words{"guests"} + example.target());
  CHECK(task.status == 0);
  CHECK(has(task.out, "at_the_limit"));
}

TEST_CASE("session tracking came first: its session_id is shared, and left by the rollback") {
  const Example example{name};
  REQUIRE(track_sessions(example, "run").status == 0);
  example.database.sql(
      "UPDATE conversations SET session_id = 'a tracked one'"
      " WHERE id = (SELECT min(id::text)::uuid FROM conversations)");
  const Picture tracked = example.picture();

  const Ended asked = example.run();
  INFO(asked.all());
  CHECK(asked.status == 5);
  CHECK(changes(tracked, example.picture()) == Words{});
  const Ended run = example.run(with(example, "existing=share"));
  INFO(run.all());
  REQUIRE(run.status == 0);

  // The one that came first does not take the column away from the other.
  const Ended refused = track_sessions(example, "rollback");
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(has(refused.err, "index idx_conversations_guest_session"));

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(tracked, example.picture()) == Words{});
  const Ended last = track_sessions(example, "rollback");
  INFO(last.all());
  CHECK(last.status == 0);
  CHECK(changes(Example{name}.picture(), example.picture()) == Words{});
}

TEST_CASE("session tracking came second: the personas' rollback waits for it") {
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const Ended tracking = track_sessions(example, "run", {"--set", "existing=share"});
  INFO(tracking.all());
  REQUIRE(tracking.status == 0);
  const Picture both = example.picture();
  const Ended refused = example.rollback();
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(has(refused.err, "index idx_conversations_session_id"));
  CHECK(changes(both, example.picture()) == Words{});

  REQUIRE(track_sessions(example, "rollback").status == 0);
  CHECK(example.rollback().status == 0);
  CHECK(changes(Example{name}.picture(), example.picture()) == Words{});
}

TEST_CASE("without personas, or without the right to refer to them, the columns do not come") {
  SECTION("there is no such table") {
    const Example example{name, "DROP TABLE personas CASCADE"};
    const Picture before = example.picture();
    const Ended run = example.run();
    INFO(run.all());
    CHECK(run.status == 5);
    CHECK(has(run.err, "table personas"));
    CHECK(changes(before, example.picture()) == Words{});
  }
  SECTION("somebody else owns it") {
    const Example example{
        name,
        "ALTER TABLE personas OWNER TO postgres;"
        " REVOKE ALL ON personas FROM plan_owner, anon, authenticated, service_role"};
    const Picture before = example.picture();
    const Ended run = example.run();
    INFO(run.all());
    CHECK(run.status == 3);  // what only looked stands
    CHECK(has(run.err, "Connect as the owner of conversations and personas"));
    CHECK(changes(before, example.picture()) == Words{});
  }
}

TEST_CASE("a session_id of another type is no session_id") {
  const Example example{name, "ALTER TABLE conversations ADD COLUMN session_id uuid"};
  const Picture before = example.picture();
  const Ended run = example.run(with(example, "existing=share"));
  INFO(run.all());
  CHECK(run.status == 3);
  CHECK(has(run.all(), "session_id"));
  CHECK(has(run.all(), "uuid"));
  CHECK(changes(before, example.picture()) == Words{});
}
