#include "base/diff.h"

#include "support/catch.h"

using namespace engine;

namespace {

std::string told(std::string_view before, std::string_view after, std::size_t context = 1) {
  std::string text;
  for (const diff::Line& line : diff::unified(before, after, context))
    text += std::string(1, line.mark) + line.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("equal texts have no differing lines, and neither do two empty ones") {
  CHECK(told("a\nb", "a\nb").empty());
  CHECK(told("", "").empty());
}

TEST_CASE("changed lines come with a little of what stands around them") {
  CHECK(told("a\nb\nc\nd\ne", "a\nb\nC\nd\ne") == " b\n-c\n+C\n d\n");
  CHECK(told("1\n2\n3\n4\n5\n6\n7", "0\n2\n3\n4\n5\n6\n8") == "-1\n+0\n 2\n~\n 6\n-7\n+8\n");
  CHECK(told("a\nb\nc\nd\ne", "a\nb\nC\nd\ne", 0) == "-c\n+C\n");
}

TEST_CASE("a text that is new or gone has all its lines marked") {
  CHECK(told("", "a\nb") == "+a\n+b\n");
  CHECK(told("a\nb", "") == "-a\n-b\n");
}

TEST_CASE("a comma for the sake of the line that follows is no change of its own") {
  CHECK(told("t (\n  a,\n  b\n)", "t (\n  a,\n  b,\n  c\n)") == "   b,\n+  c\n )\n");
  CHECK(told("f(a\nb)", "f(a,\nb)") == "-f(a\n+f(a,\n b)\n");
}

TEST_CASE("texts too long to be aligned are told as replaced, between what they share") {
  std::string before = "first\n", after = "first\n";
  for (int i = 0; i < 2500; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  const auto lines = diff::unified(before + "last", after + "last", 1);
  REQUIRE(lines.size() == 5002);
  CHECK(lines.front() == diff::Line{' ', "first"});
  CHECK(lines[1] == diff::Line{'-', "a0"});
  CHECK(lines[2501] == diff::Line{'+', "b0"});
  CHECK(lines.back() == diff::Line{' ', "last"});
}
