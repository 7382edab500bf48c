#include "bindings/expecting.h"

namespace {

constexpr const char* setup = R"lua(
  CREATE TYPE mood AS ENUM ('calm', 'busy');
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + b';
  CREATE FUNCTION add(a text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT a';
  CREATE TABLE users (id uuid PRIMARY KEY);
  CREATE TABLE sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name varchar(20) NOT NULL DEFAULT 'esquisse',
    approach text NOT NULL CHECK (approach IN ('forward', 'backward')),
    messages jsonb NOT NULL DEFAULT '[]',
    how mood,
    step integer NOT NULL DEFAULT 0,
    number bigint GENERATED ALWAYS AS IDENTITY,
    twice integer GENERATED ALWAYS AS (step * 2) STORED,
    made_at timestamptz DEFAULT now(),
    CONSTRAINT one_name UNIQUE (user_id, name));
  ALTER TABLE sessions ADD CONSTRAINT step_known CHECK (step >= 0) NOT VALID;
  COMMENT ON TABLE sessions IS 'Who is how far';
  COMMENT ON COLUMN sessions.name IS 'chosen by the user';
  CREATE INDEX recent ON sessions (user_id, made_at) WHERE step > 0;
  CREATE INDEX by_lower_name ON sessions (lower(name));
  ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
  CREATE POLICY "own rows" ON sessions FOR SELECT USING (user_id = current_setting('app.user', true)::uuid);
  CREATE POLICY "insert own" ON sessions AS RESTRICTIVE FOR INSERT TO pg_monitor WITH CHECK (step IN (0, 1));
  CREATE TRIGGER touched BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE TRIGGER silent AFTER INSERT OR DELETE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION touch();
  ALTER TABLE sessions DISABLE TRIGGER silent;
  GRANT SELECT, INSERT ON sessions TO pg_monitor;
  GRANT UPDATE (name) ON sessions TO pg_signal_backend;
  CREATE VIEW overview WITH (security_barrier = true) AS SELECT id, name FROM sessions WHERE step IN (1, 2);
  CREATE VIEW one AS SELECT 1 AS n;
  CREATE MATERIALIZED VIEW totals AS SELECT user_id, count(*) AS n FROM sessions GROUP BY 1 WITH NO DATA;
  CREATE UNIQUE INDEX totals_user ON totals (user_id);
  CREATE SEQUENCE invoice_number;
  REVOKE EXECUTE ON FUNCTION add(text) FROM PUBLIC;
)lua";

}  // namespace

TEST_CASE("expect says whether relations exist, and what is nearest") {
  test::Expecting expect{setup};
  CHECK(expect.checks(R"lua(
    expect.table "sessions"
    expect.table "public.sessions"
    expect.view "overview"
    expect.matview "totals"
    expect.sequence "invoice_number"
    expect.no_table "session"
    expect.no_table "overview"
    expect.no_view "sessions"
    expect.no_matview "sessions"
    expect.no_sequence "sessions"
  )lua") ==
        "ok table sessions exists\n"
        "ok table public.sessions exists\n"
        "ok view overview exists\n"
        "ok materialized view totals exists\n"
        "ok sequence invoice_number exists\n"
        "ok there is no table session\n"
        "ok there is no table overview\n"
        "ok there is no view sessions\n"
        "ok there is no materialized view sessions\n"
        "ok there is no sequence sessions");
  CHECK(expect.checks(R"lua(
    expect.table "sesions"
    expect.table "overview"
    expect.view "sessions"
    expect.matview "total"
    expect.sequence "nothing_at_all_like_it"
    expect.no_table "sessions"
    expect.no_view "overview"
    expect.no_matview "totals"
    expect.no_sequence "invoice_number"
  )lua") ==
        "NOT table sesions exists | table sesions | no such table; nearest is sessions\n"
        "NOT table overview exists | table overview | view overview\n"
        "NOT view sessions exists | view sessions | table sessions\n"
        "NOT materialized view total exists | materialized view total"
        " | no such materialized view; nearest is totals\n"
        "NOT sequence nothing_at_all_like_it exists | sequence nothing_at_all_like_it | no such "
        "sequence\n"
        "NOT there is no table sessions | no table sessions | table public.sessions\n"
        "NOT there is no view overview | no view overview | view public.overview\n"
        "NOT there is no materialized view totals | no materialized view totals"
        " | materialized view public.totals\n"
        "NOT there is no sequence invoice_number | no sequence invoice_number"
        " | sequence public.invoice_number");
}

