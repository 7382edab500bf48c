// Statements that are too deep or too large for the stack, and those that only look so.
#include <functional>
#include <utility>

#include "base/stack.h"
#include "sql/expression.h"
#include "sql/foreign_keys.h"
#include "sql/named_relations.h"
#include "sql/roles.h"
#include "sql/row_copies.h"
#include "sql/statement.h"
#include "support/catch.h"
#include "support/limited.h"

using engine::sql::Effect;
using engine::sql::split;
using engine::sql::Statement;

namespace {

std::string repeated(const std::string& head, const std::string& unit, std::size_t count,
                     const std::string& tail = "") {
  std::string text = head;
  for (std::size_t i = 0; i < count; ++i) text += unit;
  return text + tail;
}

std::string nested(const std::string& head, const std::string& open, const std::string& inner,
                   const std::string& close, std::size_t count) {
  return repeated(head, open, count, inner) + repeated("", close, count);
}

/// Chains, which the grammar lets grow without end.
std::vector<std::pair<std::string, std::string>> chains(std::size_t count) {
  return {{"sum", repeated("SELECT 1", " + 1", count)},
          {"concatenation", repeated("SELECT 'a'", " || 'a'", count)},
          {"or", repeated("SELECT 1 FROM t WHERE a = 1", " OR a = 1", count)},
          {"union", repeated("SELECT 1", " UNION ALL SELECT 1", count)},
          {"casts", repeated("SELECT 1", "::int", count)},
          {"joins", repeated("SELECT 1 FROM t", " JOIN t USING (a)", count)},
          {"policy", repeated("CREATE POLICY p ON t USING (a", " + a", count, " > 1)")},
          {"insert", repeated("INSERT INTO t SELECT 1", " + 1", count, " FROM u")}};
}

/// Everything that reads a parse tree.
void read_all(const std::string& text) {
  split(text);
  engine::sql::roles_named(text);
  engine::sql::named_relations(text);
  engine::sql::row_copies(text);
  engine::sql::added_foreign_keys(text);
  engine::sql::same_query(text, text + " ");
  engine::sql::is_expression(text);
}

}  // namespace

TEST_CASE("a chain of 50,000 parts is read") {
  const auto statements = split(repeated("SELECT 1", " UNION ALL SELECT 1", 50000));
  REQUIRE(statements.size() == 1);
  CHECK(statements.front().problem.empty());
  CHECK(statements.front().effect == Effect::reads);
}

TEST_CASE("chains are read by everything that reads a tree, with little stack too") {
  for (const auto& [name, text] : chains(20000)) {
    CAPTURE(name);
    CHECK(split(text).front().problem.empty());
  }
  for (const auto& [name, text] : chains(4000)) {
    CAPTURE(name);
    CHECK(test::with_stack(256, [&text = text] { read_all(text); }) == "ended");
  }
}

TEST_CASE("nesting that the grammar takes is read, and more is a problem that has words") {
  const auto deep = [](std::size_t count) {
    return std::vector<std::string>{
        nested("SELECT ", "(", "1", ")", count), nested("SELECT ", "f(", "1", ")", count),
        nested("SELECT ARRAY", "[", "1", "]", count), nested("SELECT ", "(1 + ", "1", ")", count),
        nested("CREATE TABLE t (a int CHECK ", "(", "a > 1", ")", count) + ")"};
  };
  for (const std::string& text : deep(3000)) {
    CAPTURE(text.substr(0, 40));
    CHECK(split(text).front().problem.empty());
  }
  for (const std::string& text : deep(10000)) {
    CAPTURE(text.substr(0, 40));
    CHECK_THAT(split(text).front().problem, ContainsSubstring("memory exhausted"));
    CHECK(test::with_stack(256, [&] { read_all(text); }) == "ended");
  }
}

TEST_CASE("10,000 calls within one another are read or refused, but never a crash") {
  const std::string text = nested("SELECT ", "abs(", "1", ")", 10000);
  CHECK(split(text).size() == 1);
}

TEST_CASE("a chain that no server takes is refused with what to do") {
  const auto statements = split(repeated("SELECT 1", " + 1", 400'000) + "; SELECT 2");
  REQUIRE(statements.size() == 2);
  CHECK_FALSE(statements[0].known());
  CHECK_THAT(statements[0].problem, ContainsSubstring("more than 100,000 operators") &&
                                        ContainsSubstring("write several statements"));
  CHECK(statements[1].known());
}

TEST_CASE("a statement of 5 MB is read") {
  const auto statements =
      split(repeated("INSERT INTO t VALUES (0, 'x')", ", (1, 'some text that is here')", 180000));
  REQUIRE(statements.size() == 1);
  CHECK(statements.front().text.size() > 5'000'000);
  CHECK(statements.front().effect == Effect::writes);
}

TEST_CASE("a text above the sure size is split into its statements") {
  const auto statements = split(
      repeated("", "INSERT INTO t VALUES (1, 'some text; that is here'); -- one; more\n", 130000));
  REQUIRE(statements.size() == 130000);
  CHECK(statements.back().line == 130000);
  CHECK(statements.back().tag == "INSERT");
}

TEST_CASE("a statement whose tree would exceed the parser's memory is refused") {
  const auto statements = split(repeated("SELECT 1", " + 1", 4'600'000));
  REQUIRE(statements.size() == 1);
  CHECK_THAT(statements.front().problem, ContainsSubstring("too large"));
}

TEST_CASE("what is compared may be deep") {
  const std::string calls = nested("", "f(", "a", ")", 1500);
  CHECK(engine::sql::same_expression(calls, nested("", "(f(", "a", "))", 1500)));
  const std::string sum = repeated("a", " + a", 10000);
  CHECK(engine::sql::same_expression(sum, "(" + sum + ")"));
  CHECK_FALSE(engine::sql::same_expression(sum, sum + " + b"));
}

TEST_CASE("what is compared may be no text at all") {
  CHECK_FALSE(engine::sql::same_expression("'\xC3'", "a"));
  CHECK_FALSE(engine::sql::is_type("\xFF"));
}
