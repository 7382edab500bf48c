// What two pictures of a database tell of what happened between them.
#include <algorithm>

#include "base/diff.h"
#include "base/text.h"
#include "database_state/database_state.h"
#include "support/catch.h"
#include "support/database.h"

using namespace engine;
using database_state::DatabaseState;
using event::Difference;

namespace {

struct Changed {
  std::vector<Difference> all;

  const Difference& schema(const std::string& object) const {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Difference& one) {
      return one.kind == "schema" && one.object == object;
    });
    INFO(object);
    REQUIRE(found != all.end());
    return *found;
  }
  /// Its lines in which before and after differ.
  std::string lines(const std::string& object) const {
    const Difference& one = schema(object);
    CHECK(one.mark == "changed");
    std::string text;
    for (const diff::Line& line : diff::unified(one.before, one.after, 0)) {
      if (line.mark != '~') text += line.mark + line.text + "\n";
    }
    return text;
  }
  /// "opened @first SELECT table public.t: every row"
  std::vector<std::string> access() const {
    std::vector<std::string> told;
    for (const Difference& one : all) {
      if (one.kind != "access") continue;
      told.push_back(one.mark + " " + one.role + " " + one.privilege + " " + one.object + ": " +
                     (one.before.empty() ? "" : one.before + " ->") +
                     (one.after.empty() ? "" : " " + one.after));
    }
    std::sort(told.begin(), told.end());
    return told;
  }
  std::vector<std::string> objects() const {
    std::vector<std::string> names;
    for (const Difference& one : all) {
      if (one.kind == "schema") names.push_back(one.mark + " " + one.object);
    }
    return names;
  }
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// Roles belong to the whole server: @first, @second and @odd are this database's own.
class Roles {
 public:
  explicit Roles(const test::Database& database)
      : database_(database),
        names_{{"@first", database.name() + "_first"},
               {"@second", database.name() + "_second"},
               {"@odd", "\"" + database.name() + " \"\"Odd\"\", one\""}} {
    for (const auto& [word, name] : names_) database_.sql("CREATE ROLE " + name);
  }
  Roles(const Roles&) = delete;
  Roles& operator=(const Roles&) = delete;
  ~Roles() {
    for (const auto& [word, name] : names_)
      database_.sql("DROP OWNED BY " + name + " CASCADE; DROP ROLE " + name);
  }

  std::string named(std::string sql) const {
    for (const auto& [word, name] : names_) sql = replaced(sql, word, name);
    return sql;
  }
  std::string plain(std::string told) const {
    for (const auto& [word, name] : names_) told = replaced(told, name, word);
    return told;
  }

 private:
  const test::Database& database_;
  std::vector<std::pair<std::string, std::string>> names_;
};

/// Other tests' roles have rights by PUBLIC too: only what is told of these is kept of access.
Changed between(const std::string& setup, const std::string& change) {
  const test::Database database;
  const Roles roles{database};
  database.sql(roles.named(setup));
  auto connection = db::Connection::open(db::Target::parse(database.conninfo()));
  const DatabaseState before = database_state::read_database_state(connection, "engine");
  database.sql(roles.named(change));
  const DatabaseState after = database_state::read_database_state(connection, "engine");
  Changed changed;
  for (Difference& one : database_state::differences(before, after)) {
    one.role = roles.plain(one.role);
    one.before = roles.plain(one.before);
    one.after = roles.plain(one.after);
    if ((one.kind != "access" || one.role.starts_with("@")) && !one.object.starts_with("role "))
      changed.all.push_back(std::move(one));
  }
  return changed;
}

}  // namespace

TEST_CASE("a table's definition changes in the lines that the plan changed") {
  const Changed changed = between(
      R"(CREATE TABLE t (id int PRIMARY KEY, name text, price int DEFAULT 1, CONSTRAINT cheap CHECK (price < 9));
         CREATE INDEX by_name ON t (name); CREATE INDEX by_price ON t (price);)",
      R"(ALTER TABLE t ADD COLUMN note text NOT NULL DEFAULT '';
         ALTER TABLE t ALTER COLUMN name TYPE varchar(9);
         ALTER TABLE t ALTER COLUMN price SET DEFAULT 2;
         ALTER TABLE t RENAME CONSTRAINT cheap TO low;
         DROP INDEX by_price)");
  CHECK(changed.objects() == std::vector<std::string>{"changed table public.t"});
  CHECK(changed.lines("table public.t") ==
        "-  name text,\n"
        "-  price integer DEFAULT 1,\n"
        "+  name character varying(9),\n"
        "+  price integer DEFAULT 2,\n"
        "+  note text DEFAULT ''::text NOT NULL,\n"
        "-  CONSTRAINT cheap CHECK ((price < 9))\n"
        "+  CONSTRAINT low CHECK ((price < 9))\n"
        "-CREATE INDEX by_price ON public.t USING btree (price);\n");
  const Difference& table = changed.schema("table public.t");
  CHECK_THAT(table.before, ContainsSubstring("CREATE TABLE public.t (\n  id integer NOT NULL,\n"));
  CHECK_THAT(text::joined(table.words, "; "), ContainsSubstring("index by_price is missing"));
}

