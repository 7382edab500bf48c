#include "sql/statement.h"

#include "support/catch.h"

using namespace engine::sql;

namespace {

using Texts = std::vector<std::string>;

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> found;
  for (const Statement& statement : split(text)) found.push_back(statement.text);
  return found;
}

}  // namespace

TEST_CASE("a text is cut at its semicolons, and only there") {
  CHECK(texts("SELECT ';' ; SELECT $$;$$;\nSELECT \";\" FROM t -- ;\n; /* ; */ SELECT 4") ==
        Texts{"SELECT ';'", "SELECT $$;$$", "SELECT \";\" FROM t", "SELECT 4"});
}

TEST_CASE("blanks, comments and empty statements yield nothing") {
  CHECK(split("").empty());
  CHECK(split(" \n\t;; ; ").empty());
  CHECK(split("-- only a comment\n/* and /* another */ one */").empty());
}

TEST_CASE("the line is that of the first word, not of a comment before it") {
  const auto statements = split("-- ä first\n\nSELECT 1;\n/* two\nlines */ SELECT 2;\nSELECT\n3");
  REQUIRE(statements.size() == 3);
  CHECK(statements[0].line == 3);
  CHECK(statements[1].line == 5);
  CHECK(statements[2].line == 6);
}

TEST_CASE("offsets are bytes, behind characters of several bytes too") {
  const std::string text = "SELECT 'äöü€';  SELECT 'x'";
  const auto statements = split(text);
  REQUIRE(statements.size() == 2);
  CHECK(text.substr(statements[1].offset) == "SELECT 'x'");
}

TEST_CASE("a byte order mark at the start is skipped") {
  const auto statements = split("\xEF\xBB\xBFSELECT 1");
  REQUIRE(statements.size() == 1);
  CHECK(statements[0].known());
  CHECK(statements[0].text == "SELECT 1");
}

TEST_CASE("what the grammar does not know is still cut where its statements end") {
  const auto statements = split(
      "CREATE TABLE t (n int);\n"
      "SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (a int PATH '$.a')) AS j;\n"
      "DROP TABLE t");
  REQUIRE(statements.size() == 3);
  CHECK(statements[0].known());
  CHECK_FALSE(statements[1].known());
  CHECK(statements[1].tag == "unknown");
  CHECK(statements[1].effect == Effect::unknown);
  CHECK(statements[1].line == 2);
  CHECK(statements[1].problem == "syntax error at or near \"COLUMNS\"");
  CHECK(statements[2].tag == "DROP TABLE");
  CHECK(statements[2].line == 3);
}

TEST_CASE("the place of a problem counts from the start of the whole text") {
  const std::string text = "SELECT 'ä';\nSELECT 'ö' FORM t;";
  const auto statements = split(text);
  REQUIRE(statements.size() == 2);
  REQUIRE_FALSE(statements[1].known());
  const Position place = position_of(text, statements[1].problem_at);
  CHECK(place.line == 2);
  CHECK(text.substr(statements[1].problem_at, 1) == "t");
}

TEST_CASE("bodies, quotes and comments hide their semicolons from the pieces too") {
  // The last statement makes the parser fail on the whole text.
  CHECK(texts("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
              "  SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 3; END;\n"
              "DO $body$ BEGIN PERFORM 1; END $body$;\n"
              "SELECT E'\\';' , U&'a;b', U&\"c;d\" /* ; /* ; */ ; */ ;\n"
              "CREATE RULE r AS ON DELETE TO t DO INSTEAD (SELECT 1; SELECT 2);\n"
              "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING *") ==
        Texts{"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
              "  SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 3; END",
              "DO $body$ BEGIN PERFORM 1; END $body$", "SELECT E'\\';' , U&'a;b', U&\"c;d\"",
              "CREATE RULE r AS ON DELETE TO t DO INSTEAD (SELECT 1; SELECT 2)",
              "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING *"});
}

TEST_CASE("a dollar within a name or a parameter begins no quote") {
  CHECK(texts("SELECT a$b; SELECT $1; SELECT b$ FORM; SELECT x$y$z") ==
        Texts{"SELECT a$b", "SELECT $1", "SELECT b$ FORM", "SELECT x$y$z"});
}

TEST_CASE("what is left open is a problem of its statement, never swallowed in silence") {
  for (const std::string open : {"/* never closed", "'never closed", "$$never closed", "\"never"}) {
    CAPTURE(open);
    const auto statements = split("DROP TABLE t; " + open);
    REQUIRE(statements.size() == 2);
    CHECK(statements[0].tag == "DROP TABLE");
    CHECK(statements[1].text == open);
    CHECK_FALSE(statements[1].known());
  }
}

TEST_CASE("bytes that are no text are a problem, not an accident") {
  CHECK_FALSE(split(std::string{"SELECT '\xC3';"}).front().known());
  CHECK_FALSE(split(std::string{"SELECT 1\0;", 10}).front().known());
}

TEST_CASE("places are lines and characters") {
  const std::string text = "ab\näö\nc";
  CHECK(position_of(text, 0).line == 1);
  CHECK(position_of(text, 5).line == 2);
  CHECK(position_of(text, 5).column == 2);
  CHECK(position_of(text, 8).line == 3);
  CHECK(byte_offset(text, 1) == 0);
  CHECK(byte_offset(text, 5) == 5);
  CHECK(byte_offset(text, 99) == text.size());
}

TEST_CASE("the grammar is that of PostgreSQL 15 or newer") { CHECK(grammar_version() >= 15); }
