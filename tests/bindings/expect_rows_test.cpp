#include "bindings/expecting.h"

namespace {

constexpr const char* setup = R"lua(
  CREATE TABLE sessions (id integer PRIMARY KEY, name text, doc json, price numeric(10, 2), at timestamptz, done boolean);
  INSERT INTO sessions SELECT n, 'name ' || n, '{"n": 1}', n * 1.5, timestamptz '2025-07-01 00:00+00' + n * interval '1 day', n > 3
  FROM generate_series(1, 5) AS n;
  CREATE TABLE backup AS TABLE sessions;
  CREATE TABLE notes (session_id integer REFERENCES sessions DEFERRABLE INITIALLY DEFERRED, text text);
  CREATE INDEX by_name ON sessions (name);
)lua";

}  // namespace

TEST_CASE("rows are counted, also for a condition") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(expect.table "sessions"
    :has_rows(5) :has_rows { at_least = 1 } :has_rows { at_least = 5, at_most = 5 }
    :has_rows(2, { where = "done" }) :has_rows { at_most = 0, where = "id > 5 -- none" }
    :has_no_rows { where = "name IS NULL" }
    expect.table "notes" :has_no_rows())lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(expect.table "sessions"
    :has_rows(4) :has_rows { at_least = 6 } :has_rows { at_least = 1, at_most = 3 }
    :has_rows(1, { where = "done" }) :has_no_rows() :has_rows(1, { where = "no_such_column" }))lua") ==
        "ok table sessions exists\n"
        "NOT table sessions has 4 rows | 4 rows | 5 rows\n"
        "NOT table sessions has at least 6 rows | at least 6 rows | 5 rows\n"
        "NOT table sessions has 1 to 3 rows | 1 to 3 rows | 5 rows\n"
        "NOT table sessions has 1 row where done | 1 row | 2 rows\n"
        "NOT table sessions has 0 rows | 0 rows | 5 rows\n"
        "NOT table sessions has 1 row where no_such_column | 1 row"
        " | error 42703: column \"no_such_column\" does not exist");
}

TEST_CASE("a table has the rows of another, or it is counted what differs") {
  test::Expecting expect{setup};
  CHECK(expect.checks(R"lua(expect.table "backup" :has_rows_of "sessions"
                            expect.table "sessions" :has_rows_of("backup", { columns = { "id" } }))lua") ==
        "ok table backup exists\nok table backup has the rows of sessions\n"
        "ok table sessions exists\nok table sessions has the rows of backup");
  expect.sql("ALTER TABLE sessions ADD COLUMN is_active boolean DEFAULT true");
  CHECK(expect.checks("expect.table 'sessions' :has_rows_of 'backup'").find("NOT") ==
        std::string::npos);
  expect.sql("UPDATE sessions SET name = 'other' WHERE id = 2");
  CHECK(expect.checks("expect.table 'sessions' :has_rows_of 'backup'") ==
        "ok table sessions exists\nNOT table sessions has the rows of backup"
        " | the 5 rows of backup | 5 rows: 1 missing, 1 not in backup");
  expect.sql("DELETE FROM sessions WHERE id = 3");
  expect.sql("INSERT INTO backup SELECT * FROM backup WHERE id = 1");
  CHECK(
      expect.checks(R"lua(expect.table "sessions"
    :has_rows_of "backup" :has_rows_of "no_such_table" :has_rows_of("backup", { columns = { "nam" } })
    expect.table "backup" :has_rows_of "sessions"
    expect.table "notes" :has_rows_of "notes")lua") ==
      "ok table sessions exists\n"
      "NOT table sessions has the rows of backup | the 6 rows of backup"
      " | 4 rows: 3 missing, 1 not in backup\n"
      "NOT table sessions has the rows of no_such_table | the rows of no_such_table"
      " | no such table (table no_such_table)\n"
      "NOT table sessions has the rows of backup | sessions with column nam"
      " | no such column; nearest is name\n"
      "ok table backup exists\n"
      "NOT table backup has the rows of sessions | backup with column is_active | no such column\n"
      "ok table notes exists\n"
      "ok table notes has the rows of notes");
}

