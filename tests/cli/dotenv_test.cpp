#include "cli/dotenv.h"

#include "base/error.h"
#include "support/catch.h"

using namespace engine;

TEST_CASE("lines are read as shells read them") {
  const auto values = cli::parse_dotenv(
      "# comment\n\nA=plain\nexport B = spaced out  # comment\nC='si#gle "
      "$x'\nD=\"two\\n\\\"lines\\\"\" "
      "# c\nE=\nF=p#ssword\n  G=1\r\n",
      ".env");
  CHECK(values.at("A") == "plain");
  CHECK(values.at("B") == "spaced out");
  CHECK(values.at("C") == "si#gle $x");
  CHECK(values.at("D") == "two\n\"lines\"");
  CHECK(values.at("E").empty());
  CHECK(values.at("F") == "p#ssword");
  CHECK(values.at("G") == "1");
}

TEST_CASE("a line that is none names itself and hides its text") {
  for (const char* bad :
       {"A=1\nsecret words\n", "A=1\n2B=secret\n", "A=1\nB='secret\n", "A=1\nB=\"x\" secret\n"}) {
    try {
      cli::parse_dotenv(bad, ".env");
      FAIL(bad);
    } catch (const Error& error) {
      CHECK(error.message() == "line 2 of .env is not NAME=VALUE");
      CHECK(error.source().line == 2);
    }
  }
}
