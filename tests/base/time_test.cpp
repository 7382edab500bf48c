#include "base/time.h"

#include "support/catch.h"

using std::chrono::milliseconds;

TEST_CASE("durations are short and have units") {
  CHECK(engine::time::duration(milliseconds{8}) == "8 ms");
  CHECK(engine::time::duration(milliseconds{1240}) == "1.2 s");
  CHECK(engine::time::duration(milliseconds{200'000}) == "3 min 20 s");
  CHECK(engine::time::duration(milliseconds{7'500'000}) == "2 h 5 min");
}

TEST_CASE("now is UTC with milliseconds") {
  const std::string now = engine::time::now();
  CHECK(now.size() == 24);
  CHECK(now[10] == 'T');
  CHECK(now.back() == 'Z');
}