TEST_CASE("a bare name that another schema has is told with that schema") {
  test::Expecting expect{
      "CREATE SCHEMA \"App Data\"; CREATE TABLE \"App Data\".acc_backup (id int);"
      "CREATE SCHEMA other; CREATE TABLE other.acc_backup (id int);"
      "CREATE TABLE acc_backups (id int)"};
  CHECK(expect.checks(R"lua(
    expect.table "acc_backup" :has_rows(0)
    expect.table "public.acc_backups"
    expect.table "public.acc_backup"
    expect.view "acc_backup"
  )lua") ==
        "NOT table acc_backup exists | table acc_backup | no such table on the search_path; there "
        "is \"App Data\".acc_backup and other.acc_backup\n"
        "NOT table acc_backup has 0 rows | 0 rows | no such table on the search_path; there is "
        "\"App Data\".acc_backup and other.acc_backup\n"
        "ok table public.acc_backups exists\n"
        "NOT table public.acc_backup exists | table public.acc_backup | no such table; there is "
        "\"App Data\".acc_backup and other.acc_backup\n"
        "NOT view acc_backup exists | view acc_backup | no such view");
}

TEST_CASE("every check of a chain about a missing table fails and says so") {
  test::Expecting expect{setup};
  CHECK(
      expect.checks(
          R"lua(expect.table "sesions" :has_column "id" :has_primary_key() :has_index "x" :has_row_security()
    :has_policy "p" :has_privileges("pg_monitor", "SELECT") :has_trigger "t" :has_rows(1) :has_rows_of "users")lua") ==
      "NOT table sesions exists | table sesions | no such table; nearest is sessions\n"
      "NOT table sesions has column id | id | no such table; nearest is sessions\n"
      "NOT table sesions has a primary key | PRIMARY KEY | no such table; nearest is sessions\n"
      "NOT table sesions has index x | x | no such table; nearest is sessions\n"
      "NOT table sesions has row security | row security enabled | no such table; nearest is "
      "sessions\n"
      "NOT table sesions has policy \"p\" | \"p\" | no such table; nearest is sessions\n"
      "NOT pg_monitor has SELECT on table sesions | SELECT | no such table; nearest is sessions\n"
      "NOT table sesions has trigger t | t | no such table; nearest is sessions\n"
      "NOT table sesions has 1 row | 1 row | no such table; nearest is sessions\n"
      "NOT table sesions has the rows of users | the rows of users | no such table; nearest is "
      "sessions");
}

TEST_CASE("columns are compared by what is said of them") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(expect.table "sessions" :named "columns"
    :has_column "id"
    :has_column("name", { type = "varchar(20)", null = false, default = "'esquisse'", comment = "chosen by the user"
})
    :has_column { "messages", "jsonb", default = "'[]'" }
    :has_column("step", { type = "int", default = 0 })
    :has_column("how", { type = "mood", null = true, default = null })
    :has_column("number", { type = "int8", identity = true, generated = false })
    :has_column("twice", { generated = true })
    :has_column("made_at", { type = "timestamptz", default = "NOW()" })
    :has_no_column "legacy"
    :columns_are { "id", "user_id", { "name", "character varying(20)", null = false }, "approach", "messages", "how", "step",
                   "number", "twice", "made_at" }
    expect.view "overview" :has_column("name", { type = "varchar(20)" })
  )lua")
            .find("NOT") == std::string::npos);
  CHECK(
      expect.checks(R"lua(expect.table "sessions"
    :has_column "nam"
    :has_column("name", { type = "text", null = true, default = "'other'", comment = "none" })
    :has_column("how", { default = "'calm'" })
    :has_column("step", { default = null, identity = true, generated = true })
    :has_no_column "step"
    :columns_are { "id", "user_id", { "name", "text" }, "approach", "messages", "how", "stepp", "number", "twice", "made_at" }
  )lua") ==
      "ok table sessions exists\n"
      "NOT table sessions has column nam | nam | no such column; nearest is name\n"
      "NOT table sessions has column name | name text null default 'other' comment \"none\""
      " | name character varying(20) not null default 'esquisse'::character varying"
      " comment \"chosen by the user\"\n"
      "NOT table sessions has column how | how default 'calm' | how without default\n"
      "NOT table sessions has column step | step without default generated identity"
      " | step default 0 not generated no identity\n"
      "NOT table sessions has no column step | no column step | step integer\n"
      "NOT table sessions has exactly these columns | id, user_id, name text, approach, messages, "
      "how, stepp, number,"
      " twice, made_at | missing: stepp; not expected: step; different: name character "
      "varying(20)");
}

