// Rows from one database into another of the same schema.
#include "shadow/clone_rows.h"

#include "base/error.h"
#include "support/catch.h"
#include "support/database.h"

using namespace test;
using engine::shadow::Bounds;
using engine::shadow::Masks;
using engine::shadow::RowClone;
using engine::shadow::RowCoverage;
using engine::shadow::TargetReader;
using Tables = std::set<std::string>;

namespace {

engine::db::Connection open(const Database& database) {
  return engine::db::Connection::open(engine::db::Target::parse(database.conninfo()));
}

/// A target and a shadow of the same schema, the target with rows.
struct Pair {
  explicit Pair(const std::string& schema, const std::string& rows, Bounds bounds = {},
                const std::map<std::string, std::string>& masks = {},
                const std::string& user = "postgres")
      : connection(open(shadow)) {
    target.sql(schema + rows);
    shadow.sql(schema);
    reader.emplace(engine::db::Target::parse(target.conninfo(user)));
    connection.script("SET session_replication_role = replica");
    clone.emplace(*reader, bounds, Masks{masks});
  }
  Tables add(const Tables& tables) { return clone->add(connection, tables); }
  std::string there(const std::string& query) const { return shadow.value(query); }

  Database target, shadow;
  std::optional<TargetReader> reader;
  engine::db::Connection connection;
  std::optional<RowClone> clone;
};

std::string all(const std::vector<std::string>& phrases) {
  std::string text;
  for (const std::string& phrase : phrases) text += phrase + "\n";
  return text;
}

}  // namespace

TEST_CASE("rows arrive as they are, whatever their types") {
  const std::string schema = R"(
CREATE TYPE mood AS ENUM ('glad', 'sad "so"');
CREATE TYPE point3 AS (x int, y text);
CREATE DOMAIN word AS text CHECK (VALUE <> '');
CREATE TABLE "Odd Name" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "a,b" text, doc jsonb NOT NULL, raw json, bytes bytea,
  mood mood, p point3, list int[], lists text[][], at timestamptz, span int4range, word word, real_one float8, n numeric,
  twice bigint GENERATED ALWAYS AS (id * 2) STORED, gone int, empty text);
ALTER TABLE "Odd Name" DROP COLUMN gone;
)";
  Pair pair{schema, R"(
INSERT INTO "Odd Name" ("a,b", doc, raw, bytes, mood, p, list, lists, at, span, word, real_one, n, empty) VALUES
  (E'x"y\\z\n{},()', 'null', '{"b" : 1,  "a":2}', '\x00ff', 'sad "so"', ROW(1, 'a,"b"'), '[0:1]={5,NULL}', '{{a,b},{c,"d,e"}}',
   'infinity', '[1,5)', 'w', 0.1::float8 + 0.2, 'NaN', ''),
  (NULL, '{"a": "\\"}', NULL, NULL, NULL, NULL, '{}', NULL, '0044-03-15 00:00:00+00 BC', 'empty', NULL, '-0', 1e-20, NULL);
)"};
  CHECK(pair.add({"public.\"Odd Name\""}) == Tables{"public.\"Odd Name\""});
  CHECK(all(pair.clone->missing()) == "");
  const std::string rows = "SELECT string_agg(t::text, E'\\n' ORDER BY id) FROM \"Odd Name\" AS t";
  CHECK(pair.there(rows) == pair.target.value(rows));
  CHECK(pair.there("SELECT count(*) FROM \"Odd Name\" WHERE doc = 'null'") == "1");
}

