#include <regex>

#include "base/file.h"
#include "bindings/expecting.h"

namespace {

constexpr const char* setup = R"lua(
  INSERT INTO auth.users (id, email) VALUES ('00000000-0000-0000-0000-00000000000a', 'a@example.com'),
                                            ('00000000-0000-0000-0000-00000000000b', 'b@example.com');
  CREATE TABLE sessions (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users, name text);
  ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON sessions USING (auth.uid() = user_id);
  INSERT INTO sessions (user_id, name) SELECT id, email FROM auth.users;
  CREATE TABLE open_to_all AS SELECT 1 AS n;
)lua";

std::string library(const std::string& file) { return engine::file::read(LIB_LUA "/" + file); }

/// A Supabase database with two users and a session of each, and `supabase` as a word.
class Supabase : public test::Expecting {
 public:
  Supabase() : Expecting(library("supabase.sql") + setup) {}

  std::string checks(const std::string& code) { return Expecting::checks(with_library(code)); }
  std::string run(const std::string& code) { return Expecting::run(with_library(code)); }
  engine::Error failure(const std::string& code) { return Expecting::failure(with_library(code)); }

  /// Who asks, and for whom.
  std::string identity() {
    const auto result = session.connection().query(
        "SELECT pg_catalog.concat_ws(' ', current_user, current_setting('request.jwt.claims', "
        "true),"
        " current_setting('request.jwt.claim.sub', true)) AS who");
    return result.text(0, "who");
  }

 private:
  static std::string with_library(const std::string& code) {
    return "local supabase = (function() " + library("supabase.lua") +
           "\nend)()\nlocal a = '00000000-0000-0000-0000-00000000000a'\n" + code;
  }
};

}  // namespace

TEST_CASE("a user sees the own rows only, a visitor none, the service all") {
  Supabase supabase;
  CHECK(supabase
            .checks(R"lua(
    supabase.as_user(a, function()
      expect.query "SELECT name FROM sessions" :is { { "a@example.com" } }
      expect.query "SELECT auth.uid(), auth.role(), auth.email(), auth.jwt() ->> 'aud'" :is { { a, "authenticated", null, "authenticated" } }
      expect.query "UPDATE sessions SET name = 'mine'" :affects(1)
      expect.query "INSERT INTO sessions (user_id) VALUES ('00000000-0000-0000-0000-00000000000b')" :fails "42501"
      expect.query "SELECT * FROM auth.users" :fails "42501"
      expect.table "sessions" :has_row_security() :has_rows(1) :has_foreign_key { references = "auth.users" }
    end)
    supabase.as_user(a, { email = "a@example.com", app_metadata = { tenant = "t" } }, function()
      expect.query "SELECT auth.email(), auth.jwt() -> 'app_metadata' ->> 'tenant'" :is { { "a@example.com", "t" } }
    end)
    supabase.as_anon(function()
      expect.query "SELECT * FROM sessions" :has_no_rows()
      expect.query "SELECT current_user, auth.uid()" :is { { "anon", null } }
      expect.query "SELECT * FROM open_to_all" :has_rows(1)
    end)
    supabase.as_service_role(function()
      expect.query "SELECT name FROM sessions ORDER BY id" :is { "mine", "b@example.com" }
    end))lua")
            .find("NOT") == std::string::npos);
}

TEST_CASE("role and claims are given back, and what was written stays") {
  Supabase supabase;
  CHECK(supabase.identity() == "postgres");
  supabase.run("supabase.as_user(a, function() db.as_role('anon', {}, function() end) end)");
  CHECK(supabase.identity() == "postgres  ");
  CHECK(supabase
            .checks(R"lua(
    supabase.as_user(a, function()
      expect.query("INSERT INTO sessions (user_id, name) VALUES ($1, 'new')", a):affects(1)
      supabase.as_anon(function() expect.query "SELECT auth.uid()" :equals(null) end)
      expect.query "SELECT auth.uid(), current_user" :is { { a, "authenticated" } }
    end)
    expect.query "SELECT 1 FROM sessions WHERE name = 'new'" :has_rows(1))lua")
            .find("NOT") == std::string::npos);
  CHECK(supabase.identity() == "postgres  ");
}