TEST_CASE("keys and constraints are found by what they do") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(expect.table "sessions"
    :has_primary_key() :has_primary_key { "id" }
    :has_unique { "name", "user_id" } :has_no_unique { "user_id" }
    :has_foreign_key { columns = "user_id", references = "users", on_delete = "cascade", valid = true }
    :has_foreign_key { references = "public.users(id)" }
    :has_check "approach IN ('forward', 'backward')"
    :has_check "step >= 0"
    :has_constraint("step_known", { valid = false })
    :has_constraint("one_name", { definition = "UNIQUE (user_id, name)", deferrable = false })
    :has_no_constraint "two_names"
    :constraints_are { "sessions_pkey", "sessions_user_id_fkey", "sessions_approach_check", "step_known", "one_name" }
    expect.matview "totals" :has_unique "user_id"
  )lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(expect.table "sessions"
    :has_primary_key { "user_id" }
    :has_unique { "user_id" }
    :has_no_unique { "user_id", "name" }
    :has_foreign_key { columns = "user_id", references = "users", on_delete = "SET NULL" }
    :has_foreign_key { references = "mood" }
    :has_check "approach IN ('forward')"
    :has_constraint("step_known", { valid = true })
    :has_constraint "step_know"
    :has_no_constraint "step_known"
    :constraints_are { "sessions_pkey" }
    expect.table "users" :has_foreign_key { references = "sessions" } :has_check "true"
    expect.matview "totals" :has_unique "n"
  )lua") ==
        "ok table sessions exists\n"
        "NOT table sessions has a primary key on (user_id) | PRIMARY KEY (user_id) | PRIMARY KEY "
        "(id)\n"
        "NOT table sessions is unique by (user_id) | UNIQUE (user_id) | UNIQUE (user_id, name); "
        "UNIQUE (id)\n"
        "NOT table sessions is not unique by (user_id, name) | no UNIQUE (user_id, name)"
        " | CREATE UNIQUE INDEX one_name ON public.sessions USING btree (user_id, name)\n"
        "NOT table sessions has a foreign key to users"
        " | FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL"
        " | FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE\n"
        "NOT table sessions has a foreign key to mood | FOREIGN KEY REFERENCES mood"
        " | FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE\n"
        "NOT table sessions has CHECK (approach IN ('forward')) | CHECK (approach IN ('forward'))"
        " | CHECK ((approach = ANY (ARRAY['forward'::text, 'backward'::text])));"
        " CHECK ((step >= 0)) NOT VALID\n"
        "NOT table sessions has constraint step_known | step_known valid | step_known not valid\n"
        "NOT table sessions has constraint step_know | step_know"
        " | no such constraint; nearest is step_known\n"
        "NOT table sessions has no constraint step_known | no constraint step_known"
        " | step_known CHECK ((step >= 0)) NOT VALID\n"
        "NOT table sessions has exactly these constraints | sessions_pkey"
        " | one_name, sessions_approach_check, sessions_pkey, sessions_user_id_fkey, step_known"
        " (not expected: one_name, sessions_approach_check, sessions_user_id_fkey, step_known)\n"
        "ok table users exists\n"
        "NOT table users has a foreign key to sessions | FOREIGN KEY REFERENCES sessions | no "
        "foreign key\n"
        "NOT table users has CHECK (true) | CHECK (true) | no CHECK constraint\n"
        "ok materialized view totals exists\n"
        "NOT materialized view totals is unique by (n) | UNIQUE (n) | UNIQUE (user_id)");
}