TEST_CASE("of a function, a view, a policy and a type only what is another one differs") {
  const Changed changed = between(
      R"(CREATE TABLE "T 1" (id int); ALTER TABLE "T 1" ENABLE ROW LEVEL SECURITY;
         CREATE POLICY "own ones" ON "T 1" USING (id = 1);
         CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN a + 1;
END $$;
         CREATE VIEW v AS SELECT 1 AS one, 2 AS two;
         CREATE TYPE mood AS ENUM ('glad', 'sad');
         CREATE TYPE pair AS (a int, "B" text);
         CREATE DOMAIN word AS text CONSTRAINT filled CHECK (VALUE <> '');)",
      R"(ALTER POLICY "own ones" ON "T 1" USING (id = 2) WITH CHECK (id = 3);
         CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN a + 2;
END $$;
         CREATE OR REPLACE VIEW v AS SELECT 1 AS one, 3 AS two;
         ALTER TYPE mood ADD VALUE 'so''so' BEFORE 'sad';
         ALTER TYPE pair ADD ATTRIBUTE c int;
         ALTER DOMAIN word ADD CONSTRAINT brief CHECK (length(VALUE) < 9);)");
  CHECK(changed.objects().size() == 6);
  CHECK(changed.lines("table public.\"T 1\"") ==
        "-  USING ((id = 1));\n+  USING ((id = 2))\n+  WITH CHECK ((id = 3));\n");
  CHECK(changed.lines("function public.f(integer)") == "-  RETURN a + 1;\n+  RETURN a + 2;\n");
  CHECK(changed.lines("view public.v") == "-    2 AS two;\n+    3 AS two;\n");
  CHECK(changed.lines("type public.mood") == "+  'so''so',\n");
  CHECK(changed.lines("type public.pair") == "+  c integer\n");
  CHECK_THAT(changed.lines("type public.word"), ContainsSubstring("+  CONSTRAINT brief CHECK"));
}

TEST_CASE("what is new or gone is told whole, and in a few words") {
  const Changed changed = between(
      R"(CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE VIEW v AS SELECT 1 AS one;
         CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1')",
      R"(CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9); DROP VIEW v; DROP FUNCTION f();
         CREATE TABLE made (id int PRIMARY KEY, other int REFERENCES made);
         ALTER TABLE made ENABLE ROW LEVEL SECURITY; CREATE TYPE mood AS ENUM ('glad'))");
  CHECK(changed.objects() ==
        std::vector<std::string>{"changed partitioned table public.p", "gone view public.v",
                                 "new table public.made", "new table public.p1",
                                 "gone function public.f()", "new type public.mood"});
  CHECK(changed.lines("partitioned table public.p") == "+-- partition: public.p1\n");
  CHECK_THAT(changed.schema("view public.v").before, ContainsSubstring("SELECT 1 AS one;"));
  CHECK(changed.schema("view public.v").after.empty());
  CHECK(changed.schema("table public.made").words ==
        std::vector<std::string>{"2 columns, primary key (id), 1 foreign key, row security"});
  CHECK(changed.schema("table public.p1").words.front() ==
        "partition of public.p FOR VALUES FROM (1) TO (9), 1 column");
  CHECK(changed.schema("function public.f()").words ==
        std::vector<std::string>{"RETURNS integer LANGUAGE sql STABLE"});
  CHECK_THAT(changed.schema("type public.mood").after, ContainsSubstring("'glad'\n);\n"));
}

TEST_CASE("what is made again as it was is no difference, in whatever order rights were given") {
  const Changed changed = between(
      R"(CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE TYPE mood AS ENUM ('glad');
         GRANT SELECT ON t TO @first, @second; GRANT EXECUTE ON FUNCTION f TO @first, @second)",
      R"(DROP FUNCTION f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         GRANT EXECUTE ON FUNCTION f TO @second; GRANT EXECUTE ON FUNCTION f TO @first;
         DROP TABLE t; CREATE TABLE t (id int); GRANT SELECT ON t TO @second; GRANT SELECT ON t TO @first;
         DROP TYPE mood; CREATE TYPE mood AS ENUM ('glad'); GRANT USAGE ON TYPE mood TO PUBLIC)");
  CHECK(changed.all.empty());
}

TEST_CASE("the privileges of functions, schemas and defaults read as grants") {
  const Changed changed =
      between("CREATE SCHEMA app; CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
              R"(REVOKE ALL ON FUNCTION app.f FROM PUBLIC;
         GRANT EXECUTE ON FUNCTION app.f TO @odd WITH GRANT OPTION;
         GRANT USAGE ON SCHEMA app TO @odd;
         ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO @odd)");
  CHECK(changed.lines("function app.f()") ==
        "-GRANT EXECUTE ON FUNCTION app.f() TO PUBLIC;\n"
        "+GRANT EXECUTE ON FUNCTION app.f() TO @odd WITH GRANT OPTION;\n");
  CHECK(changed.lines("schema app") == "+GRANT USAGE ON SCHEMA app TO @odd;\n");
  bool told = false;
  for (const Difference& one : changed.all) {
    if (!one.object.starts_with("default privileges of ")) continue;
    told = true;
    CHECK(one.mark == "new");
    CHECK(one.after == "GRANT SELECT, INSERT ON TABLES TO @odd;\n");
  }
  CHECK(told);
}