TEST_CASE("role and claims are given back after an error, which passes on") {
  Supabase supabase;
  SECTION("of the plan") {
    const auto error = supabase.failure(R"lua(
      supabase.as_user(a, function()
        expect.query "UPDATE sessions SET name = 'lost'" :affects(1)
        error "the plan gave up"
      end))lua");
    CHECK_THAT(error.message(), ContainsSubstring("the plan gave up"));
  }
  SECTION("of the server, caught by the plan") {
    CHECK(supabase.run(R"lua(
      local ok, e = pcall(supabase.as_user, a, function() db.as_role("no_such_role", {}, function() end) end)
      return tostring(ok) .. " " .. e.sqlstate)lua") == "false 22023");
  }
  CHECK(supabase.identity().substr(0, 8) == "postgres");
  CHECK(
      supabase
          .checks("expect.table 'sessions' :has_no_rows { where = \"name = 'lost'\" } :has_rows(2)")
          .find("NOT") == std::string::npos);
}

TEST_CASE("working as a user needs an id and a transaction") {
  Supabase supabase;
  CHECK_THAT(supabase.failure("supabase.as_user(nil, function() end)").message(),
             ContainsSubstring("supabase.as_user needs the user's id"));
  CHECK_THAT(supabase.failure("supabase.as_anon()").message(),
             ContainsSubstring("db.as_role: the function must be a function, not nothing"));
  supabase.sql("COMMIT");
  const auto error = supabase.failure("supabase.as_anon(function() end)");
  CHECK(error.code() == engine::Code::wrong_moment);
  CHECK_THAT(error.message(), ContainsSubstring("no transaction is open"));
}

TEST_CASE("the Supabase include loads into a second database of a server, and changes no role") {
  const test::Database one, other;
  one.sql(library("supabase.sql"));
  one.sql("COMMENT ON ROLE anon IS 'as it was'");
  other.sql(library("supabase.sql"));
  CHECK(
      other.value("SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname IN"
                  " ('anon', 'authenticated', 'service_role', 'authenticator') AND NOT rolsuper") ==
      "anon authenticated authenticator service_role");
  CHECK(other.value("SELECT rolbypassrls FROM pg_roles WHERE rolname = 'service_role'") == "t");
  CHECK(other.value(
            "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = 'anon'") ==
        "as it was");
  CHECK(other.value("SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres'") == "t");
  CHECK(other.value("SELECT pubname FROM pg_publication") == "supabase_realtime");
  CHECK(other.value("SELECT storage.foldername('a/b/c.png')::text || storage.filename('a/b/c.png')"
                    " || storage.extension('a/b/c.png')") == "{a,b}c.pngpng");
  other.sql("CREATE TABLE fresh (id integer)");
  CHECK(other.value("SELECT has_table_privilege('anon', 'fresh', 'SELECT, DELETE')") == "t");
}

TEST_CASE("reload_schema speaks to PostgREST") {
  Supabase supabase;
  supabase.run("supabase.reload_schema()");
  CHECK(supabase.session.statements.back() == "NOTIFY pgrst, 'reload schema'");
}

namespace {

/// As on hosted Supabase, where postgres is no superuser: the test server's is one, so the include
/// is loaded with another name in its place.
struct Hosted {
  Hosted() {
    static const std::regex role{"\\bpostgres\\b"};
    database.sql(std::regex_replace(library("supabase.sql"), role, "hosted_postgres"));
  }

  /// As that role.
  void sql(const std::string& text) const {
    database.sql("SET ROLE hosted_postgres; " + text + "; RESET ROLE");
  }
  std::string value(const std::string& query) const {
    return database.value("SET ROLE hosted_postgres; " + query);
  }

  test::Database database;
};

}  // namespace

TEST_CASE("what hosted Supabase refuses to postgres is refused here, in the same words") {
  const Hosted hosted;
  const std::vector<std::pair<std::string, std::string>> refused{
      {"ALTER TABLE auth.users ADD COLUMN nickname text", "must be owner of table users"},
      {"ALTER TABLE auth.identities DISABLE ROW LEVEL SECURITY", "must be owner of table"},
      {"DROP TABLE auth.sessions", "must be owner of table sessions"},
      {"CREATE TABLE auth.extra (id int)", "permission denied for schema auth"},
      {"CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
       "permission denied for schema auth"},
      {"ALTER TABLE storage.objects ADD COLUMN x int", "must be owner of table objects"},
      {"CREATE INDEX ON storage.objects (owner)", "must be owner of table objects"},
      {"ALTER TABLE cron.job ADD COLUMN x int", "must be owner of table job"},
      {"INSERT INTO cron.job (schedule, command) VALUES ('* * * * *', 'SELECT 1')",
       "permission denied for table job"},
      {"SET ROLE supabase_admin", "permission denied to set role"},
      {"SET ROLE supabase_storage_admin", "permission denied to set role"},
      {"ALTER TABLE storage.objects DISABLE ROW LEVEL SECURITY", "must be owner of table objects"},
      {"COMMENT ON TABLE storage.objects IS 'mine'", "must be owner of table objects"},
      {"DROP TABLE storage.objects", "must be owner of table objects"},
      {"CREATE TABLE storage.extra (id int)", "permission denied for schema storage"},
      {"ALTER TABLE realtime.messages ADD COLUMN x int", "must be owner of table messages"},
      {"CREATE TABLE realtime.extra (id int)", "permission denied for schema realtime"},
      {"CREATE POLICY p ON cron.job USING (true)", "must be owner of table job"},
      {"CREATE POLICY p ON vault.secrets USING (true)", "must be owner of table secrets"},
      {"INSERT INTO vault.secrets (secret) VALUES ('x')", "permission denied for table secrets"},
      {"CREATE OR REPLACE FUNCTION supabase_functions.http_request() RETURNS trigger LANGUAGE"
       " plpgsql AS 'BEGIN END'",
       "permission denied for schema supabase_functions"},
      {"COPY (SELECT 1) TO '/tmp/never'", "pg_write_server_files"},
  };
  for (const auto& [statement, message] : refused) {
    CAPTURE(statement);
    CHECK_THROWS_WITH(
        hosted.database.sql("SET SESSION AUTHORIZATION hosted_postgres; " + statement),
        ContainsSubstring(message));
  }
}

TEST_CASE("what hosted Supabase lets postgres do works here") {
  const Hosted hosted;
  hosted.sql(R"(
    INSERT INTO auth.users (id, email) VALUES ('00000000-0000-0000-0000-00000000000a', 'a@example.com');
    INSERT INTO auth.identities (provider_id, provider, user_id, identity_data)
    SELECT id::text, 'email', id, jsonb_build_object('email', upper(email)) FROM auth.users;
    CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE, name text);
    CREATE FUNCTION handle_new_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users
      FOR EACH ROW EXECUTE FUNCTION handle_new_user();
    INSERT INTO storage.buckets (id, name, public) VALUES ('avatars', 'avatars', true);
    ALTER PUBLICATION supabase_realtime ADD TABLE profiles)");
  CHECK(hosted.value("SELECT email FROM auth.identities") == "a@example.com");
  CHECK(hosted.value("SELECT has_table_privilege('anon', 'profiles', 'DELETE')") == "t");
  CHECK(hosted.value("SELECT pg_has_role('pg_read_all_data', 'MEMBER')") == "t");
}

