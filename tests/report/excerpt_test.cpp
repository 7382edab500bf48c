#include "report/excerpt.h"

#include "base/redactor.h"
#include "base/text.h"
#include "support/catch.h"

using engine::report::excerpt;
using Lines = std::vector<std::string>;

TEST_CASE("a caret stands below the character that the server points at") {
  CHECK(excerpt("SELECT nowt FROM t", 8, 80) == Lines{"SELECT nowt FROM t", "       ^"});
  CHECK(excerpt("SELECT nowt FROM t", 0, 80) == Lines{"SELECT nowt FROM t"});
  CHECK(excerpt("SELECT", 7, 80) == Lines{"SELECT"});  // the server points behind the end
}

TEST_CASE("the caret counts characters, and stands below wide and escaped ones") {
  CHECK(excerpt("SELECT 'é', nowt", 13, 80) == Lines{"SELECT 'é', nowt", "            ^"});
  CHECK(excerpt("SELECT '日本', nowt", 14, 80) == Lines{"SELECT '日本', nowt", "               ^"});
}

TEST_CASE("lines lose the indentation that the plan gives them") {
  CHECK(excerpt("INSERT INTO t (id, nota)\n      VALUES (\n        11)", 20, 80) ==
        Lines{"INSERT INTO t (id, nota)", "                   ^", "VALUES (", "  11)"});
  CHECK(excerpt("SELECT 1\n      FROM nowhere\n", 21, 80) ==
        Lines{"SELECT 1", "FROM nowhere", "     ^"});
}

TEST_CASE("of a long statement the lines around the caret are shown") {
  std::string sql = "SELECT";
  for (int i = 1; i <= 20; ++i) sql += "\n  c" + std::to_string(i) + ",";
  const auto position = static_cast<int>(sql.find("c15")) + 1;
  const Lines lines = excerpt(sql, position, 80);
  REQUIRE(lines.size() == 11);
  CHECK(lines.front() == "… 10 lines above");
  CHECK(lines[6] == "c15,");
  CHECK(lines[7] == "^");
  CHECK(lines.back() == "… 3 lines more");
  CHECK(excerpt(sql, 0, 80).back() == "… 13 lines more");
}

TEST_CASE("a line that is too long is cut around the caret") {
  const std::string sql = "SELECT " + std::string(100, 'a') + ", nowt, " + std::string(100, 'b');
  const Lines lines = excerpt(sql, static_cast<int>(sql.find("nowt")) + 1, 40);
  REQUIRE(lines.size() == 2);
  CHECK(engine::text::width(lines[0]) <= 40);
  const std::size_t column = lines[1].size() - 1;
  // The ellipsis is one column of three bytes.
  CHECK(lines[0].substr(column + 2, 4) == "nowt");
}

TEST_CASE("a statement that a secret was taken from has no caret") {
  engine::redactor::add_secret("excerpt-secret");
  CHECK(excerpt("SELECT 'excerpt-secret', nowt", 26, 80) == Lines{"SELECT '***', nowt"});
}
