#include "backup/backup_fixture.h"

using namespace engine;
using test::BackupFixture;
using test::error_of;

namespace {

constexpr const char* plain = R"(
CREATE TABLE t (id int PRIMARY KEY, name text, at timestamptz DEFAULT now(), amount float8, span interval);
INSERT INTO t SELECT g, 'name ' || g, now(), g / 3.0, g * interval '1 hour' FROM generate_series(1, 100) g;
)";

std::string readers(BackupFixture& bench, const std::string& table) {
  return bench.value(
      "SELECT coalesce(string_agg(r, ' '), '') FROM unnest(ARRAY['anon', 'authenticated', "
      "'service_role', 'reader']) r "
      "WHERE has_any_column_privilege(r, '" +
      table +
      "', 'SELECT, INSERT, UPDATE, REFERENCES') "
      "OR has_table_privilege(r, '" +
      table + "', 'DELETE, TRUNCATE, TRIGGER')");
}

}  // namespace

TEST_CASE("nobody but the owner may read a copy, whatever default privileges say") {
  BackupFixture bench{plain};
  bench.sql(
      "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon, authenticated, PUBLIC;"
      "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO anon;"
      "CREATE TABLE child (id int REFERENCES t ON DELETE CASCADE); INSERT INTO child VALUES (1)");
  const auto taken = bench.snapshot();
  REQUIRE(taken.referring.size() == 1);
  CHECK(readers(bench, "child") == "anon authenticated service_role reader");
  CHECK(readers(bench, "kept") == "");
  CHECK(readers(bench, taken.referring[0].copy.quoted()) == "");
  CHECK(bench.value("SELECT has_schema_privilege('anon', 'engine_backup', 'USAGE, CREATE')") ==
        "f");
  // A member of pg_read_all_data needs no privilege, and is kept out by row security without a
  // policy.
  CHECK(bench.value("SELECT relrowsecurity FROM pg_class WHERE oid = 'kept'::regclass") == "t");
  CHECK(bench.value("SELECT obj_description('kept'::regclass)") == "Copy of public.t, by engine.");
  bench.sql("CREATE ROLE all_reader LOGIN; GRANT pg_read_all_data TO all_reader");
  auto all = test::connect_as(bench.database(), "all_reader");
  CHECK(all.execute("SELECT count(*) FROM kept").at(0, 0) == "0");
  bench.sql("DROP ROLE all_reader");
}

TEST_CASE("writers wait until the commit of a snapshot, readers do not") {
  BackupFixture bench{plain};
  auto other = test::connect_as(bench.database(), "postgres");
  other.execute("SET lock_timeout = '50ms'");
  db::Transaction transaction{bench.connection()};
  backup::snapshot(bench.connection(), bench.origin, {"", "t"}, {"kept", true});
  CHECK(error_of([&] { other.execute("UPDATE t SET name = '' WHERE id = 1"); }).sqlstate() ==
        "55P03");
  CHECK(other.execute("SELECT count(*) FROM t").at(0, 0) == "100");
  transaction.commit();
  other.execute("UPDATE t SET name = '' WHERE id = 1");
}

TEST_CASE("a snapshot outside of a transaction is refused") {
  BackupFixture bench{plain};
  const auto error = error_of([&] {
    backup::snapshot(bench.connection(), bench.origin, {"", "t"});
  });
  CHECK(error.code() == Code::backup);
  CHECK_THAT(error.message(), ContainsSubstring("needs a transaction"));
}

