#include "bindings/expect_cases.h"

namespace test {

const std::string case_objects = R"sql(
  CREATE SCHEMA app;
  CREATE TYPE mood AS ENUM ('calm', 'busy');
  CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0);
  CREATE TYPE pair AS (a integer, b text);
  CREATE TYPE span AS RANGE (subtype = float8);
  COMMENT ON TYPE mood IS 'How it goes';
  CREATE TABLE people (id serial PRIMARY KEY, name text, mood mood);
  INSERT INTO people (name) SELECT 'p' || i FROM generate_series(1, 3) i;
  CREATE TABLE pets (id integer PRIMARY KEY, owner_id integer);
  ALTER TABLE pets ADD CONSTRAINT pets_owner_fkey FOREIGN KEY (owner_id) REFERENCES people NOT VALID;
  CREATE MATERIALIZED VIEW sums AS SELECT mood, count(*) AS people FROM people GROUP BY mood;
  CREATE UNIQUE INDEX sums_mood ON sums (mood);
  CREATE VIEW overview AS SELECT id, name FROM people;
  CREATE TABLE app.settings (key text PRIMARY KEY, value text);
  CREATE TABLE usage (day date NOT NULL) PARTITION BY RANGE (day);
  CREATE TABLE usage_2025 PARTITION OF usage FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE RULE keep AS ON DELETE TO pets DO INSTEAD NOTHING;
  CREATE SEQUENCE invoice_number START 1000;
  CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
  CREATE FUNCTION app.once(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT $1';
  CREATE OPERATOR === (leftarg = integer, rightarg = integer, function = int4eq);
  CREATE OPERATOR CLASS int_ops_of_ours FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 3 =;
  CREATE CAST (mood AS integer) WITH INOUT AS ASSIGNMENT;
  CREATE COLLATION german (provider = icu, locale = 'de');
  CREATE PUBLICATION changes FOR TABLE people;
  CREATE FOREIGN DATA WRAPPER remote;
  CREATE SERVER warehouse FOREIGN DATA WRAPPER remote OPTIONS (host 'w');
  CREATE FOREIGN TABLE remote_orders (id integer) SERVER warehouse;
  CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER ddl_watch ON ddl_command_end EXECUTE FUNCTION watch();
  ALTER TABLE people REPLICA IDENTITY FULL;
  CREATE TABLE gauges (
    id integer GENERATED ALWAYS AS IDENTITY,
    value integer UNIQUE DEFERRABLE INITIALLY DEFERRED,
    twice integer GENERATED ALWAYS AS (value * 2) STORED,
    label text COLLATE "C");
  ALTER TABLE gauges ALTER label SET STORAGE EXTERNAL;
  CREATE INDEX gauges_label ON gauges (label) INCLUDE (value) WITH (fillfactor = 70);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER watch BEFORE UPDATE ON gauges FOR EACH ROW EXECUTE FUNCTION touch();
  ALTER TABLE gauges ENABLE ALWAYS TRIGGER watch;
  ALTER TABLE people ENABLE ROW LEVEL SECURITY;
  CREATE POLICY by_name ON people FOR SELECT
    USING (starts_with(name, nullif(current_setting('app.name', true), '')) AND id < 3);
)sql";

const std::string case_roles = R"sql(
  CREATE ROLE family_owner; CREATE ROLE family_group; CREATE ROLE family_member LOGIN;
  CREATE ROLE family_alone; CREATE ROLE family_stranger;
  GRANT family_group TO family_member;
  GRANT USAGE ON SCHEMA app TO family_group;
  GRANT SELECT, INSERT ON people TO family_group;
  ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO family_group;
)sql";