TEST_CASE("jobs are scheduled under their name, changed and taken off, and never run") {
  const Hosted hosted;
  CHECK(hosted.value("SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT 1')") == "1");
  CHECK(hosted.value("SELECT cron.schedule('nightly', '0 4 * * *', 'SELECT 2')") == "1");
  CHECK(hosted.value("SELECT cron.schedule('30 seconds', 'SELECT 3')") != "1");
  CHECK(hosted.value("SELECT concat_ws('|', schedule, command, username, active) FROM cron.job"
                     " WHERE jobname = 'nightly'") == "0 4 * * *|SELECT 2|hosted_postgres|t");
  hosted.sql("SELECT cron.alter_job(1, active => false)");
  CHECK(hosted.value("SELECT active FROM cron.job WHERE jobid = 1") == "f");
  hosted.sql("SELECT cron.unschedule('nightly')");
  CHECK(hosted.value("SELECT count(*) FROM cron.job") == "1");
  CHECK_THROWS_WITH(hosted.sql("SELECT cron.unschedule('nightly')"),
                    ContainsSubstring("could not find valid entry for job 'nightly'"));
  for (const char* schedule : {"*/5 * * * *", "@daily", "0 22 * * 1-5", "0 0 1 jan sun"}) {
    CHECK_NOTHROW(hosted.sql(std::string{"SELECT cron.schedule('"} + schedule + "', 'SELECT 1')"));
  }
  for (const char* schedule : {"every night at three o clock", "* * * *", "60 seconds", ""}) {
    CHECK_THROWS_WITH(
        hosted.sql(std::string{"SELECT cron.schedule('x', '"} + schedule + "', 'SELECT 1')"),
        ContainsSubstring("invalid schedule: "));
  }
  CHECK_THROWS_WITH(hosted.database.sql("SET ROLE anon; SELECT cron.schedule('@daily', 'x')"),
                    ContainsSubstring("permission denied for schema cron"));
}