TEST_CASE("a snapshot without a name gets one of its own, and another the next time") {
  BackupFixture bench{plain};
  bench.origin.run = "";
  const auto first = bench.snapshot("t", {});
  const auto second = bench.snapshot("t", {});
  CHECK(first.name != second.name);
  CHECK(first.table.copy.schema == "engine_backup");
  CHECK(first.table.rows == 100);
  const std::string wide(63, 'w');
  bench.sql("CREATE TABLE " + wide + " (id int)");
  CHECK(bench.snapshot(wide, {}).name.size() == 63);
  CHECK(bench.snapshot("public.t", {"engine_backup.mine", true}).table.copy ==
        QualifiedName{"engine_backup", "mine"});

  const auto listed = backup::list(bench.connection(), bench.origin);
  REQUIRE(listed.size() == 4);
  CHECK(listed.front().name == "engine_backup.mine");
  CHECK(listed.back().table == QualifiedName{"public", "t"});
  for (const auto& entry : listed) {
    bench.committed([&] { return backup::drop(bench.connection(), bench.origin, entry.name), 0; });
  }
  CHECK(backup::list(bench.connection(), bench.origin).empty());
  CHECK(bench.value(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'engine_backup'::regnamespace") ==
        "0");
}

TEST_CASE("what cannot be backed up is refused with its reason") {
  BackupFixture bench{plain};
  bench.sql(
      "CREATE VIEW v AS SELECT 1 AS one; CREATE TABLE whole (id int) PARTITION BY LIST (id);"
      "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1); CREATE TABLE parent (id int);"
      "CREATE TABLE heir () INHERITS (parent); CREATE TABLE taken (id int)");
  const auto reason = [&](const std::string& table) {
    return error_of([&] { bench.snapshot(table); }).message();
  };
  CHECK(reason("v") == "a snapshot of public.v is not possible: it is a view");
  CHECK(reason("whole") == "a snapshot of public.whole is not possible: it is a partitioned table");
  CHECK(reason("part") == "a snapshot of public.part is not possible: it is a partition");
  CHECK(reason("heir") ==
        "a snapshot of public.heir is not possible: it inherits from another table");
  CHECK(reason("parent") ==
        "a snapshot of public.parent is not possible: other tables inherit from it");
  const auto absent = error_of([&] { bench.snapshot("absent"); });
  CHECK(absent.code() == Code::missing_object);
  CHECK(absent.message() == "table absent does not exist");
  const auto taken = error_of([&] { bench.snapshot("t", {"taken", true}); });
  CHECK(taken.message() == "the name public.taken for the copy is already used");
  CHECK_THAT(taken.hint(), ContainsSubstring("as ="));
}

TEST_CASE("a missing right is named with the grant that gives it") {
  BackupFixture bench{plain};
  bench.sql(
      "GRANT SELECT ON t TO stranger; GRANT USAGE ON SCHEMA engine TO stranger;"
      "CREATE TABLE mine (id int PRIMARY KEY); ALTER TABLE mine OWNER TO shop_owner;"
      "CREATE TABLE child (id int REFERENCES mine ON DELETE CASCADE);"
      "CREATE TABLE forced (id int); ALTER TABLE forced OWNER TO shop_owner; INSERT INTO forced "
      "VALUES (1);"
      "ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
      "GRANT ALL ON SCHEMA public TO shop_owner");
  const auto refused = [&](const std::string& role, const char* table,
                           const backup::SnapshotOptions& options) {
    auto connection = test::connect_as(bench.database(), role);
    db::Transaction transaction{connection};
    return error_of([&] { backup::snapshot(connection, bench.origin, {"", table}, options); });
  };
  const auto stranger = refused("stranger", "t", {"kept", true});
  CHECK(stranger.code() == Code::refused);
  CHECK(stranger.message() ==
        "a snapshot of public.t needs the owner postgres; the current role is stranger");
  // Nobody is told to make a role a superuser.
  CHECK(stranger.hint() ==
        "Run the plan as postgres, or run as that role: ALTER TABLE public.t OWNER TO stranger;");
  CHECK_THAT(refused("stranger", "mine", {"kept", true}).hint(),
             ContainsSubstring("GRANT shop_owner TO stranger;"));

  const auto child = refused("shop_owner", "mine", {"kept", true});
  CHECK_THAT(child.message(), ContainsSubstring("public.child needs the owner postgres"));
  const auto place = refused("shop_owner", "mine", {"", false});
  CHECK(place.code() == Code::refused);
  CHECK_THAT(place.hint(), ContainsSubstring("GRANT CREATE ON DATABASE " + bench.database().name() +
                                             " TO shop_owner;"));
  const auto forced = refused("shop_owner", "forced", {"kept", true});
  CHECK(forced.code() == Code::refused);
  CHECK_THAT(forced.hint(), ContainsSubstring("BYPASSRLS"));
}

TEST_CASE("what could not be made again is known when the snapshot is taken") {
  struct Case {
    const char* made;
    const char* named;
  };
  for (const auto& [made, named] : {
           Case{"CREATE TABLE c (id int, whole t)", "column whole of table public.c"},
           Case{"CREATE TABLE c (many t[])", "column many of table public.c"},
           Case{"CREATE TYPE c AS (whole t)", "column whole of composite type public.c"},
           Case{"CREATE DOMAIN d AS t CHECK ((VALUE).id > 0)", "type public.d"},
           Case{"CREATE RULE log AS ON INSERT TO u DO ALSO INSERT INTO t (id) VALUES (new.id)",
                "rule log on table public.u"},
           Case{"CREATE CONSTRAINT TRIGGER c AFTER INSERT ON u FROM t FOR EACH ROW EXECUTE "
                "FUNCTION nothing()",
                "trigger c on table public.u"},
           Case{"CREATE TRIGGER c BEFORE INSERT ON u FOR EACH ROW WHEN (f(NULL) = 1) EXECUTE "
                "FUNCTION nothing()",
                "trigger c on table public.u"},
           Case{"ALTER TABLE u ADD CONSTRAINT c CHECK (f(NULL) = id)",
                "constraint c on table public.u"},
           Case{"CREATE DOMAIN d AS int CONSTRAINT c CHECK (f(NULL) = VALUE)",
                "constraint c of domain public.d"},
           Case{"CREATE INDEX c ON u ((id + f(NULL)))", "index public.c on table public.u"},
           Case{"CREATE INDEX c ON t ((id + f(NULL)))", "index public.c on table public.t"},
           Case{"CREATE STATISTICS c ON id, (id + f(NULL)) FROM u",
                "statistics object public.c on table public.u"},
           Case{"ALTER TABLE u ADD g int GENERATED ALWAYS AS (f(NULL)) STORED",
                "column g of table public.u"},
           Case{"ALTER TABLE u ALTER id SET DEFAULT f(NULL)",
                "default value for column id of table public.u"},
           Case{"CREATE CAST (t AS int) WITH FUNCTION f(t)", "cast from public.t to integer"},
       }) {
    INFO(made);
    BackupFixture bench{plain};
    bench.sql(
        "CREATE TABLE u (id int); CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN NULL; END';"
        "CREATE FUNCTION f(t) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'");
    CHECK(bench.snapshot("t", {"before", true}).not_rebuilt.empty());
    bench.sql(made);
    CHECK(bench.snapshot().not_rebuilt == std::vector<std::string>{named});
    bench.sql("DROP TABLE t CASCADE");
    const auto error = error_of([&] { bench.restore(); });
    CHECK(error.code() == Code::backup);
    CHECK(error.message() ==
          std::string{"public.t was dropped together with objects that cannot be recreated: "} +
              named);
    CHECK_THAT(error.detail(), ContainsSubstring("public.kept"));
  }
}

TEST_CASE("what stands on a table and what of the table stands on that come back after a DROP") {
  BackupFixture bench{plain};
  bench.sql(
      "CREATE FUNCTION f(t) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
      "CREATE FUNCTION several() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; "
      "END;"
      "CREATE VIEW v AS SELECT id FROM t; CREATE TABLE u (id int);"
      "CREATE POLICY theirs ON u USING (several() > 1);"
      "CREATE VIEW w AS SELECT 1 AS id; CREATE RULE r AS ON INSERT TO w DO INSTEAD INSERT INTO t "
      "(id) VALUES (new.id);"
      "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE POLICY own ON t USING (id IN (SELECT id FROM v) AND several() > 0);"
      "ALTER TABLE t ADD CONSTRAINT checked CHECK (f(t.*) = 1);"
      "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW WHEN (f(new.*) = 2) EXECUTE FUNCTION "
      "nothing()");
  CHECK(bench.snapshot().not_rebuilt.empty());
  bench.sql("DROP TABLE t CASCADE");
  CHECK(bench.value("SELECT count(*) FROM pg_policy") == "0");
  CHECK(bench.restore().rebuilt);
  CHECK(bench.value("SELECT string_agg(polname, ' ' ORDER BY polname) FROM pg_policy") ==
        "own theirs");
  CHECK(bench.value("SELECT count(*) FROM pg_rewrite WHERE rulename = 'r'") == "1");
  CHECK(bench.value("SELECT count(*) FROM pg_constraint WHERE conname = 'checked'") == "1");
  CHECK(bench.value("SELECT count(*) FROM pg_trigger WHERE tgname = 'g'") == "1");
}

TEST_CASE("what other roles have on a table, and this one could not make again, is known too") {
  BackupFixture bench{"CREATE TABLE t (id int PRIMARY KEY)", "shop_owner"};
  bench.database().sql(
      "GRANT SELECT, REFERENCES ON t TO stranger; GRANT CREATE, USAGE ON SCHEMA public TO stranger;"
      "SET ROLE stranger; CREATE VIEW v AS SELECT id FROM t;"
      "CREATE TABLE u (id int CONSTRAINT u_t REFERENCES t); RESET ROLE;"
      "CREATE PUBLICATION of_postgres FOR TABLE t");
  CHECK(bench.snapshot().not_rebuilt ==
        std::vector<std::string>{"view public.v (belongs to stranger)",
                                 "foreign key u_t of public.u (belongs to stranger)",
                                 "its place in publication of_postgres (belongs to postgres)"});
}

TEST_CASE("session settings neither change a checksum nor are changed") {
  BackupFixture bench{plain};
  bench.sql(
      "SET DateStyle = 'German'; SET IntervalStyle = 'iso_8601'; SET TimeZone = 'Asia/Tokyo'; SET "
      "search_path = public");
  bench.snapshot();
  CHECK(bench.value("SHOW DateStyle") == "German, DMY");
  CHECK(bench.value("SHOW search_path") == "public");
  CHECK(bench.value("SHOW row_security") == "on");
  bench.sql(
      "SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET "
      "extra_float_digits = -3");
  bench.sql("DELETE FROM t WHERE id > 50");
  CHECK(bench.restore().table.changes.inserted == 50);
  CHECK(bench.value("SHOW extra_float_digits") == "-3");
}
