// The assistant platform: tenants apart, one migration back at a time, its tasks, and databases
// that are not quite the guide's.
#include <regex>

#include "base/file.h"
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string name = "assistant_platform";

const std::string tables =
    "SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM information_schema.tables WHERE"
    " table_schema = 'public' AND table_name IN ('conversations', 'messages', 'feedback',"
    " 'usage_metrics')";
const std::string recorded =
    "SELECT string_agg(version, ' ' ORDER BY version) FROM supabase_migrations.schema_migrations";

// As the application does for one of its people.
std::string as_person(int number, const std::string& sql) {
  return "BEGIN; SELECT set_config('request.jwt.claims', jsonb_build_object('sub', md5('person " +
         std::to_string(number) + "')::uuid)::text, true); SET LOCAL ROLE authenticated; " + sql +
         "; COMMIT";
}

// Persons 1 and 2 belong to different tenants.
const std::string one_chat =
    "INSERT INTO conversations (tenant_id, user_id) SELECT tenant_id, id FROM users;"
    " INSERT INTO messages (conversation_id, role, content) SELECT id, 'user', 'Hello!' FROM"
    " conversations;"
    " INSERT INTO feedback (message_id, user_id, rating) SELECT id, auth.uid(), 1 FROM messages;"
    " SELECT increment_usage_metrics(tenant_id, id, CURRENT_DATE, 1, 500, 0.01) FROM users";

Ended task(const Example& example, const std::string& id, const Words& flags = {}) {
  return example.command("task", Words{id} + example.unattended() + flags);
}

// An SQL block of the guide, by the heading that it stands under.
std::string of_guide(const std::string& heading) {
  const std::string text = engine::file::read(source("docs/guides/assistant_platform.md"));
  const std::size_t begin = text.find("```sql", text.find("### " + heading)) + 6;
  return text.substr(begin, text.find("```", begin) - begin);
}

}  // namespace

TEST_CASE("the four migrations make what the guide names, and enter themselves in the list") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  const Database& database = example.database;
  CHECK(database.value(tables) == "conversations feedback messages usage_metrics");
  CHECK(database.value("SELECT string_agg(n::text, ' ') FROM (SELECT count(*) AS n FROM pg_policies"
                       " WHERE tablename IN ('conversations', 'messages', 'feedback',"
                       " 'usage_metrics') GROUP BY tablename) p") == "4 4 4 4");
  CHECK(database.value("SELECT string_agg(matviewname, ' ' ORDER BY matviewname) FROM pg_matviews"
                       " WHERE ispopulated") == "message_feedback_summary monthly_usage_summary");
  CHECK(database.value("SELECT reloptions FROM pg_class WHERE relname = 'current_day_usage'") ==
        "{security_invoker=true}");
  CHECK(database.value(recorded) == "001 002 003 004 005 006");
}

TEST_CASE("two tenants write, and neither sees, changes or counts for the other") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const Database& database = example.database;
  database.sql(as_person(1, one_chat));
  database.sql(as_person(2, one_chat));
  CHECK(database.value("SELECT count(DISTINCT tenant_id) FROM conversations") == "2");
  const std::string other = database.value(
      "SELECT id FROM messages WHERE conversation_id IN"
      " (SELECT id FROM conversations WHERE user_id ="
      " md5('person 2')::uuid)");
  CHECK_THROWS_WITH(database.sql(as_person(1, "UPDATE feedback SET message_id = '" + other + "'")),
                    ContainsSubstring("row-level security"));
  for (const char* table : {"usage_metrics", "feedback", "messages", "conversations"}) {
    CAPTURE(table);
    database.sql(as_person(1, std::string{"DO $$ BEGIN ASSERT (SELECT count(*) FROM "} + table +
                                  ") = 1; END $$; DELETE FROM " + table));
    CHECK(database.value(std::string{"SELECT count(*) FROM "} + table) == "1");
  }
  for (const char* view : {"message_feedback_summary", "monthly_usage_summary"}) {
    CHECK_THROWS_WITH(database.sql(as_person(1, std::string{"SELECT FROM "} + view)),
                      ContainsSubstring("permission denied"));
  }
}

