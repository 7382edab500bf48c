#include "base/names.h"

#include "base/error.h"
#include "support/catch.h"

using engine::Error;
using engine::QualifiedName;
using engine::quote_identifier;

TEST_CASE("names are quoted only where the server needs it") {
  CHECK(quote_identifier("users") == "users");
  CHECK(quote_identifier("Users") == "\"Users\"");
  CHECK(quote_identifier("user") == "\"user\"");
  CHECK(quote_identifier("odd \"name\"") == "\"odd \"\"name\"\"\"");
  CHECK(quote_identifier("1st") == "\"1st\"");
}

TEST_CASE("names that the server would change are refused") {
  CHECK_THROWS_AS(quote_identifier(""), Error);
  CHECK_THROWS_AS(quote_identifier(std::string("a\0b", 3)), Error);
  CHECK_THROWS_AS(quote_identifier(std::string(64, 'x')), Error);
  CHECK(quote_identifier(std::string(63, 'x')) == std::string(63, 'x'));
}

TEST_CASE("a name folds to lower case unless it is quoted") {
  CHECK(QualifiedName::parse("Esquisse_Sessions") == QualifiedName{"", "esquisse_sessions"});
  CHECK(QualifiedName::parse("public.t") == QualifiedName{"public", "t"});
  CHECK(QualifiedName::parse("\"Odd.Schema\".\"T \"\"x\"\"\"") ==
        QualifiedName{"Odd.Schema", "T \"x\""});
  CHECK(QualifiedName::parse("auth.Users").quoted() == "auth.users");
}

TEST_CASE("what is no name is refused") {
  for (const char* text :
       {"", ".", "a.", ".b", "a.b.c", "\"a", "a b", "a;drop table x", "1st", "a-b"}) {
    INFO(text);
    CHECK_THROWS_AS(QualifiedName::parse(text), Error);
  }
}