TEST_CASE("a query is checked by its rows") {
  test::Expecting expect{setup};
  CHECK(expect.checks(R"lua(
    expect.query "SELECT * FROM sessions" :has_rows(5) :has_rows { at_least = 2 }
    expect.query("SELECT 1 FROM sessions WHERE id = $1 AND name = $2", 7, null):has_no_rows()
    expect.query "SELECT id, name FROM sessions ORDER BY id LIMIT 2" :is { { 1, "name 1" }, { id = 2 } }
    expect.query "SELECT id FROM sessions ORDER BY id LIMIT 3" :is { 1, 2, 3 }
    expect.query "SELECT price, done, NULL FROM sessions WHERE id = 1" :is { { 1.5, false, null } })lua") ==
        "ok query \"SELECT * FROM sessions\" gives 5 rows\n"
        "ok query \"SELECT * FROM sessions\" gives at least 2 rows\n"
        "ok query \"SELECT 1 FROM sessions WHERE id = $1 AND name = $2\" gives 0 rows\n"
        "ok query \"SELECT id, name FROM sessions ORDER BY id LIMIT 2\" gives the rows expected\n"
        "ok query \"SELECT id FROM sessions ORDER BY id LIMIT 3\" gives the rows expected\n"
        "ok query \"SELECT price, done, NULL FROM sessions WHERE id = 1\" gives the rows expected");
  CHECK(expect.checks(R"lua(
    expect.query "SELECT 1" :has_rows(2) :has_no_rows()
    expect.query "SELECT id, name FROM sessions WHERE id < 3 ORDER BY id" :named "the first two"
      :is { { 1, "name 1" } } :is { { 1, "name 1" }, { 2, null } } :is { { id = 1 }, { id = 7, name = "name 2" } }
      :is { { 1 }, { 2 } }
    expect.query "SELECT * FROM nowhere" :has_rows(1) :is {})lua") ==
        "NOT query \"SELECT 1\" gives 2 rows | 2 rows | 1 row\n"
        "NOT query \"SELECT 1\" gives 0 rows | 0 rows | 1 row\n"
        "NOT the first two | 1 row | 2 rows\n"
        "NOT the first two | row 2: (2, null) | row 2: (2, name 2)\n"
        "NOT the first two | row 2: (id = 7, name = name 2) | row 2: (id = 2, name = name 2)\n"
        "NOT the first two | row 1: (1) | row 1: (1, name 1)\n"
        "NOT query \"SELECT * FROM nowhere\" gives 1 row | 1 row"
        " | error 42P01: relation \"nowhere\" does not exist\n"
        "NOT query \"SELECT * FROM nowhere\" gives the rows expected | 0 rows"
        " | error 42P01: relation \"nowhere\" does not exist");
  CHECK(expect.failure("expect.query 'SELECT 1 AS id' :is { { idd = 1 } }").message() ==
        "the query gives no column idd; did you mean \"id\"?");
}

TEST_CASE("named titles the check before it, or at the beginning of a chain those that follow") {
  test::Expecting expect{setup};
  CHECK(expect.checks(R"lua(
    expect.query "SELECT 1" :has_rows(1) :named "after" :equals(2) :named "after too"
    expect.query "SELECT 1" :named "before" :has_rows(1) :equals(1) :named "anew" :equals(2)
    expect.table "sessions" :has_rows(5) :named "of a table")lua") ==
        "ok after\nNOT after too | 2 | 1\n"
        "ok before\nok before\nNOT anew | 2 | 1\n"
        "ok table sessions exists\nok of a table");
}