TEST_CASE("each migration is undone by itself, the later ones before it") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  const Picture migrated = example.picture();
  const Database& database = example.database;
  const auto back_to = [&](const std::string& phase) {
    const Ended rollback = example.rollback(example.unattended() + Words{"--to", phase});
    INFO(rollback.all());
    CHECK(rollback.status == 0);
    return database.value(tables) + ", " + database.value(recorded);
  };
  CHECK(back_to("005") == "conversations feedback messages, 001 002 003 004 005");
  CHECK(back_to("004") == "conversations messages, 001 002 003 004");

  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK(changes(migrated, example.picture()) == Words{});
  CHECK(back_to("003") == "conversations, 001 002 003");
  CHECK(example.rollback().status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a rollback asks for tables with rows, and keeps them out of the API's reach") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  const Picture before = example.picture();
  REQUIRE(example.run().status == 0);
  example.database.sql(as_person(1, one_chat));

  const Ended refused = example.rollback(
      example.unattended() + Words{"--set", "006_create_usage_metrics_table:rollback=no"});
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK(has(refused.all(), "Take usage_metrics away with its 1 rows"));
  CHECK(example.database.value("SELECT count(*) FROM usage_metrics") == "1");

  const Ended rollback = example.rollback();
  INFO(rollback.all());
  CHECK(rollback.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
  CHECK(example.database.value("SELECT count(*) FROM engine_trash_messages.messages") == "1");
  CHECK_THROWS_WITH(
      example.database.sql(as_person(1, "SELECT FROM engine_trash_messages.messages")),
      ContainsSubstring("permission denied"));

  // What was kept is in nobody's way.
  const Ended again = example.run();
  INFO(again.all());
  CHECK(again.status == 0);
  example.database.sql(as_person(1, one_chat));
  const Ended back_again = example.rollback();
  INFO(back_again.all());
  CHECK(back_again.status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("the guide's complete rollback ends in an error, and ours does not") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const Picture migrated = example.picture();
  CHECK_THROWS_WITH(example.database.sql(of_guide("Complete Rollback (All Tables)")),
                    ContainsSubstring("other objects depend on it"));
  CHECK(changes(migrated, example.picture()) == Words{});
}

TEST_CASE("the shared trigger function is made where it is missing, and goes with what made it") {
  if (!server_is_at_least(15)) return;
  const Example example{name, "DROP FUNCTION update_updated_at_column() CASCADE"};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(example.database.value("SELECT to_regproc('update_updated_at_column')") ==
        "update_updated_at_column");
  CHECK(example.rollback().status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a project without Supabase's list of migrations is migrated all the same") {
  if (!server_is_at_least(15)) return;
  const Example example{name, "DROP SCHEMA supabase_migrations CASCADE"};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK(example.rollback().status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a migration that was applied by hand is found done, and undone like any other") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  const Picture before = example.picture();
  example.database.sql(
      "SET ROLE plan_owner; " +
      engine::file::read(source("plans/assistant_platform/003_create_conversations_table.sql")));
  const Ended run = example.run();
  INFO(run.all());
  REQUIRE(run.status == 0);
  CHECK(example.database.value(recorded) == "001 002 004 005 006");
  CHECK(example.rollback().status == 0);
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("somebody else's table of the name is left alone, with a word on what DROP would do") {
  if (!server_is_at_least(15)) return;
  const Example example{name,
                        "CREATE TABLE conversations (id serial); INSERT INTO conversations"
                        " DEFAULT VALUES"};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 3);
  CHECK(has(run.err, "42P07"));
  CHECK(has(run.err, "DROP … CASCADE would delete it"));
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("a database where the policies could not work is not migrated") {
  if (!server_is_at_least(15)) return;
  const auto [change, reason] = GENERATE(table<std::string, std::string>({
      {"DROP POLICY \"People see themselves\" ON users",
       "Row security on public.users hides people from themselves"},
      {"ALTER TABLE users DROP COLUMN tenant_id CASCADE", "public.users.tenant_id"},
      {"DROP SCHEMA auth CASCADE", "auth.uid()"},
      {"ALTER TABLE users RENAME TO people", "public.users"},
  }));
  const Example example{name, change};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status != 0);
  CHECK(has(run.all(), reason));
  CHECK(changes(before, example.picture()) == Words{});
}

TEST_CASE("verify finds a policy that was left over, and row security that was switched off") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const auto verified = [&](const std::string& change) {
    example.database.sql(change);
    const Ended verify = example.command("verify", example.target());
    CHECK(verify.status == 4);
    return verify.all();
  };
  CHECK(has(verified("CREATE POLICY debug ON messages USING (true)"), "debug"));
  CHECK(has(verified("DROP POLICY debug ON messages;"
                     " ALTER TABLE feedback DISABLE ROW LEVEL SECURITY"),
            "row security"));
  CHECK(has(verified("ALTER TABLE feedback ENABLE ROW LEVEL SECURITY;"
                     " GRANT SELECT ON monthly_usage_summary TO anon"),
            "anon"));
  CHECK(has(verified("REVOKE SELECT ON monthly_usage_summary FROM anon;"
                     " DROP INDEX idx_messages_conversation_created"),
            "idx_messages_conversation_created"));
}

TEST_CASE("the tasks that look print tables") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(as_person(1, one_chat));
  const std::vector<std::pair<std::string, std::string>> all{
      {"active-users", "active_users"},
      {"feedback-sentiment", "1         0        1.00"},
      {"token-usage", "Boreal Analytics"},
      {"check-row-security", "usage_metrics  t                    4"},
      {"check-parents", "amber-analytics"},
      {"rebuild-indexes", "idx_messages_conversation_created"},
      {"weekly", "index_size"},
  };
  for (const auto& [id, shown] : all) {
    const Ended looked = task(example, id);
    INFO(looked.all());
    CHECK(looked.status == 0);
    CHECK_THAT(looked.out, ContainsSubstring(shown));
  }
}

TEST_CASE("the daily task brings the summaries up to date") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(as_person(1, one_chat));
  CHECK(example.database.value("SELECT count(*) FROM message_feedback_summary") == "0");
  const Ended daily = task(example, GENERATE(as<std::string>{}, "daily", "refresh"));
  INFO(daily.all());
  CHECK(daily.status == 0);
  CHECK(example.database.value("SELECT positive FROM message_feedback_summary") == "1");
  CHECK(example.database.value("SELECT total_tokens FROM monthly_usage_summary") == "500");
}

TEST_CASE("the monthly task archives what is old, and does not make it look new") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  const Database& database = example.database;
  database.sql(
      "INSERT INTO conversations (tenant_id, user_id, title, updated_at)"
      " SELECT tenant_id, id, n || ' months', now() - n * interval '1 month'"
      " FROM (SELECT * FROM users LIMIT 1) u, generate_series(1, 12) n");
  const std::string times =
      "SELECT md5(string_agg(updated_at::text, '|' ORDER BY id)) FROM"
      " conversations";
  const std::string before = database.value(times);
  const Ended monthly = task(example, "monthly", {"--set", "archive_after=9 months"});
  INFO(monthly.all());
  CHECK(monthly.status == 0);
  CHECK(has(monthly.out, "conversations archived"));
  CHECK(database.value("SELECT string_agg(title, ', ' ORDER BY updated_at DESC) FROM conversations"
                       " WHERE is_archived AND title <> '9 months'") ==
        "10 months, 11 months, 12 months");
  CHECK(database.value(times) == before);
}