TEST_CASE("rows come with what they refer to: chains, cycles, themselves, two keys to one table") {
  Pair pair{R"(
CREATE TABLE regions (id int PRIMARY KEY, capital int);
CREATE TABLE cities (id int PRIMARY KEY, region int REFERENCES regions, twin int REFERENCES cities);
ALTER TABLE regions ADD FOREIGN KEY (capital) REFERENCES cities;
CREATE TABLE travels (id int PRIMARY KEY, source int REFERENCES cities, target int REFERENCES cities, code text, kind text);
CREATE TABLE codes (code text, kind text, PRIMARY KEY (code, kind));
ALTER TABLE travels ADD FOREIGN KEY (code, kind) REFERENCES codes;
)",
            R"(
SET session_replication_role = replica;
INSERT INTO regions SELECT n, 1001 - n FROM generate_series(1, 1000) n;
INSERT INTO cities SELECT n, n, NULLIF(n - 100, -n % 100) FROM generate_series(1, 1000) n;
UPDATE cities SET twin = NULL WHERE twin < 1;
INSERT INTO codes SELECT 'c' || n, 'k' FROM generate_series(1, 1000) n;
INSERT INTO travels SELECT n, 1001 - n, n, 'c' || n, 'k' FROM generate_series(1, 1000) n;
)",
            {.rows = 3}};
  pair.add({"public.travels"});
  CHECK(all(pair.clone->missing()) == "");
  CHECK(pair.there("SELECT count(*) FROM travels") == "3");
  for (const char* orphans :
       {"SELECT count(*) FROM travels t WHERE NOT EXISTS (SELECT FROM cities WHERE id = source) OR "
        "NOT EXISTS (SELECT FROM cities WHERE id = target) OR NOT EXISTS (SELECT FROM codes c "
        "WHERE c.code = t.code)",
        "SELECT count(*) FROM cities c WHERE twin IS NOT NULL AND NOT EXISTS (SELECT FROM cities "
        "WHERE id = c.twin) "
        "OR NOT EXISTS (SELECT FROM regions WHERE id = c.region)",
        "SELECT count(*) FROM regions r WHERE NOT EXISTS (SELECT FROM cities WHERE id = "
        "r.capital)"}) {
    INFO(orphans);
    CHECK(pair.there(orphans) == "0");
  }
  CHECK(std::stoi(pair.there("SELECT count(*) FROM cities")) < 100);
  // Touched later: some of its rows are there already.
  pair.add({"public.cities"});
  CHECK(all(pair.clone->missing()) == "");
  CHECK(pair.there("SELECT count(*) FROM cities WHERE id <= 3") == "3");
}

TEST_CASE(
    "a key that the target has not checked stays broken, one whose rows cannot be read is left "
    "out") {
  Pair pair{R"(
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int PRIMARY KEY, parent int);
)",
            "INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1, 1), (2, 99); "
            "ALTER TABLE children ADD FOREIGN KEY (parent) REFERENCES parents NOT VALID"};
  pair.add({"public.children"});
  CHECK(pair.there("SELECT count(*) FROM children") == "2");
  CHECK(pair.there("SELECT count(*) FROM parents") == "1");
}

TEST_CASE("tables that may not be read are told, and the others come") {
  const std::string role = "row_reader_" + std::to_string(getpid());
  const std::string schema = R"(
CREATE TABLE secret (id int PRIMARY KEY);
CREATE TABLE open (id int PRIMARY KEY, secret int REFERENCES secret);
CREATE TABLE guarded (id int PRIMARY KEY);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE TABLE partly (id int PRIMARY KEY, hidden text);
)";
  Database roles;
  roles.sql("CREATE ROLE " + role + " LOGIN");
  {
    Pair pair{schema,
              "INSERT INTO secret VALUES (1); INSERT INTO open VALUES (1, 1), (2, NULL); INSERT "
              "INTO guarded VALUES (1); "
              "INSERT INTO partly VALUES (1); GRANT SELECT ON open, guarded TO " +
                  role + "; GRANT SELECT (id) ON partly TO " + role,
              {},
              {},
              role};
    CHECK(pair.add({"public.open", "public.guarded", "public.partly"}) == Tables{"public.open"});
    CHECK(pair.there("SELECT string_agg(id::text, ',') FROM open") == "2");
    const std::string told = all(pair.clone->missing());
    CHECK_THAT(told, ContainsSubstring("rows of public.guarded: row security"));
    CHECK_THAT(told, ContainsSubstring("rows of public.partly and public.secret: no SELECT"));
    CHECK_THAT(told, ContainsSubstring("rows of public.open that refer to rows of public.secret"));
    pair.target.sql("DROP OWNED BY " + role);
  }
  roles.sql("DROP ROLE " + role);
}