TEST_CASE("a query is checked by its one value, as its type compares") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(
    expect.query "SELECT count(*) FROM sessions" :equals(5) :at_least(5) :at_most(5)
    expect.query "SELECT price FROM sessions WHERE id = 2" :equals(3) :equals "3.00"
    expect.query "SELECT done FROM sessions WHERE id = 5" :equals(true)
    expect.query "SELECT doc FROM sessions WHERE id = 5" :equals { n = 1 }
    expect.query "SELECT max(at) FROM sessions" :at_least "2025-07-06" :at_most "2025-07-06"
    expect.query "SELECT NULL::integer" :equals(null)
    expect.query "SELECT 'esquisse2'" :matches "^esquisse[0-9]$"
    expect.query "SELECT 9::bigint" :at_most(10))lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(
    expect.query "SELECT count(*) FROM sessions" :named "count" :equals(6) :at_least(6) :at_most(4) :equals(null)
    expect.query "SELECT done FROM sessions WHERE id = 5" :named "done" :equals(false) :equals "no boolean"
    expect.query "SELECT max(at) FROM sessions" :named "latest" :at_least "2025-07-07" :equals "2025-07-07"
    expect.query "SELECT NULL::integer" :named "null" :equals(0) :at_least(0)
    expect.query "SELECT 'other'" :named "text" :matches "^esquisse" :equals "othe"
    expect.query "SELECT 1, 2" :named "shape" :equals(1)
    expect.query "SELECT 1 WHERE false" :named "shape" :equals(1) :at_least(1)
    expect.query "SELECT 1 / 0" :named "refused" :equals(1))lua") ==
        "NOT count | 6 | 5\n"
        "NOT count | at least 6 | 5\n"
        "NOT count | at most 4 | 5\n"
        "NOT count | null | 5\n"
        "NOT done | false | true\n"
        "NOT done | no boolean | true\n"
        "NOT latest | at least 2025-07-07 | 2025-07-06 00:00:00+00\n"
        "NOT latest | 2025-07-07 | 2025-07-06 00:00:00+00\n"
        "NOT null | 0 | null\n"
        "NOT null | at least 0 | null\n"
        "NOT text | what matches ^esquisse | other\n"
        "NOT text | othe | other\n"
        "NOT shape | 1 | 1 row of 2 columns\n"
        "NOT shape | 1 | 0 rows\n"
        "NOT shape | at least 1 | 0 rows\n"
        "NOT refused | 1 | error 22012: division by zero");
  CHECK(expect.failure("expect.query 'SELECT 5' :at_least 'many'")
            .message()
            .find("a value of type numeric cannot be compared with \"many\"") == 0);
}

TEST_CASE(
    "what a query writes stays for the next one, and what it is refused does not end the "
    "transaction") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(
    expect.query "INSERT INTO sessions (id, name) VALUES (6, 'six'), (7, 'seven') RETURNING id" :has_rows(2) :affects(2)
    expect.query "SELECT 1 FROM sessions" :has_rows(7)
    expect.query "UPDATE sessions SET name = 'x' WHERE id > 5" :affects(2)
    expect.query "INSERT INTO sessions (id) VALUES (1)" :fails "23505" :fails()
    expect.query "INSERT INTO notes VALUES (99)" :fails "23503"
    expect.query "SELECT 1 FROM sessions" :succeeds() :has_rows(7)
    expect.query "INSERT INTO notes VALUES (99)" :succeeds())lua")
            .find("NOT") == std::string::npos);
  expect.sql("DELETE FROM notes");
  CHECK(expect.checks(R"lua(
    expect.query "UPDATE sessions SET name = 'y' WHERE id > 5" :affects(3)
    expect.query "SELECT 1" :affects(1)
    expect.query "INSERT INTO sessions (id) VALUES (1)" :fails "23503"
    expect.query "INSERT INTO sessions (id) VALUES (100)" :fails "23505"
    expect.query "SELECT 1 FROM sessions WHERE id = 100" :has_rows(0)
    expect.query "SELECT 1 / 0" :succeeds() :affects(1))lua") ==
        "NOT query \"UPDATE sessions SET name = 'y' WHERE id > 5\" writes 3 rows | 3 rows written "
        "| 2 rows written\n"
        "NOT query \"SELECT 1\" writes 1 row | 1 row written | 1 row\n"
        "NOT query \"INSERT INTO sessions (id) VALUES (1)\" fails with error 23503 | error 23503"
        " | error 23505: duplicate key value violates unique constraint \"sessions_pkey\"\n"
        "NOT query \"INSERT INTO sessions (id) VALUES (100)\" fails with error 23505 | error 23505"
        " | no error: INSERT 0 1\n"
        "ok query \"SELECT 1 FROM sessions WHERE id = 100\" gives 0 rows\n"
        "NOT query \"SELECT 1 / 0\" succeeds | no error | error 22012: division by zero\n"
        "NOT query \"SELECT 1 / 0\" writes 1 row | 1 row written | error 22012: division by zero");
  CHECK(expect.failure("expect.query 'SELECT 1' :fails '235'").message() ==
        "expect.query:fails: \"235\" is no SQLSTATE");
}