TEST_CASE("requests are queued, and secrets are kept and found again") {
  const Hosted hosted;
  CHECK(hosted.value(R"(SELECT net.http_post('https://example.com/hook', '{"a": 1}'))") == "1");
  CHECK(hosted.value(R"(SELECT net.http_get('https://example.com', '{"q": "x", "p": 2}'))") == "2");
  CHECK(hosted.value("SELECT method || ' ' || url || ' ' || convert_from(body, 'UTF8') FROM"
                     " net.http_request_queue WHERE id = 1") ==
        R"(POST https://example.com/hook {"a": 1})");
  CHECK(hosted.value("SELECT url FROM net.http_request_queue WHERE id = 2") ==
        "https://example.com?p=2&q=x");
  hosted.sql("SELECT vault.create_secret('s3cret', 'api_key', 'for the hook')");
  CHECK(hosted.value("SELECT decrypted_secret FROM vault.decrypted_secrets WHERE name ="
                     " 'api_key'") == "s3cret");
  CHECK(hosted.value("SELECT count(*) FROM vault.secrets WHERE secret LIKE '%s3cret%'") == "0");
  hosted.sql("SELECT vault.update_secret(id, 'other') FROM vault.secrets");
  CHECK(hosted.value("SELECT decrypted_secret FROM vault.decrypted_secrets") == "other");
  CHECK_THROWS_WITH(hosted.sql("SELECT vault.create_secret('x', 'api_key')"),
                    ContainsSubstring("duplicate key"));
  CHECK_THROWS_WITH(hosted.database.sql("SET ROLE authenticated; SELECT * FROM vault.secrets"),
                    ContainsSubstring("permission denied"));
}

TEST_CASE("extensions that the server lacks have types, and CREATE EXTENSION passes them by") {
  const Hosted hosted;
  hosted.sql(R"(
    CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA extensions;
    CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA extensions;
    CREATE EXTENSION IF NOT EXISTS pg_cron;
    CREATE TABLE places (id int, embedding vector(1536), at geography(Point, 4326),
                         shape extensions.geometry);
    INSERT INTO places VALUES (1, '[1,2,3]', 'POINT(1 2)', NULL))");
  CHECK(hosted.value("SELECT embedding::text || at::text FROM places") == "[1,2,3]POINT(1 2)");
}

TEST_CASE("postgres makes, changes and drops policies on tables that it does not own") {
  const Hosted hosted;
  for (const char* table :
       {"storage.objects", "storage.buckets", "auth.users", "realtime.messages"}) {
    CAPTURE(table);
    const std::string on = std::string{" ON "} + table;
    hosted.sql("CREATE POLICY mine" + on + " FOR SELECT TO authenticated USING (true)");
    hosted.sql("ALTER POLICY mine" + on + " USING (auth.uid() IS NOT NULL)");
    CHECK(hosted.value("SELECT count(*) FROM pg_policies WHERE policyname = 'mine'") == "1");
    // A statement that fails leaves no membership behind either.
    CHECK_THROWS_WITH(hosted.sql("CREATE POLICY mine" + on + " USING (true)"),
                      ContainsSubstring("already exists"));
    hosted.sql("DROP POLICY mine" + on);
  }
  CHECK(hosted.value("SELECT count(*) FROM pg_policies WHERE policyname = 'mine'") == "0");
  CHECK(hosted.value("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
                     " JOIN pg_roles g ON g.oid = m.roleid"
                     " WHERE r.rolname = 'hosted_postgres' AND g.rolname LIKE 'supabase%'") == "0");
  CHECK_THROWS_WITH(hosted.database.sql("SET SESSION AUTHORIZATION authenticated;"
                                        " CREATE POLICY p ON storage.objects USING (true)"),
                    ContainsSubstring("must be owner of table objects"));
  CHECK_THROWS_WITH(
      hosted.sql("CREATE POLICY p ON storage.objects USING (true); DROP TABLE storage.objects"),
      ContainsSubstring("must be owner of table objects"));
}