TEST_CASE("rows are bounded by number and size, but each table that has any gets one") {
  const std::string schema =
      "CREATE TABLE wide (id int PRIMARY KEY, body text); CREATE TABLE thin (id int PRIMARY KEY); "
      "CREATE TABLE none (id int);";
  const std::string rows =
      "ALTER TABLE wide ALTER body SET STORAGE EXTERNAL; "
      "INSERT INTO wide SELECT n, repeat('x', 100000) FROM generate_series(1, 50) n; "
      "INSERT INTO thin SELECT generate_series(1, 5000);";
  const Tables both{"public.wide", "public.thin", "public.none"};
  Pair by_number{schema, rows, {.rows = 20}};
  by_number.add(both);
  CHECK(by_number.there("SELECT count(*) FROM wide") == "20");
  CHECK(by_number.there("SELECT count(*) FROM thin") == "20");
  Pair by_size{schema, rows, {.rows = 1000, .bytes = 1'000'000}};
  by_size.add(both);
  // What the small one has no use for goes to the other.
  CHECK(std::stoi(by_size.there("SELECT count(*) FROM wide")) > 5);
  CHECK(by_size.there("SELECT count(*) FROM thin") == "1000");
  Pair tiny{schema, rows, {.rows = 1000, .bytes = 1}};
  tiny.add(both);
  CHECK(tiny.there("SELECT count(*) FROM wide") == "1");
  CHECK(tiny.there("SELECT count(*) FROM thin") == "1");
  Pair without{schema, rows, {.rows = 1000, .data = false}};
  CHECK(without.add(both).empty());
}

TEST_CASE("a partitioned table's rows lie in its partitions, and count once") {
  Pair pair{R"(
CREATE TABLE months (month int PRIMARY KEY);
CREATE TABLE logs (id int, month int REFERENCES months, PRIMARY KEY (id, month)) PARTITION BY LIST (month);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES IN (1);
CREATE TABLE logs_2 (month int NOT NULL, id int NOT NULL);
ALTER TABLE logs ATTACH PARTITION logs_2 FOR VALUES IN (2);
CREATE TABLE remarks (id int PRIMARY KEY, log int, month int, FOREIGN KEY (log, month) REFERENCES logs);
CREATE TABLE parent (id int); CREATE TABLE child (more int) INHERITS (parent);
)",
            R"(
INSERT INTO months VALUES (1), (2), (3);
INSERT INTO logs SELECT n, n % 2 + 1 FROM generate_series(1, 100) n;
INSERT INTO remarks SELECT n, n, n % 2 + 1 FROM generate_series(1, 100) n;
INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 3);
)",
            {.rows = 10}};
  pair.add({"public.logs", "public.logs_1", "public.logs_2", "public.remarks", "public.parent",
            "public.child"});
  CHECK(all(pair.clone->missing()) == "");
  // Ten, and those that came because remarks refer to them.
  CHECK(pair.there("SELECT count(*) >= 10 AND count(*) <= 20 FROM logs") == "t");
  CHECK(pair.there("SELECT count(DISTINCT month) FROM logs") == "2");
  CHECK(
      pair.there(
          "SELECT count(*) FROM remarks r WHERE NOT EXISTS (SELECT FROM logs WHERE id = r.log)") ==
      "0");
  CHECK(pair.there("SELECT count(*) FROM months") == "2");
  CHECK(pair.there("SELECT count(*) FROM ONLY parent") == "1");
  CHECK(pair.there("SELECT count(*) FROM parent") == "2");
}

TEST_CASE("partitions share the number: what one does not use is handed on") {
  const std::string schema = R"(
CREATE TABLE n (id int, m text) PARTITION BY LIST (m);
CREATE TABLE na PARTITION OF n FOR VALUES IN ('a'); CREATE TABLE nb PARTITION OF n FOR VALUES IN ('b');
CREATE TABLE nc PARTITION OF n FOR VALUES IN ('c') PARTITION BY RANGE (id);
CREATE TABLE nc1 PARTITION OF nc DEFAULT;
)";
  const std::string rows =
      "INSERT INTO n SELECT n, 'a' FROM generate_series(1, 3000) AS n; "
      "INSERT INTO n SELECT n, 'c' FROM generate_series(1, 50) AS n;";
  const Tables all_of_it{"public.n", "public.na", "public.nb", "public.nc", "public.nc1"};
  Pair some{schema, rows, {.rows = 1000}};
  some.add(all_of_it);
  CHECK(some.there("SELECT count(*) FROM n") == "1000");
  CHECK(some.there("SELECT count(*) FROM nc") == "50");
  CHECK(some.clone->came("public.na") == RowCoverage::cut_by_number);
  CHECK(some.clone->came("public.nb") == RowCoverage::whole);
  CHECK(some.clone->came("public.nc1") == RowCoverage::whole);
  Pair whole{schema, rows, {.rows = 3050}};
  whole.add(all_of_it);
  CHECK(whole.there("SELECT count(*) FROM n") == "3050");
  CHECK(whole.clone->came("public.na") == RowCoverage::whole);
}