TEST_CASE("a unique index that leaves rows out, or is not valid, promises nothing") {
  test::Expecting expect{setup};
  expect.sql("CREATE UNIQUE INDEX partly ON sessions (step) WHERE step > 5");
  expect.sql("CREATE UNIQUE INDEX broken ON sessions (made_at)");
  expect.sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass");
  CHECK(expect.checks("expect.table 'sessions' :has_unique 'step' :has_unique 'made_at'") ==
        "ok table sessions exists\n"
        "NOT table sessions is unique by (step) | UNIQUE (step) | UNIQUE (user_id, name); UNIQUE "
        "(id)\n"
        "NOT table sessions is unique by (made_at) | UNIQUE (made_at) | UNIQUE (user_id, name); "
        "UNIQUE (id)");
  CHECK(expect.checks("expect.table 'sessions' :has_no_unique 'step'") ==
        "ok table sessions exists\nNOT table sessions is not unique by (step) | no UNIQUE (step)"
        " | CREATE UNIQUE INDEX partly ON public.sessions USING btree (step) WHERE (step > 5)");
}

TEST_CASE("indexes must be there, valid and as they are said to be") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(expect.table "sessions"
    :has_index "recent"
    :has_index("recent", { columns = { "user_id", "made_at" }, where = "step > 0", unique = false, method = "btree" })
    :has_index("by_lower_name", { columns = "lower(name)", where = null })
    :has_no_index "old"
    :indexes_are { "sessions_pkey", "one_name", "recent", "by_lower_name" })lua")
            .find("NOT") == std::string::npos);
  expect.sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'recent'::regclass");
  CHECK(expect.checks(R"lua(expect.table "sessions"
    :has_index "recent"
    :has_index("recent", { valid = false })
    :has_index("recnt")
    :has_index("one_name", { columns = "user_id", where = "step = 0", unique = false, method = "hash" })
    :has_no_index "one_name"
    :indexes_are { "sessions_pkey", "one_name", "by_lower_name", "other" })lua") ==
        "ok table sessions exists\n"
        "NOT table sessions has index recent | recent | recent not valid\n"
        "ok table sessions has index recent\n"
        "NOT table sessions has index recnt | recnt | no such index; nearest is recent\n"
        "NOT table sessions has index one_name | one_name not unique using hash on (user_id) where "
        "step = 0"
        " | one_name unique using btree on (user_id, name) without condition\n"
        "NOT table sessions has no index one_name | no index one_name"
        " | CREATE UNIQUE INDEX one_name ON public.sessions USING btree (user_id, name)\n"
        "NOT table sessions has exactly these indexes | sessions_pkey, one_name, by_lower_name, "
        "other"
        " | by_lower_name, one_name, recent, sessions_pkey (missing: other; not expected: recent)");
}

