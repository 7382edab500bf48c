#include "sql/statement.h"

#include "support/catch.h"

using engine::sql::Effect;
using engine::sql::Refusal;
using engine::sql::split;
using engine::sql::Statement;

namespace {

Statement only(std::string_view text) {
  const auto statements = split(text);
  REQUIRE(statements.size() == 1);
  return statements.front();
}

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> found;
  for (const Statement& statement : split(text)) found.push_back(statement.text);
  return found;
}

using Texts = std::vector<std::string>;

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
