#include <memory>

#include "bindings/expecting.h"
#include "journal/journal.h"

using namespace engine;

namespace {

class OutsideOfRuns : public test::ConnectedSession {
 public:
  using ConnectedSession::ConnectedSession;
  std::string run_id() const override { return ""; }
};

struct Plan {
  Plan() : session(database.conninfo()) {
    database.sql(
        "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL);"
        "INSERT INTO t SELECT g, 'name ' || g FROM generate_series(1, 10) g;"
        "CREATE TABLE child (t int REFERENCES t ON DELETE CASCADE);"
        "INSERT INTO child SELECT generate_series(1, 3)");
    journal::Journal::open(session.connection(), "engine");
    world.state->bind(&session);
  }
  std::string run(const std::string& code) {
    db::Transaction transaction{session.connection()};
    auto said = world.run(code);
    transaction.commit();
    return said;
  }
  std::string value(const std::string& query) { return database.value(query); }

  test::Database database;
  OutsideOfRuns session;
  test::World world{bindings::primitives()};
};

}  // namespace

TEST_CASE("a plan takes a snapshot, puts it back, and drops it") {
  Plan plan;
  CHECK(plan.run("return backup.snapshot(\"t\", { as = \"kept\" })") == "kept");
  CHECK_THAT(plan.session.notes.at(0),
             ContainsSubstring("10 rows of public.t copied to public.kept; "
                               "3 rows of public.child copied to engine_backup.kept_child_"));
  plan.database.sql(
      "DELETE FROM t WHERE id < 3; INSERT INTO t VALUES (20, 'new'); UPDATE t SET name = 'x' WHERE "
      "id = 5");
  plan.run(
      "local saved, rows = backup.restore(\"kept\", { since = \"later\" })\n"
      "assert(saved == \"public.later\" and rows == 2)");
  CHECK(plan.session.notes.back() ==
        "public.t: 10 rows (2 put back, 1 changed back and 1 removed); 2 rows written after the "
        "backup are kept in public.later; "
        "public.child: 3 rows (2 put back)");
  CHECK(plan.value("SELECT count(*) FROM t WHERE name = 'name ' || id") == "10");
  plan.run("backup.drop \"kept\"");
  CHECK(plan.value("SELECT to_regclass('kept')") == "");
  CHECK(plan.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'kept_child%'") == "0");
  CHECK(plan.world.failure("backup.drop \"kept\"").code() == Code::missing_object);
}

TEST_CASE("a plan keeps rows before it takes them, where only the owner reads them") {
  Plan plan;
  const std::string kept = plan.run(
      "local name, rows = backup.keep('t', { columns = { 'id', 'name' }, where = 'id > 7' })"
      " return name .. ' ' .. rows");
  const std::string table = kept.substr(0, kept.find(' '));
  CHECK(kept == table + " 3");
  CHECK_THAT(table, ContainsSubstring("engine_backup.t_kept_"));
  CHECK(plan.session.notes.at(0) == "3 rows of t kept in " + table);
  CHECK(plan.value("SELECT string_agg(name, ',' ORDER BY id) FROM " + table) ==
        "name 8,name 9,name 10");
  CHECK(plan.value("SELECT has_table_privilege('with_password', '" + table + "', 'SELECT')") ==
        "f");
}

TEST_CASE("where there is nothing to keep, no table is made") {
  Plan plan;
  CHECK(plan.run("local name, rows = backup.keep('t', { where = 'id > 70' })"
                 " return tostring(name) .. ' ' .. rows") == "nil 0");
  CHECK(plan.session.notes.empty());
  CHECK(plan.value("SELECT count(*) FROM pg_class c WHERE relkind = 'r' AND"
                   " relnamespace = to_regnamespace('engine_backup')") == "0");
}

TEST_CASE("keeping rows of what is not there, or by what it does not have, says so") {
  Plan plan;
  CHECK_THROWS_WITH(plan.run("backup.keep 'nowhere'"), ContainsSubstring("nowhere does not exist"));
  CHECK_THROWS_WITH(plan.run("backup.keep('t', { columns = { 'legacy' } })"),
                    ContainsSubstring("cannot keep rows of public.t"));
}

TEST_CASE("a plan retires a table and brings it back") {
  Plan plan;
  CHECK(plan.run("return backup.retire \"t\"") == "engine_trash_t.t");
  CHECK(plan.value("SELECT to_regclass('t')") == "");
  CHECK(plan.run("return backup.unretire \"t\"") == "public.t");
  CHECK(plan.value("SELECT count(*) FROM t") == "10");
}

TEST_CASE("a plan copies rows, and wrong mappings are named") {
  Plan plan;
  plan.database.sql(
      "CREATE TABLE u (id int, title text, note text, made date DEFAULT '2026-01-01')");
  CHECK(plan.run("return copy.rows { from = \"t\", into = \"u\", where = \"id > 4\", columns = "
                 "{ \"id\", title = \"upper(name)\", note = false, made = \"default\" } }") == "6");
  CHECK(plan.value("SELECT string_agg(title || made, ',' ORDER BY id) FROM u WHERE id < 6") ==
        "NAME 52026-01-01");
  const auto message = [&](const std::string& code) {
    db::Transaction transaction{plan.session.connection()};
    return plan.world.failure(code).message();
  };
  CHECK(message("copy.rows { from = \"t\", into = \"u\", columns = { id = \"id\" } }") ==
        "columns of public.u get no value: title, note and made");
  CHECK_THAT(message("copy.rows { from = \"t\", into = \"u\", colums = {} }"),
             ContainsSubstring("columns"));
  CHECK_THAT(message("copy.rows { from = \"t\" }"), ContainsSubstring("into"));
  CHECK_THAT(message("copy.rows { from = \"t\", into = \"u\", columns = { id = 7 } }"),
             ContainsSubstring("id"));
  CHECK_THAT(message("copy.rows { from = \"t\", into = \"u\", on_conflict = \"ignore\" }"),
             ContainsSubstring("ignore"));
}

TEST_CASE("backups change nothing where a plan may only read") {
  Plan plan;
  plan.session.now = runner::Moment::verify;
  for (const char* code : {"backup.snapshot \"t\"", "backup.retire \"t\"", "backup.restore \"t\"",
                           "backup.drop \"t\"", "copy.rows { from = \"t\", into = \"child\" }"}) {
    CHECK(plan.world.failure(code).code() == Code::wrong_moment);
  }
}
