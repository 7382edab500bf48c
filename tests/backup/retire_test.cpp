#include "backup/shop.h"

using namespace engine;
using test::BackupFixture;
using test::error_of;
using test::Shop;

TEST_CASE("a retired table comes back exactly") {
  for (const char* role : {"postgres", "shop_owner"}) {
    INFO(role);
    Shop shop{role};
    const auto before = shop.facts();
    const auto retired = shop.retire("app.sessions");
    CHECK(shop.value("SELECT to_regclass('app.sessions')") == "");
    CHECK(shop.value("SELECT count(*) FROM " + retired.now.quoted()) == "300");
    CHECK(retired.detached ==
          std::vector<std::string>{"foreign key sessions_user to app.users", "policy known"});
    CHECK(retired.readers.size() == 6);
    CHECK(std::count(retired.readers.begin(), retired.readers.end(), "view app.open_sessions") ==
          1);
    CHECK(shop.unretire("app.sessions") == QualifiedName{"app", "sessions"});
    CHECK(test::difference(before, shop.facts()) == "");
    CHECK(shop.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'engine_trash%'") ==
          "0");
  }
}

TEST_CASE("a retired table is out of reach, and nothing elsewhere can empty it or hangs on it") {
  Shop shop;
  const auto retired = shop.retire("app.sessions");
  for (const char* role : {"anon", "authenticated", "service_role", "reader"}) {
    CHECK(shop.value("SELECT has_schema_privilege('" + std::string{role} + "', '" +
                     retired.now.schema + "', 'USAGE')") == "f");
  }
  shop.sql("DELETE FROM app.users; DROP TABLE app.users");
  CHECK(shop.value("SELECT count(*) FROM " + retired.now.quoted()) == "300");
  // What it referred to is gone, so it cannot be what it was.
  const auto error = error_of([&] { shop.unretire("sessions"); });
  CHECK(error.code() == Code::backup);
  CHECK_THAT(error.message(), ContainsSubstring("app.users"));
  CHECK(shop.value("SELECT count(*) FROM " + retired.now.quoted()) == "300");
}

TEST_CASE("a table can be retired again under the same name, and the newest comes back") {
  BackupFixture bench{"CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)"};
  bench.retire();
  bench.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (2)");
  CHECK(bench.retire().now.schema == "engine_trash_t_2");
  bench.sql("CREATE TABLE t (id int)");
  const auto taken = error_of([&] { bench.unretire(); });
  CHECK(taken.message() == "the name public.t is used by a table");
  CHECK_THAT(taken.hint(), ContainsSubstring("RENAME"));
  bench.sql("DROP TABLE t");
  bench.unretire();
  CHECK(bench.value("SELECT id FROM t") == "2");
  bench.sql("DROP TABLE t");
  bench.unretire();
  CHECK(bench.value("SELECT id FROM t") == "1");
  CHECK(error_of([&] { bench.unretire(); }).code() == Code::missing_object);
}

TEST_CASE("putting back what a retired table referred to leaves that table detached") {
  for (const char* undo : {"DROP TABLE a CASCADE", "UPDATE a SET id = id + 10"}) {
    INFO(undo);
    BackupFixture bench{
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int CONSTRAINT b_a REFERENCES a "
        "ON DELETE CASCADE);"
        "CREATE POLICY known ON b USING (EXISTS (SELECT FROM a WHERE a.id = b.id));"
        "INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (2)"};
    bench.snapshot("a");
    const auto now = bench.retire("b").now;
    bench.sql(undo);
    const auto restored = bench.restore();
    CHECK(restored.left_detached ==
          std::vector<std::string>{"foreign key b_a of public.b", "policy known of public.b"});
    CHECK_THAT(restored.sentence(), ContainsSubstring("stays detached until backup.unretire"));
    CHECK(bench.value("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = '" +
                      now.quoted() + "'::regclass") == "0");
    bench.sql("BEGIN; DELETE FROM a");
    CHECK(bench.value("SELECT count(*) FROM " + now.quoted()) == "2");
    bench.sql("ROLLBACK");

    bench.unretire("b");
    CHECK(bench.value("SELECT confdeltype FROM pg_constraint WHERE conname = 'b_a'") == "c");
    CHECK(bench.value("SELECT count(*) FROM pg_policy WHERE polname = 'known'") == "1");
    // The backup still knows the key.
    bench.sql("DROP TABLE a CASCADE");
    CHECK(bench.restore().left_detached.empty());
    CHECK(bench.value("SELECT confdeltype FROM pg_constraint WHERE conname = 'b_a'") == "c");
  }
}

TEST_CASE("what is not a table of one's own is not retired") {
  BackupFixture bench{"CREATE VIEW v AS SELECT 1 AS one; CREATE TABLE t (id int)"};
  CHECK(error_of([&] { bench.retire("absent"); }).code() == Code::missing_object);
  CHECK(error_of([&] { bench.retire("v"); }).message() ==
        "retiring public.v is not possible: it is a view");
  auto stranger = test::connect_as(bench.database(), "stranger");
  db::Transaction transaction{stranger};
  const auto error = error_of([&] { backup::retire(stranger, bench.origin, {"public", "t"}); });
  CHECK(error.code() == Code::refused);
  CHECK_THAT(error.hint(), ContainsSubstring("ALTER TABLE public.t OWNER TO stranger;"));
}
