#include "base/redactor.h"

#include "support/catch.h"

namespace redactor = engine::redactor;

TEST_CASE("a secret and its URL-encoded form are replaced") {
  redactor::add_secret("p@ss/w0rd");
  CHECK(redactor::redact("password=p@ss/w0rd, uri p%40ss%2Fw0rd!") == "password=***, uri ***!");
}

TEST_CASE("a secret within a longer secret leaves no rest") {
  redactor::add_secret("horse-battery");
  redactor::add_secret("horse-battery-staple");
  CHECK(redactor::redact("horse-battery-staple") == "***");
}

TEST_CASE("text shorter than four bytes is no secret") {
  redactor::add_secret("abc");
  CHECK(redactor::redact("abcabc") == "abcabc");
}