TEST_CASE(
    "an index that the planner can use is one that it takes when it may not read the whole table") {
  test::Expecting expect{setup};
  CHECK(expect.checks(R"lua(
    expect.query("SELECT * FROM sessions WHERE name = $1", "name 1"):can_use_index "by_name"
    expect.query("SELECT * FROM sessions WHERE id = $1", 1):can_use_index "by_name"
    expect.query "SELECT * FROM sessions WHERE price > 1" :can_use_index "by_name"
    expect.query "SELECT * FROM nowhere" :can_use_index "by_name")lua") ==
        "ok query \"SELECT * FROM sessions WHERE name = $1\" can use index by_name\n"
        "NOT query \"SELECT * FROM sessions WHERE id = $1\" can use index by_name | index by_name"
        " | index sessions_pkey\n"
        "NOT query \"SELECT * FROM sessions WHERE price > 1\" can use index by_name | index "
        "by_name | no index\n"
        "NOT query \"SELECT * FROM nowhere\" can use index by_name | index by_name"
        " | error 42P01: relation \"nowhere\" does not exist");
  CHECK(expect.checks("expect.query 'SHOW enable_seqscan' :equals 'on'").substr(0, 2) == "ok");
}

TEST_CASE("values of the plan are checked as well") {
  test::Expecting expect{setup};
  CHECK(expect
            .checks(R"lua(
    expect.value(3):equals(3) :at_least(2.5) :at_most(3)
    expect.value "esquisse2" :matches "^esq" :contains "isse" :equals "esquisse2"
    expect.value { 1, { a = 1, b = 2 } } :equals { 1, { b = 2, a = 1 } } :contains { { a = 1, b = 2 } }
    expect.value { a = 1, b = 2 } :contains { a = 1 }
    expect.value(nil):equals(nil)
    expect.value(true):equals(true))lua")
            .find("NOT") == std::string::npos);
  CHECK(expect.checks(R"lua(
    expect.value(3):equals(4) :at_least(3.5) :at_most(2) :equals "three"
    expect.value "esquisse" :matches "^x" :contains "y" :equals(nil)
    expect.value { 1, 2 } :equals { 2, 1 } :contains { 2, 3, "four" }
    expect.value { a = 1 } :named "a" :contains { a = 2 }
    expect.value(nil):at_least(1))lua") ==
        "NOT the value is 4 | 4 | 3\n"
        "NOT the value is at least 3.5 | at least 3.5 | 3\n"
        "NOT the value is at most 2 | at most 2 | 3\n"
        "NOT the value is three | three | 3\n"
        "NOT the value is what matches ^x | what matches ^x | esquisse\n"
        "NOT the value is what contains y | what contains y | esquisse\n"
        "NOT the value is null | null | esquisse\n"
        "NOT the value is [2,1] | [2,1] | [1,2]\n"
        "NOT the value is what contains [2,3,\"four\"] | what contains [2,3,\"four\"] | it lacks "
        "3, \"four\"\n"
        "NOT a | what contains {\"a\":2} | {\"a\":1}\n"
        "NOT the value is at least 1 | at least 1 | null");
  CHECK(expect.failure("expect.value 'SELECT 5' :at_least(5)").message() ==
        "expect.value:at_least: a string cannot be compared with a number");
}

TEST_CASE("a query is one statement, and none that ends the transaction") {
  test::Expecting expect{setup};
  const auto message = [&](const std::string& code) { return expect.failure(code).message(); };
  CHECK(message("expect.query 'COMMIT' :succeeds()") ==
        "expect.query: a plan cannot contain COMMIT");
  CHECK(message("expect.query 'COPY sessions FROM STDIN' :succeeds()") ==
        "expect.query: a plan cannot contain COPY");
  CHECK(message("expect.query 'SELECT 1; SELECT 2' :succeeds()") ==
        "expect.query needs one statement, not 2");
  expect.session.now = engine::runner::Moment::when;
  CHECK(message("expect.query 'DELETE FROM sessions' :succeeds()") ==
        "expect.query: DELETE changes the target, but may only read here");
}