TEST_CASE("row security and policies are compared with what the server prints") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(expect.table "sessions"
    :has_row_security() :has_row_security { forced = false }
    :has_policy "own rows"
    :has_policy("own rows", { command = "select", roles = "public", permissive = true, check = null,
                              using = "user_id = current_setting('app.user', true)::uuid" })
    :has_policy("insert own", { roles = { "pg_monitor" }, permissive = false, check = "step IN (0, 1)"
    })
    :has_no_policy "everybody"
    :policies_are { "insert own", "own rows" }
    expect.policy("sessions", "own rows"):is { command = "SELECT" }
    expect.table "users" :has_no_row_security())lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(expect.table "sessions"
    :has_row_security { forced = true } :has_no_row_security()
    :has_policy "own row"
    :has_policy("own rows", { command = "ALL", roles = "pg_monitor", permissive = false, using = "true", check = "true" })
    :has_no_policy "own rows"
    :policies_are { "own rows" }
    expect.policy("sessions", "insert own"):is { check = "step = 0" }
    expect.policy("sessions", "insert ow")
    expect.table "users" :has_row_security())lua") ==
        "ok table sessions exists\n"
        "NOT table sessions has row security | row security enabled, forced on the owner"
        " | row security enabled, not forced on the owner\n"
        "NOT table sessions has no row security | row security disabled | row security enabled\n"
        "NOT table sessions has policy \"own row\" | \"own row\" | no such policy; nearest is own "
        "rows\n"
        "NOT table sessions has policy \"own rows\""
        " | \"own rows\" as restrictive for ALL to pg_monitor using (true) with check (true)"
        " | \"own rows\" as permissive for SELECT to PUBLIC"
        " using (user_id = (current_setting('app.user'::text, true))::uuid) without with check\n"
        "NOT table sessions has no policy \"own rows\" | no policy \"own rows\" | \"own rows\" for "
        "SELECT to PUBLIC\n"
        "NOT table sessions has exactly these policies | own rows"
        " | insert own, own rows (not expected: insert own)\n"
        "ok table sessions has policy \"insert own\"\n"
        "NOT table sessions has policy \"insert own\" | \"insert own\" with check (step = 0)"
        " | \"insert own\" with check (step = ANY (ARRAY[0, 1]))\n"
        "NOT table sessions has policy \"insert ow\" | \"insert ow\" | no such policy; nearest is "
        "insert "
        "own\n"
        "ok table users exists\n"
        "NOT table users has row security | row security enabled | row security disabled");
}

TEST_CASE("privileges count however a role came by them") {
  test::Expecting expect{setup};
  expect.sql("GRANT pg_monitor TO with_password");
  CHECK(expect
            .checks(R"lua(expect.table "sessions"
    :has_privileges({ "pg_monitor", "with_password" }, "SELECT, insert")
    :has_privileges("postgres", "ALL")
    :has_no_privileges("pg_monitor", "UPDATE, DELETE")
    :has_no_privileges "public"
    :privileges_are("pg_monitor", "INSERT, SELECT")
    expect.routine "add(integer, integer)" :has_privileges("PUBLIC", "EXECUTE")
    expect.routine "add(text)" :has_no_privileges "public"
    expect.sequence "invoice_number" :has_privileges("postgres", "USAGE"))lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(expect.table "sessions"
    :has_privileges("pg_monitor", "SELECT, DELETE")
    :has_no_privileges "pg_monitor"
    :has_no_privileges "pg_signal_backend"
    :has_privileges("pg_signal_backend", "UPDATE")
    :has_no_privileges({ "pg_monitor" }, "SELECT")
    :privileges_are("pg_monitor", "SELECT")
    :has_no_privileges "nobody_here"
    expect.routine "add(text)" :has_privileges("public", "EXECUTE"))lua") ==
        "ok table sessions exists\n"
        "NOT pg_monitor has SELECT and DELETE on table sessions | SELECT, DELETE | SELECT, INSERT\n"
        "NOT pg_monitor has no privilege on table sessions | none | SELECT, INSERT\n"
        "NOT pg_signal_backend has no privilege on table sessions | none | UPDATE on some columns\n"
        "NOT pg_signal_backend has UPDATE on table sessions | UPDATE | UPDATE on some columns\n"
        "NOT pg_monitor has no SELECT on table sessions | no SELECT | SELECT, INSERT\n"
        "NOT pg_monitor has exactly these privileges on table sessions | SELECT | SELECT, INSERT\n"
        "NOT nobody_here has no privilege on table sessions | none | no such role nobody_here\n"
        "ok routine add(text) exists\n"
        "NOT public has EXECUTE on routine add(text) | EXECUTE | none");
}