std::vector<Case> cases_of_kinds() {
  // clang-format off
  return {
    {R"lua(expect.schema "app" :owned_by "postgres")lua", R"lua(expect.schema "ap" :owned_by "postgres")lua"},
    {R"lua(expect.no_schema "old")lua", R"lua(expect.no_schema "app")lua"},
    {R"lua(expect.schema "app" :tables_are { "settings" } :routines_are { "once(int, text)" } :views_are {})lua",
     R"lua(expect.schema "app" :tables_are { "setings" } :routines_are { "once(integer)" } :views_are { "v" })lua"},
    {R"lua(expect.schema "public" :tables_are { "people", "pets", "usage", "gauges" } :sequences_are { "people_id_seq", "invoice_number", "gauges_id_seq" })lua",
     R"lua(expect.schema "public" :tables_are { "people" } :sequences_are {})lua"},
    {R"lua(expect.schema "public" :types_are { "mood", "positive", "pair", "span" } :enums_are { "mood" } :domains_are { "positive" })lua",
     R"lua(expect.schema "public" :types_are { "mood" } :enums_are {} :domains_are { "positive", "negative" })lua"},
    {R"lua(expect.schema "public" :operators_are { "===(int, int)" } :operator_classes_are { "int_ops_of_ours" } :collations_are { "german" } :foreign_tables_are { "remote_orders" } :matviews_are { "sums" })lua",
     R"lua(expect.schema "public" :operators_are {} :operator_classes_are {} :collations_are {} :foreign_tables_are {} :matviews_are { "m" })lua"},
    {R"lua(expect.schema "app" :indexes_are { "settings_pkey" } :has_privileges("family_group", "USAGE") :has_no_privileges("family_group", "CREATE"))lua",
     R"lua(expect.schema "app" :indexes_are {} :has_privileges("family_group", "CREATE") :has_no_privileges("family_group", "USAGE"))lua"},
    {R"lua(expect.database() :schemas_are { "public", "app" } :extensions_are { "plpgsql" } :casts_are { "mood AS integer" })lua",
     R"lua(expect.database() :schemas_are { "public" } :extensions_are { "plpgsql", "pgcrypto" } :casts_are {})lua"},
    {R"lua(expect.database() :publications_are { "changes" } :servers_are { "warehouse" } :wrappers_are { "remote" } :event_triggers_are { "ddl_watch" } :languages_are {} :tablespaces_are {})lua",
     R"lua(expect.database() :publications_are {} :servers_are {} :wrappers_are {} :event_triggers_are {} :languages_are { "plperl" } :tablespaces_are { "fast" })lua"},
    {R"lua(expect.database() :is { encoding = "utf8", connection_limit = -1 } :has_privileges("public", "CONNECT"))lua",
     R"lua(expect.database() :is { encoding = "LATIN1", connection_limit = 5 } :privileges_are("public", "CREATE"))lua"},
    {R"lua(expect.extension "plpgsql" :is { schema = "pg_catalog" } expect.no_extension "dblink")lua",
     R"lua(expect.extension "plpgsql" :is { schema = "extensions" } expect.no_extension "plpgsql" expect.extension "pgsql")lua"},
    {R"lua(expect.language "plpgsql" :is { trusted = true } expect.no_language "plperl")lua",
     R"lua(expect.language "plpgsql" :is { trusted = false } expect.no_language "plpgsql")lua"},
    {R"lua(expect.role "family_member" :is { login = true, superuser = false, settings = {} } :is_member_of "family_group" :is_not_member_of "family_owner")lua",
     R"lua(expect.role "family_member" :is { login = false, superuser = true } :is_member_of "family_owner" :is_not_member_of "family_group")lua"},
    {R"lua(expect.role "family_group" :members_are { "family_member" } expect.no_role "nobody_here")lua",
     R"lua(expect.role "family_group" :members_are { "anon" } expect.no_role "family_group" expect.role "family_group" :has_comment "x")lua"},
    {R"lua(expect.tablespace "pg_default" expect.no_tablespace "fast")lua", R"lua(expect.tablespace "fast" expect.no_tablespace "pg_default")lua"},
    {R"lua(expect.type "mood" :has_comment "How it goes" :labels_are { "calm", "busy" } expect.no_type "people")lua",
     R"lua(expect.type "mod" :has_comment "How" expect.type "mood" :has_comment "How" :labels_are { "busy", "calm" } expect.no_type "mood")lua"},
    {R"lua(expect.enum "mood" :is { labels = { "calm", "busy" } } :labels_are { "calm", "busy" } expect.no_enum "positive")lua",
     R"lua(expect.enum "mood" :is { labels = { "calm" } } :labels_are { "calm" } expect.no_enum "mood")lua"},
    {R"lua(expect.domain "positive" :is { type = "int", null = false, default = "1", checks = { "(VALUE > 0)" }, valid = true, collation = null })lua",
     R"lua(expect.domain "positive" :is { type = "bigint", null = true, default = null } expect.domain "mood" expect.no_domain "positive")lua"},
    {R"lua(expect.composite "pair" :attributes_are { "a integer", "b text" } expect.no_composite "mood")lua",
     R"lua(expect.composite "pair" :attributes_are { "a integer" } expect.no_composite "pair")lua"},
    {R"lua(expect.range "span" :is { subtype = "float8" } expect.no_range "mood")lua", R"lua(expect.range "span" :is { subtype = "integer" } expect.no_range "span")lua"},
    {R"lua(expect.foreign_table "remote_orders" :is { server = "warehouse" } expect.no_foreign_table "people")lua",
     R"lua(expect.foreign_table "remote_orders" :is { server = "w" } expect.no_foreign_table "remote_orders")lua"},
    {R"lua(expect.server "warehouse" :is { wrapper = "remote", options = { "host=w" }, version = null } expect.no_server "w")lua",
     R"lua(expect.server "warehouse" :is { wrapper = "postgres_fdw", options = {} } expect.no_server "warehouse")lua"},
    {R"lua(expect.wrapper "remote" :owned_by "postgres" expect.no_wrapper "w")lua", R"lua(expect.wrapper "remote" :owned_by "family_owner" expect.no_wrapper "remote")lua"},
    {R"lua(expect.publication "changes" :is { all_tables = false, insert = true } :tables_are { "people" } expect.no_publication "p")lua",
     R"lua(expect.publication "changes" :is { all_tables = true, tables = {} } :tables_are { "pets" } expect.no_publication "changes")lua"},
    {R"lua(expect.event_trigger "ddl_watch" :is { event = "ddl_command_end", enabled = true } expect.no_event_trigger "e")lua",
     R"lua(expect.event_trigger "ddl_watch" :is { enabled = false } expect.no_event_trigger "ddl_watch")lua"},
    {R"lua(expect.cast "mood AS int" :is { context = "Assignment", routine = null } expect.no_cast "text AS mood")lua",
     R"lua(expect.cast "mood AS int" :is { context = "implicit" } expect.no_cast "mood AS integer")lua"},
    {R"lua(expect.operator "===(int, int)" :is { returns = "bool" } expect.no_operator "===(text, text)")lua",
     R"lua(expect.operator "===(int, int)" :is { returns = "text" } expect.no_operator "===(integer, integer)")lua"},
    {R"lua(expect.operator_class "int_ops_of_ours" :is { method = "btree", default = false } expect.no_operator_class "o")lua",
     R"lua(expect.operator_class "int_ops_of_ours" :is { method = "gin" } expect.no_operator_class "int_ops_of_ours")lua"},
    {R"lua(expect.collation "german" :is { provider = "ICU" } expect.no_collation "french")lua",
     R"lua(expect.collation "german" :is { provider = "libc" } expect.no_collation "german")lua"},
    {R"lua(expect.table "people" :is { persistence = "permanent", replica_identity = "full", partitioned = false, valid = true } :owned_by "postgres")lua",
     R"lua(expect.table "people" :is { persistence = "unlogged", replica_identity = "nothing", tablespace = "fast" } :owned_by "family_owner")lua"},
    {R"lua(expect.table "usage" :is { partitioned = true, partition_key = "RANGE (day)" } :partitions_are { "usage_2025" } expect.table "usage_2025" :is { partition_of = "usage" })lua",
     R"lua(expect.table "usage" :is { partition_key = "LIST (day)" } :partitions_are { "usage_2025", "usage_2026" } expect.table "usage_2025" :is { partition_of = "people" })lua"},
    {R"lua(expect.table "pets" :has_rule("keep", { event = "DELETE", instead = true }) :rules_are { "keep" } :has_no_rule "other")lua",
     R"lua(expect.table "pets" :has_rule("kep") :has_rule("keep", { event = "UPDATE" }) :rules_are {} :has_no_rule "keep")lua"},
    {R"lua(expect.sequence "invoice_number" :is { start = 1000, cycle = false, owned_by = null } expect.sequence "people_id_seq" :is { owned_by = "people.id", type = "int" })lua",
     R"lua(expect.sequence "invoice_number" :is { start = 1, type = "integer" } expect.sequence "people_id_seq" :is { owned_by = "pets.id" })lua"},
    {R"lua(expect.routine "twice(int)" :is { kind = "function", parallel = "unsafe", leakproof = false, body = "SELECT $1 * 2" } :owned_by "postgres")lua",
     R"lua(expect.routine "twice(int)" :is { kind = "procedure", parallel = "safe", leakproof = true, body = "SELECT $1" } :owned_by "family_owner" :has_comment "Doubles")lua"},
    {R"lua(expect.table "pets" :has_no_orphans() :has_no_orphans "pets_owner_fkey" :has_no_orphans { columns = "owner_id", references = "people" })lua",
     R"lua(expect.table "people" :has_no_orphans { columns = "id", references = "pets" } :has_no_orphans "people_fkey")lua"},
    {R"lua(expect.table "people" :has_sequences_ahead() expect.table "pets" :has_checksum "0")lua",
     R"lua(db.exec "SELECT setval('people_id_seq', 2)" expect.table "people" :has_sequences_ahead() expect.table "pets" :has_checksum "1")lua"},
    {R"lua(expect.table "gauges" :has_column("id", { identity_kind = "always" }) :has_column("twice", { generated_as = "value * 2", null = true }) :has_column("label", { collation = "C", storage = "external" }))lua",
     R"lua(expect.table "gauges" :has_column("id", { identity_kind = "by default" }) :has_column("twice", { generated_as = "value * 3" }) :has_column("label", { collation = "de", type = "integer" }) :has_column("value", { identity_kind = "always" }))lua"},
    {R"lua(expect.table "gauges" :has_constraint("gauges_value_key", { kind = "unique", deferrable = true, deferred = true, columns = { "value" } }) expect.table "pets" :has_constraint("pets_owner_fkey", { valid = false, references = "people", on_delete = "no action" }))lua",
     R"lua(expect.table "gauges" :has_constraint("gauges_value_key", { kind = "check", deferred = false, columns = { "id" } }) expect.table "pets" :has_constraint("pets_owner_fkey", { valid = true, on_delete = "CASCADE" }))lua"},
    {R"lua(expect.table "gauges" :has_index("gauges_label", { included = { "value" }, primary = false, unique = false, options = { "fillfactor=70" } }) :has_trigger("watch", { fires = "always" }))lua",
     R"lua(expect.table "gauges" :has_index("gauges_label", { included = {}, primary = true, comment = "why" }) :has_trigger("watch", { fires = "replica" }))lua"},
    {R"lua(expect.table "people" :access_is { family_group = "SELECT, INSERT", family_owner = "" } expect.schema "app" :has_default_privileges("tables", "family_group", "SELECT") :has_no_default_privileges("tables", "family_owner"))lua",
     R"lua(expect.table "people" :access_is { family_group = "SELECT", family_owner = "DELETE" } expect.schema "app" :has_default_privileges("tables", "family_group", "DELETE") :has_no_default_privileges("tables", "family_group", { made_by = "postgres" }))lua"},
    {R"lua(expect.query "SELECT * FROM people" :can_as "family_group" :cannot_as "family_owner" :rows_visible_as(2, "family_group", { ["app.name"] = "p" }) :rows_visible_as(0, "family_group"))lua",
     R"lua(expect.query "SELECT * FROM people" :can_as "family_owner" :cannot_as "family_group" :rows_visible_as(1, "family_group", { ["app.name"] = "p" }) :rows_visible_as(0, "family_owner"))lua"},
    {R"lua(expect.query "VALUES (1, 'a'), (2, 'b'), (2, 'b')" :is_set { { 2, "b" }, { 1, "a" } } :is_bag { { 2, "b" }, { 1, "a" }, { 2, "b" } } :runs_within(60000))lua",
     R"lua(expect.query "VALUES (1, 'a'), (2, 'b'), (2, 'b')" :is_set { { 2, "b" }, { 3, "c" } } :is_bag { { 2, "b" }, { 1, "a" } } expect.query "SELECT nothing" :is_set {} :runs_within(60000))lua"},
    {R"lua(expect.query "SELECT 1 / 0" :fails("22012", { message = "division" }))lua",
     R"lua(expect.query "SELECT 1 / 0" :fails("22012", { message = "multiplication" }))lua"},
    {R"lua(expect.table "gauges" :has_no_primary_key() :has_no_foreign_key() expect.table "pets" :has_no_foreign_key "gauges")lua",
     R"lua(expect.table "pets" :has_no_primary_key() :has_no_foreign_key() :has_no_foreign_key "people")lua"},
};
  // clang-format on
}

}  // namespace test
