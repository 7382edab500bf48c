#include "base/text.h"

#include "support/catch.h"

namespace text = engine::text;

TEST_CASE("the nearest word is found only where it is near") {
  CHECK(text::nearest("rolback", {"rollback", "run", "verify"}) == "rollback");
  CHECK(text::nearest("Verify", {"rollback", "run", "verify"}) == "verify");
  CHECK_FALSE(text::nearest("banana", {"rollback", "run", "verify"}));
  CHECK(text::did_you_mean("confrm", {"confirm"}) == "; did you mean \"confirm\"?");
  CHECK(text::did_you_mean("zzzz", {"confirm"}).empty());
}

TEST_CASE("counts read as a person writes them") {
  CHECK(text::counted(1, "row") == "1 row");
  CHECK(text::counted(12408, "row") == "12,408 rows");
  CHECK(text::counted(0, "policy") == "0 policies");
  CHECK(text::counted(2, "index") == "2 indexes");
  CHECK(text::grouped(-1234567) == "-1,234,567");
  CHECK(text::bytes(0) == "0 B");
  CHECK(text::bytes(1023) == "1023 B");
  CHECK(text::bytes(49'152) == "48 kB");
  CHECK(text::bytes(2'202'010) == "2.1 MB");
  CHECK(text::bytes(std::int64_t{5} << 40) == "5.0 TB");
  CHECK(text::bytes(std::int64_t{5} << 50) == "5120.0 TB");
  CHECK(text::listed({"a", "b", "c"}) == "a, b and c");
  CHECK(text::listed({"a"}) == "a");
}

TEST_CASE("database text cannot drive a terminal") {
  CHECK(text::printable("a\x1b[31mred") == "a\\x1b[31mred");
  CHECK(text::printable("line\nnext\ttab") == "line\\nnext\\ttab");
  CHECK(text::printable("line\nnext", true) == "line\nnext");
  CHECK(text::printable("\xe2\x80\xae"
                        "evil") == "\\u202eevil");
  CHECK(text::printable("\xc2\x9b"
                        "31m") == "\\x9b31m");
  CHECK(text::printable("bad\xff\xc0\xaf") == "bad\\xff\\xc0\\xaf");
  CHECK(text::printable("déjà vu 日本") == "déjà vu 日本");
}

TEST_CASE("width counts columns, not bytes") {
  CHECK(text::width("déjà") == 4);
  CHECK(text::width("日本") == 4);
  CHECK(text::shortened("esquisse sessions", 9) == "esquisse…");
  CHECK(text::shortened("short", 9) == "short");
}