TEST_CASE("triggers must be there and enabled") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(expect.table "sessions"
    :has_trigger "touched"
    :has_trigger("touched", { ["function"] = "touch()", timing = "before", events = "UPDATE", for_each = "row"
    })
    :has_trigger("silent", { enabled = false, events = { "DELETE", "INSERT" } })
    :has_no_trigger "other"
    :triggers_are { "touched", "silent" })lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(expect.table "sessions"
    :has_trigger "silent"
    :has_trigger "toucher"
    :has_trigger("touched", { ["function"] = "other.touch", timing = "AFTER", events = { "INSERT" }, for_each = "STATEMENT" })
    :has_no_trigger "touched"
    :triggers_are { "touched" })lua") ==
        "ok table sessions exists\n"
        "NOT table sessions has trigger silent | silent | silent disabled\n"
        "NOT table sessions has trigger toucher | toucher | no such trigger; nearest is touched\n"
        "NOT table sessions has trigger touched"
        " | touched AFTER INSERT FOR EACH STATEMENT EXECUTE FUNCTION other.touch()"
        " | touched BEFORE UPDATE FOR EACH ROW EXECUTE FUNCTION public.touch()\n"
        "NOT table sessions has no trigger touched | no trigger touched"
        " | CREATE TRIGGER touched BEFORE UPDATE ON public.sessions FOR EACH ROW EXECUTE "
        "FUNCTION public.touch()\n"
        "NOT table sessions has exactly these triggers | touched | silent, touched (not "
        "expected: silent)");
}

TEST_CASE("routines, options, definitions and comments") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(
    expect.routine "add(int, int)"
      :is { returns = "int", language = "sql", volatility = "immutable", security = "invoker", strict = true }
    expect.routine "touch"
    expect.routine "add"
    expect.routine "add(text)" :has_option("search_path", "") :has_option "search_path" :is { security = "definer" }
    expect.no_routine "add(bigint)"
    expect.no_routine "add(no_such_type)"
    expect.no_routine "subtract"
    expect.table "sessions" :has_comment "Who is how far"
    expect.view "overview" :has_option("security_barrier", true)
      :has_definition "SELECT id, name FROM sessions WHERE step IN (1, 2)")lua")
            .find("NOT") == std::string::npos);
  CHECK(
      expect.checks(R"lua(
    expect.routine "add(integer, integer)" :is { returns = "bigint", language = "plpgsql", volatility = "stable" }
    expect.routine "add(bigint)"
    expect.routine "ad"
    expect.routine "add" :is { returns = "text" }
    expect.no_routine "touch()"
    expect.routine "add(text)" :has_option("search_path", "public") :has_option "work_mem"
    expect.table "sessions" :has_comment "something else"
    expect.table "users" :has_comment "something"
    expect.view "overview" :has_option "security_invoker"
    expect.view "one" :has_definition "SELECT 2 AS n"
    expect.matview "totals" :is_populated())lua") ==
      "ok routine add(integer, integer) exists\n"
      "NOT routine add(integer, integer) is as expected | returns bigint, language plpgsql, stable"
      " | returns integer, language sql, immutable\n"
      "NOT routine add(bigint) exists | routine add(bigint)"
      " | no such routine; there is add(integer,integer), add(text)\n"
      "NOT routine ad exists | routine ad | no such routine; nearest is add\n"
      "ok routine add exists\n"
      "NOT routine add is as expected | returns text | more than one: add(integer,integer), "
      "add(text)\n"
      "NOT there is no routine touch() | no routine touch() | routine touch()\n"
      "ok routine add(text) exists\n"
      "NOT routine add(text) has option search_path | search_path = public | search_path = \"\"\n"
      "NOT routine add(text) has option work_mem | work_mem set | work_mem not set\n"
      "ok table sessions exists\n"
      "NOT table sessions has its comment | something else | Who is how far\n"
      "ok table users exists\n"
      "NOT table users has its comment | something | no comment\n"
      "ok view overview exists\n"
      "NOT view overview has option security_invoker | security_invoker set | security_invoker not "
      "set\n"
      "ok view one exists\n"
      "NOT view one has its definition | SELECT 2 AS n | SELECT 1 AS n\n"
      "ok materialized view totals exists\n"
      "NOT materialized view totals is populated | populated | not populated");
}

