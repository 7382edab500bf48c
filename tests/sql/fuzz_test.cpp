#include <array>
#include <random>

#include "sql/statement.h"
#include "support/catch.h"

using engine::sql::split;
using engine::sql::Statement;

namespace {

const std::array<std::string, 12> samples{
    "CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x;y' CHECK (b <> '')); -- comment; here\n",
    "DO $body$ BEGIN RAISE NOTICE 'a;b'; END $body$;",
    "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE a WHEN 1 THEN 2 END; END;",
    "/* outer /* inner; */ still */ SELECT E'it\\'s', U&'\\0061', $1, a$b FROM \"odd;name\";",
    "COPY t FROM stdin;\n1\t2\n\\.\n",
    "\\i file.sql\nSELECT 1 \\gexec\n",
    "CREATE RULE r AS ON DELETE TO t DO INSTEAD (SELECT 1; SELECT 2);",
    "INSERT INTO t VALUES (1, 'ä€😀'), (2, NULL) ON CONFLICT DO NOTHING RETURNING *;",
    "WITH d AS (DELETE FROM t RETURNING *) SELECT count(*) FROM d FOR UPDATE;",
    "ALTER TABLE p DETACH PARTITION q CONCURRENTLY; DROP INDEX CONCURRENTLY i;",
    "SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (a int PATH '$.a'));",
    "EXPLAIN (ANALYZE, BUFFERS off) EXECUTE p(1); SET LOCAL search_path = a, \"B\"; ;;",
};

const std::array<std::string, 22> tokens{
    ";",  "'",   "\"", "$$",   "$x$",          "--",     "/*",   "*/",           "\\", "(",  ")",
    "\n", "\\.", "E'", "U&\"", "BEGIN ATOMIC", " END; ", "\xC3", "\xEF\xBB\xBF", ":",  "$1", "\r"};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string next() {
    std::string text;
    for (std::size_t parts = 1 + below(3); parts > 0; --parts)
      text += samples[below(samples.size())];
    for (std::size_t changes = below(5); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(4)) {
      case 0:
        text.erase(at, 1 + below(12));
        break;
      case 1:
        text.insert(at, tokens[below(tokens.size())]);
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(1 + below(255)));
        break;
      default:
        text.insert(at, text.substr(below(text.size() + 1), below(20)));
    }
  }

  std::mt19937 random_;
};

// Does nothing stand in a gap between statements but blanks, comments and semicolons? Written
// without the engine's scanner.
bool is_void(std::string_view gap) {
  while (!gap.empty()) {
    if (std::string_view{" \t\n\r\f\v;"}.find(gap.front()) != std::string_view::npos) {
      gap.remove_prefix(1);
    } else if (gap.starts_with("\xEF\xBB\xBF")) {
      gap.remove_prefix(3);
    } else if (gap.starts_with("--")) {
      gap.remove_prefix(std::min(gap.find_first_of("\r\n"), gap.size()));
    } else if (gap.starts_with("/*")) {
      int depth = 0;
      do {
        const bool opens = gap.starts_with("/*");
        const bool closes = gap.starts_with("*/");
        depth += opens ? 1 : closes ? -1 : 0;
        gap.remove_prefix(opens || closes ? 2 : 1);
      } while (depth > 0 && !gap.empty());
      if (depth > 0) return false;
    } else {
      return false;
    }
  }
  return true;
}

void check_cover(const std::string& text) {
  CAPTURE(text);
  std::string_view rest = text;
  std::size_t at = 0;
  int line = 0;
  for (const Statement& statement : split(text)) {
    REQUIRE(statement.offset >= at);
    REQUIRE(text.compare(statement.offset, statement.text.size(), statement.text) == 0);
    REQUIRE_FALSE(statement.text.empty());
    REQUIRE(is_void(rest.substr(at, statement.offset - at)));
    REQUIRE(statement.line >= line);
    REQUIRE(statement.line == engine::sql::position_of(text, statement.offset).line);
    REQUIRE((statement.known() || statement.effect == engine::sql::Effect::unknown));
    REQUIRE(statement.problem_at <= text.size());
    at = statement.offset + statement.text.size();
    line = statement.line;
  }
  REQUIRE(is_void(rest.substr(at)));
}

}  // namespace

TEST_CASE("statements cover every text that is thrown at the splitter") {
  Mutator mutator{20240607};
  for (int round = 0; round < 1500; ++round) check_cover(mutator.next());
}

TEST_CASE("deep nesting is a problem of the parser's, not a crash") {
  for (const std::size_t depth : {1000, 20000}) {
    const auto statements =
        split("SELECT " + std::string(depth, '(') + "1" + std::string(depth, ')') + "; SELECT 2");
    REQUIRE(statements.size() == 2);
  }
}

TEST_CASE("a large INSERT is split in good time") {
  std::string text = "INSERT INTO t VALUES (0, 'x')";
  for (int row = 1; row < 20000; ++row) text += ", (" + std::to_string(row) + ", 'some text here')";
  CHECK(split(text + ";").size() == 1);
}