TEST_CASE("access is told by role and privilege, with what opened and what closed") {
  const Changed changed = between(
      R"(GRANT USAGE ON SCHEMA public TO PUBLIC; CREATE TABLE t (a int, b int); CREATE TABLE u (a int);
         GRANT SELECT, INSERT ON t TO @first; GRANT @first TO @odd)",
      R"(REVOKE INSERT ON t FROM @first; GRANT DELETE ON t TO @second; GRANT SELECT ON u TO @odd)");
  CHECK(changed.access() ==
        std::vector<std::string>{"closed @first INSERT table public.t: every row ->",
                                 "closed @odd INSERT table public.t: every row ->",
                                 "opened @odd SELECT table public.u:  every row",
                                 "opened @second DELETE table public.t:  every row"});
}

TEST_CASE("row security closes, a policy more opens, another condition is neither") {
  const std::string setup =
      R"(CREATE TABLE t (a int); GRANT SELECT ON t TO @first;
         CREATE POLICY own ON t USING (a = 1); CREATE POLICY theirs ON t FOR INSERT WITH CHECK (true);)";
  const std::string secured = setup + "ALTER TABLE t ENABLE ROW LEVEL SECURITY;";
  CHECK(between(setup, "ALTER TABLE t ENABLE ROW LEVEL SECURITY").access() ==
        std::vector<std::string>{
            "closed @first SELECT table public.t: every row -> rows by policy own"});
  CHECK(between(secured, "CREATE POLICY more ON t TO @first USING (a = 2)").access() ==
        std::vector<std::string>{"opened @first SELECT table public.t: rows by policy own -> rows "
                                 "by policy more, own"});
  CHECK(between(secured, "CREATE POLICY less ON t AS RESTRICTIVE USING (a = 2)").access() ==
        std::vector<std::string>{"closed @first SELECT table public.t: rows by policy own -> rows "
                                 "by policy less, own"});
  CHECK(between(secured, "ALTER POLICY own ON t USING (a = 2)").access() ==
        std::vector<std::string>{"changed @first SELECT table public.t: rows by policy own -> rows "
                                 "by policy own, which changed"});
  CHECK(between(secured, "DROP POLICY own ON t").access() ==
        std::vector<std::string>{
            "closed @first SELECT table public.t: rows by policy own -> no row"});
  CHECK(between(secured, "ALTER POLICY theirs ON t WITH CHECK (a > 0)").access().empty());
}

TEST_CASE("some columns are less than all of them") {
  const std::string setup =
      "CREATE TABLE t (a int, \"B\" int, c int); GRANT SELECT ON t TO @first;";
  CHECK(between(setup, "REVOKE SELECT ON t FROM @first; GRANT SELECT (a, \"B\") ON t TO @first")
            .access() ==
        std::vector<std::string>{"closed @first SELECT table public.t: every row -> every row of "
                                 "columns a, \"B\""});
  CHECK(between("CREATE TABLE t (a int, b int); GRANT UPDATE (a) ON t TO @first",
                "GRANT UPDATE (b) ON t TO @first; REVOKE UPDATE (a) ON t FROM @first")
            .access() ==
        std::vector<std::string>{"changed @first UPDATE table public.t: every row of columns a -> "
                                 "every row of columns b"});
}

TEST_CASE("routines, views, sequences and schemas have their own ways to be open") {
  const Changed changed = between(
      R"(CREATE SCHEMA app; CREATE SCHEMA hidden; GRANT USAGE ON SCHEMA app TO @first; CREATE TABLE hidden.t (a int);
         GRANT SELECT ON hidden.t TO @first;
         CREATE SEQUENCE app.s; CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
         CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW app.v AS SELECT 1 AS one)",
      R"(GRANT USAGE ON SEQUENCE app.s TO @first; ALTER FUNCTION app.f SECURITY DEFINER; DROP FUNCTION app.touch();
         REVOKE ALL ON FUNCTION app.g FROM PUBLIC; GRANT SELECT ON app.v TO @first; GRANT CREATE ON SCHEMA app TO @first;
         GRANT USAGE ON SCHEMA hidden TO @first)");
  CHECK(changed.access() ==
        std::vector<std::string>{
            "closed @first EXECUTE function app.g(): as the caller ->",
            "opened @first CREATE schema app:  allowed",
            "opened @first EXECUTE function app.f(): as the caller -> as its owner",
            "opened @first SELECT table hidden.t:  every row",
            "opened @first SELECT view app.v:  as its owner",
            "opened @first USAGE schema hidden:  allowed",
            "opened @first USAGE sequence app.s:  allowed"});
}