TEST_CASE("a policy on storage.objects decides what a user sees of a bucket") {
  Supabase supabase;
  supabase.session.connection().script(
      "CREATE POLICY own_folder ON storage.objects FOR SELECT TO authenticated"
      " USING (bucket_id = 'docs' AND (storage.foldername(name))[1] = auth.uid()::text);"
      "INSERT INTO storage.buckets (id, name) VALUES ('docs', 'docs');"
      "INSERT INTO storage.objects (bucket_id, name) VALUES"
      " ('docs', '00000000-0000-0000-0000-00000000000a/cv.pdf'), ('docs', 'other/cv.pdf')");
  CHECK(supabase
            .checks(R"lua(
    supabase.as_user(a, function() expect.query "SELECT name FROM storage.objects" :has_rows(1) end)
    supabase.as_anon(function() expect.query "SELECT name FROM storage.objects" :has_no_rows() end))lua")
            .find("NOT") == std::string::npos);
}

TEST_CASE("messages are sent where a policy lets them, else the server warns") {
  const Hosted hosted;
  hosted.sql(R"(
    CREATE POLICY members ON realtime.messages FOR INSERT TO authenticated
      WITH CHECK (realtime.topic() LIKE 'room:%' AND extension = 'broadcast');
    CREATE TABLE notes (id int, body text);
    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM realtime.broadcast_changes('room:' || NEW.id, TG_OP, TG_OP, TG_TABLE_NAME, TG_TABLE_SCHEMA, NEW, OLD);
      RETURN NEW;
    END $$;
    CREATE TRIGGER told AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION tell())");
  hosted.database.sql(
      "SET ROLE authenticated; INSERT INTO notes VALUES (7, 'hello');"
      " SELECT realtime.send('{}', 'x', 'room:7', false);"
      " SELECT realtime.send('{}', 'x', 'elsewhere')");
  CHECK(hosted.database.value("SELECT string_agg(topic || ' ' || event || ' ' || private, ', '"
                              " ORDER BY event) FROM realtime.messages") ==
        "room:7 INSERT true, room:7 x false");
  CHECK(hosted.database.value("SELECT payload -> 'record' ->> 'body' FROM realtime.messages"
                              " WHERE event = 'INSERT'") == "hello");
  CHECK(hosted.value("SELECT coalesce(realtime.topic(), 'none')") == "none");
  CHECK_THROWS_WITH(hosted.sql("SELECT realtime.broadcast_changes('t', 'e', 'TRUNCATE', 'n', 's',"
                               " NULL::notes, NULL::notes) FROM (SELECT 1) n"),
                    ContainsSubstring("Unexpected operation type: TRUNCATE"));
}

TEST_CASE("a webhook queues its row, and says what it lacks") {
  const Hosted hosted;
  hosted.sql(R"(
    CREATE TABLE orders (id int);
    CREATE TRIGGER hook AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION
      supabase_functions.http_request('https://example.com/hook', 'POST', '{"X": "1"}', '{}', '2000');
    INSERT INTO orders VALUES (5))");
  CHECK(hosted.value("SELECT convert_from(body, 'UTF8')::jsonb -> 'record' ->> 'id' || ' ' || "
                     "timeout_milliseconds FROM net.http_request_queue") == "5 2000");
  CHECK(hosted.value("SELECT hook_name FROM supabase_functions.hooks") == "hook");
  hosted.sql(
      "CREATE TRIGGER bad AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION"
      " supabase_functions.http_request('https://example.com', 'PATCH')");
  CHECK_THROWS_WITH(hosted.sql("DELETE FROM orders"),
                    ContainsSubstring("method argument PATCH is invalid"));
}

TEST_CASE("what a key encrypted comes back with the same data only") {
  const Hosted hosted;
  hosted.sql("SELECT pgsodium.create_key(name => 'mine')");
  CHECK(hosted.value(R"(
    SELECT convert_from(pgsodium.crypto_aead_det_decrypt(
      pgsodium.crypto_aead_det_encrypt('secret', 'data', id), 'data', id), 'UTF8')
    FROM pgsodium.valid_key WHERE name = 'mine')") == "secret");
  CHECK_THROWS_WITH(hosted.value("SELECT pgsodium.crypto_aead_det_decrypt("
                                 "pgsodium.crypto_aead_det_encrypt('s', 'data', id), 'other', id)"
                                 " FROM pgsodium.valid_key"),
                    ContainsSubstring("invalid ciphertext"));
  CHECK_THROWS_WITH(hosted.sql("INSERT INTO pgsodium.key (name) VALUES ('other')"),
                    ContainsSubstring("permission denied for table key"));
  CHECK_THROWS_WITH(hosted.database.sql("SET ROLE anon; SELECT pgsodium.create_key()"),
                    ContainsSubstring("permission denied for schema pgsodium"));
}