TEST_CASE("roles, types, schemas and extensions") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(
    expect.role "pg_monitor" :is_member_of "pg_read_all_settings"
    expect.no_role "nobody_here"
    expect.type "mood" :labels_are { "calm", "busy" }
    expect.type "public.mood"
    expect.type "timestamptz"
    expect.no_type "sessions"
    expect.schema "public"
    expect.no_schema "old"
    expect.extension "plpgsql"
    expect.no_extension "dblink")lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(
    expect.role "pg_monitr"
    expect.role "pg_monitor" :is_member_of "postgres" :is_member_of "postgre"
    expect.no_role "postgres"
    expect.type "moody"
    expect.type "mood" :labels_are { "busy", "calm" }
    expect.no_type "mood"
    expect.schema "publik"
    expect.no_schema "public"
    expect.extension "plpgsq"
    expect.no_extension "plpgsql")lua") ==
        "NOT role pg_monitr exists | role pg_monitr | no such role; nearest is pg_monitor\n"
        "ok role pg_monitor exists\n"
        "NOT role pg_monitor is a member of postgres | member of postgres | no member of "
        "postgres\n"
        "NOT role pg_monitor is a member of postgre | member of postgre | no such role; nearest "
        "is postgres\n"
        "NOT there is no role postgres | no role postgres | role postgres\n"
        "NOT type moody exists | type moody | no such type; nearest is mood\n"
        "ok type mood exists\n"
        "NOT type mood has exactly these labels | busy, calm | calm, busy\n"
        "NOT there is no type mood | no type mood | type public.mood\n"
        "NOT schema publik exists | schema publik | no such schema; nearest is public\n"
        "NOT there is no schema public | no schema public | schema public\n"
        "NOT extension plpgsq exists | extension plpgsq | no such extension; nearest is plpgsql\n"
        "NOT there is no extension plpgsql | no extension plpgsql | extension plpgsql");
}

TEST_CASE("a wrong word or argument is an error that names the nearest") {
  test::Expecting expect{setup};
  const auto message = [&](const std::string& code) { return expect.failure(code).message(); };
  CHECK(message("expect.tables 'sessions'") ==
        "expect has no \"tables\"; did you mean expect.table?");
  CHECK(message("expect.table 'sessions' :has_colum 'id'") ==
        "expect.table has no method \"has_colum\"; did you mean \"has_column\"?");
  CHECK(message("expect.table 'sessions' :has_column('id', { typ = 'uuid' })") ==
        "expect.table:has_column has no option \"typ\"; did you mean \"type\"?");
  CHECK(message("expect.table 'sessions' :has_column('id', { type = 'not a type' })") ==
        "\"not a type\" of column id is no type");
  CHECK(message("expect.table 'sessions' :has_column('id', { default = \"'\" })") ==
        "\"'\" is no expression: the default of column id");
  CHECK(message("expect.table 'sessions' :columns_are { { 'id', 'uuid', 'text' } }") ==
        "expect.table:columns_are: a column is a name, or { \"name\", \"type\", null = …, "
        "default = … }");
  CHECK(message("expect.table 'sessions' :has_index('recent', { 'user_id' })") ==
        "expect.table:has_index takes options by name, but a string has no name");
  CHECK(message("expect.table 'sessions' :has_foreign_key { on_delete = 'CASCADE' }") ==
        "expect.table:has_foreign_key needs columns, or references = \"the other table\"");
  CHECK(message("expect.table 'sessions' :has_check 'step >'") == "\"step >\" is no condition");
  CHECK(message("expect.table 'sessions' :has_privileges('pg_monitor', 'SELEKT')") ==
        "\"SELEKT\" is no privilege; did you mean \"SELECT\"?");
  CHECK(message("expect.table 'sessions' :has_privileges 'pg_monitor'") ==
        "expect.table:has_privileges needs privileges: \"SELECT, INSERT\"");
  CHECK(message("expect.table 'sessions' :has_rows()") ==
        "expect.table:has_rows needs a count: 3, or { at_least = 1 }");
  CHECK(message("expect.table 'sessions' :has_rows { where = 'a' }") ==
        "expect.table:has_rows needs a count: 3, or { at_least = 1 }");
  CHECK(message("expect.table 'sessions' :has_rows(1, { where = 'step >' })") ==
        "\"step >\" is no condition");
}
