#include "copy/rows.h"

#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using copy::Mapping;
using Kind = Mapping::Kind;

namespace {

constexpr const char* setup = R"(
CREATE TABLE old (id int PRIMARY KEY, full_name text, born text, hidden boolean DEFAULT false);
INSERT INTO old SELECT g, 'name ' || g, '2000-01-01', g % 2 = 0 FROM generate_series(1, 100) g;
CREATE TABLE new (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, born date, note text,
                  made timestamptz NOT NULL DEFAULT now(), long int GENERATED ALWAYS AS (length(name)) STORED);
)";

struct Tables {
  Tables() { database.sql(setup); }
  copy::Copied copy(std::vector<Mapping> columns, const std::string& where = "",
                    bool skip = false) {
    return copy::rows(connection, {{"", "old"}, {"", "new"}, std::move(columns), where, skip});
  }
  std::string value(const std::string& query) { return database.value(query); }

  test::Database database;
  db::Connection connection = db::Connection::open(db::Target::parse(database.conninfo()));
};

const Mapping id{"id", Kind::value, "id"}, name{"name", Kind::value, "full_name"},
    born{"born", Kind::value, "born::date"}, made{"made", Kind::preset, ""},
    note{"note", Kind::skipped, ""};

}  // namespace

TEST_CASE("rows are copied by a mapping of columns and expressions") {
  Tables tables;
  const auto copied =
      tables.copy({id, {"name", Kind::value, "upper(full_name) -- loud"}, born, made, note},
                  "NOT hidden -- shown");
  CHECK(copied.rows == 50);
  CHECK(tables.value(
            "SELECT string_agg(id || name || born || coalesce(note, '-') || long, ',' ORDER BY id) "
            "FROM new WHERE id < 4") == "1NAME 12000-01-01-6,3NAME 32000-01-01-6");
  CHECK(tables.value("SELECT bool_and(made = now() OR made IS NOT NULL) FROM new") == "t");
}

TEST_CASE("a column that gets nothing is named") {
  Tables tables;
  const auto error = test::error_of([&] { tables.copy({id, name}); });
  CHECK(error.code() == Code::copy);
  CHECK(error.message() == "columns of public.new get no value: born, note and made");
  CHECK(tables.value("SELECT count(*) FROM new") == "0");
}

TEST_CASE("unknown columns are named with the nearest") {
  Tables tables;
  CHECK(test::error_of([&] {
          tables.copy({id, {"nane", Kind::value, "full_name"}, born, made, note});
        }).message() == "public.new has no column nane; did you mean \"name\"?");
  CHECK(test::error_of([&] {
          tables.copy({id, {"name", Kind::value, "ful_name"}, born, made, note});
        }).message() == "public.old has no column ful_name for name; did you mean \"full_name\"?");
}

TEST_CASE("types are compared before the first row") {
  Tables tables;
  const auto error = test::error_of([&] {
    tables.copy({id, name, {"born", Kind::value, "born"}, made, note});
  });
  CHECK(error.code() == Code::copy);
  CHECK(error.sqlstate() == "42804");
  CHECK(error.message() ==
        "cannot copy from public.old into public.new: column \"born\" is of type date but "
        "expression is of type text");
  CHECK_THAT(error.hint(), ContainsSubstring("cast"));
}

TEST_CASE("computed columns, missing defaults and wrong tables are refused") {
  Tables tables;
  CHECK(test::error_of([&] {
          tables.copy({id, name, born, made, note, {"long", Kind::value, "1"}});
        }).message() == "column long of public.new is a generated column and accepts no value");
  CHECK(test::error_of([&] {
          tables.copy({id, name, born, made, {"note", Kind::preset, ""}});
        }).message() == "column note of public.new has no default");
  CHECK(test::error_of([&] {
          copy::rows(tables.connection, {{"", "absent"}, {"", "new"}, {}, "", false});
        }).code() == Code::missing_object);
  CHECK(test::error_of([&] {
          copy::rows(tables.connection, {{"", "old"}, {"", "old"}, {}, "", false});
        }).code() == Code::copy);
}

TEST_CASE("without a mapping columns of the same name are copied, and all must be there") {
  Tables tables;
  tables.database.sql("CREATE TABLE twin (LIKE old)");
  CHECK(copy::rows(tables.connection, {{"", "old"}, {"", "twin"}, {}, "", false}).rows == 100);
  tables.database.sql("ALTER TABLE twin ADD COLUMN extra int");
  CHECK(test::error_of([&] {
          copy::rows(tables.connection, {{"", "old"}, {"", "twin"}, {}, "", false});
        }).message() == "columns of public.twin get no value: extra");
}

TEST_CASE("rows that the target has are an error, or skipped") {
  Tables tables;
  tables.copy({id, name, born, made, note}, "id <= 10");
  const auto error = test::error_of([&] { tables.copy({id, name, born, made, note}); });
  CHECK(error.sqlstate() == "23505");
  CHECK(error.constraint() == "new_pkey");
  CHECK(tables.value("SELECT count(*) FROM new") == "10");
  CHECK(tables.copy({id, name, born, made, note}, "", true).rows == 90);
}

TEST_CASE("row security never shortens a copy") {
  Tables tables;
  tables.database.sql(
      "ALTER TABLE old ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON old USING (id < 10);"
      "DO $$ BEGIN CREATE ROLE copy_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END "
      "$$;"
      "GRANT SELECT ON old TO copy_reader; GRANT ALL ON new TO copy_reader");
  auto connection =
      db::Connection::open(db::Target::parse(tables.database.conninfo("copy_reader")));
  const auto error = test::error_of([&] {
    copy::rows(connection,
               {{"", "old"}, {"", "new"}, std::vector{id, name, born, made, note}, "", false});
  });
  CHECK(error.code() == Code::copy);
  CHECK(error.sqlstate() == "42501");
  CHECK_THAT(error.hint(), ContainsSubstring("BYPASSRLS"));
  CHECK(connection.query("SHOW row_security").at(0, 0) == "on");
}
