#include "script/lexer.h"

#include <fmt/format.h>

#include "support/catch.h"

using engine::script::Token;
using engine::script::TokenKind;
using engine::script::tokens_of;

namespace {

std::string spellings(std::string_view source) {
  std::string all;
  for (const Token& token : tokens_of(source)) all += fmt::format("{} ", token.spelling);
  return all;
}

}  // namespace

TEST_CASE("comments and blanks are left out") {
  CHECK(spellings("a --[[ long\n ]] b -- line\n c --[==[ ]] ]==] d #!x") == "a b c d # ! x  ");
  CHECK(spellings("#!/usr/bin/engine\na") == "a  ");
  CHECK(spellings("\xEF\xBB\xBFreturn plan") == "return plan  ");
}

TEST_CASE("symbols, names and numbers are one token each") {
  CHECK(spellings("a.b..c...d==e~=f<=g::h 0x1p-4 1e+5 .5 3LL goto_x _1") ==
        "a . b .. c ... d == e ~= f <= g :: h 0x1p-4 1e+5 .5 3LL goto_x _1  ");
}

TEST_CASE("a long string knows its first and last line, and where its text begins") {
  const std::string source = "x\nsql [==[\nSELECT ]]\n]==] y";
  const auto tokens = tokens_of(source);
  REQUIRE(tokens.size() == 5);
  CHECK(tokens[2].kind == TokenKind::text);
  CHECK(tokens[2].line == 2);
  CHECK(tokens[2].last_line == 4);
  CHECK(tokens[2].value == "SELECT ]]\n");
  CHECK(tokens[2].value_line == 3);
  CHECK(tokens[2].brackets == 2);
  CHECK(tokens[3].line == 4);
}

TEST_CASE("a quoted string keeps its quotes in its spelling and loses them in its value") {
  const std::string source = R"("a\"b" 'c\n' "d\
e")";
  const auto tokens = tokens_of(source);
  REQUIRE(tokens.size() == 4);
  CHECK(tokens[0].value == "a\"b");
  CHECK(tokens[1].value == "c\n");
  CHECK(tokens[2].last_line == 2);
}

TEST_CASE("a source that breaks off ends the tokens and nothing else") {
  for (const char* source :
       {"", "\"abc", "[[ abc", "--[[ abc", "'a\n'", "[=", "0x", "\\", "\xff\xfe"})
    CHECK(tokens_of(source).back().kind == TokenKind::end);
}