TEST_CASE("the usage before a day goes into a file for the warehouse") {
  if (!server_is_at_least(15)) return;
  const Example example{name};
  REQUIRE(example.run().status == 0);
  example.database.sql(
      "INSERT INTO usage_metrics (tenant_id, user_id, date, message_count, total_tokens,"
      " estimated_cost) SELECT tenant_id, id, d::date, 3, 1500, 0.25 FROM (SELECT * FROM users "
      "ORDER"
      " BY email LIMIT 1) u, generate_series('2025-12-30'::date, '2026-01-02', '1 day') d");
  const Ended unanswered = task(example, "export-usage");
  CHECK(unanswered.status == 5);
  CHECK(has(unanswered.all(), "before"));
  const Ended exported = task(example, "export-usage", {"--set", "before=2026-01-01"});
  INFO(exported.all());
  REQUIRE(exported.status == 0);
  CHECK(has(exported.out, "2 rows in"));
  const std::string file =
      engine::file::read(example.folder.file("output/usage_metrics_before_2026-01-01.csv"));
  CHECK_THAT(file, ContainsSubstring("tenant_id,user_id,date,message_count,total_tokens"));
  CHECK_THAT(file, ContainsSubstring(",2025-12-31,3,1500,0.250000\n"));
  CHECK(std::count(file.begin(), file.end(), '\n') == 3);
}

TEST_CASE("a server without security_invoker is refused before anything is touched") {
  if (server_is_at_least(15)) return;
  const Example example{name};
  const Picture before = example.picture();
  const Ended run = example.run();
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK(changes(before, example.picture()) == Words{});
}