TEST_CASE("a table is whole when all of its rows came, and only then") {
  const std::string schema =
      "CREATE TABLE t (id int PRIMARY KEY, body text); CREATE TABLE u (id int UNIQUE); "
      "CREATE TABLE v (u int REFERENCES u (id));";
  const std::string rows =
      "INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 100) AS n;"
      "INSERT INTO u SELECT generate_series(1, 100); INSERT INTO v VALUES (7);";
  Pair exact{schema, rows, {.rows = 100}};
  exact.add({"public.v"});
  exact.add({"public.t", "public.u"});
  CHECK(exact.clone->came("public.t") == RowCoverage::whole);
  // What came as a parent has no key to tell it by: the others cannot follow.
  CHECK(exact.clone->came("public.u") != RowCoverage::whole);
  CHECK(exact.clone->came("public.v") == RowCoverage::whole);
  CHECK(exact.clone->came("public.never") == RowCoverage::not_asked);
  Pair fewer{schema, rows, {.rows = 99}};
  fewer.add({"public.t"});
  CHECK(fewer.clone->came("public.t") == RowCoverage::cut_by_number);
  Pair smaller{schema, rows, {.rows = 1000, .bytes = 3000}};
  smaller.add({"public.t"});
  CHECK(smaller.clone->came("public.t") == RowCoverage::cut_by_size);
}

TEST_CASE("masked columns leave nothing of their values, and keys still meet") {
  Pair pair{R"(
CREATE TABLE people (email text PRIMARY KEY, id uuid NOT NULL, name varchar(10), phone text, born date, number int);
CREATE TABLE letters (id int PRIMARY KEY, to_email text REFERENCES people (email));
)",
            "INSERT INTO people SELECT 'p' || n || '@example.com', gen_random_uuid(), 'Name ' || "
            "n, '+49 ' || n, '2000-01-01', n FROM generate_series(1, 50) n; "
            "INSERT INTO letters SELECT n, 'p' || (51 - n) || '@example.com' FROM "
            "generate_series(1, 50) n;",
            {.rows = 5},
            {{"public.people.email", "hash"},
             {"public.people.id", "hash"},
             {"public.people.name", "text"},
             {"public.people.phone", "'no ' || number"},
             {"public.people.born", "null"},
             {"public.people.number", "hash"}}};
  pair.add({"public.letters", "public.people"});
  CHECK(all(pair.clone->missing()) == "");
  CHECK(pair.there("SELECT count(*) FROM people WHERE email LIKE '%@%' OR name ~ '[^x0 ]' AND name "
                   "<> 'Xxxx' OR born IS NOT NULL "
                   "OR phone !~ '^no [0-9]+$' OR number BETWEEN 1 AND 50") == "0");
  CHECK(pair.there("SELECT count(*) FROM letters l JOIN people p ON p.email = l.to_email") == "5");
  CHECK(pair.there("SELECT count(*) FROM people") == "10");
}

TEST_CASE("what is masked is named by schema, table and column") {
  for (const char* place : {"email", "people.email", "a.b.c.d", ""}) {
    INFO(place);
    CHECK_THROWS_AS((Masks{{{place, "null"}}}), engine::Error);
  }
}

TEST_CASE("round trips to the target grow with the depth of keys, not with the number of tables") {
  const auto trips = [](int tables) {
    std::string schema = "CREATE TABLE root (id int PRIMARY KEY);",
                rows = "INSERT INTO root VALUES (1);";
    Tables wanted;
    for (int i = 0; i < tables; ++i) {
      const std::string name = "t" + std::to_string(i);
      schema += "CREATE TABLE " + name + " (id int PRIMARY KEY, root int REFERENCES root);";
      rows += "INSERT INTO " + name + " VALUES (1, 1);";
      wanted.insert("public." + name);
    }
    Pair pair{schema, rows};
    const long before = pair.reader->round_trips();
    CHECK(pair.add(wanted).size() == wanted.size() + 1);
    return pair.reader->round_trips() - before;
  };
  CHECK(trips(40) == trips(2));
}
