#include "base/interrupt.h"

#include "base/error.h"
#include "support/catch.h"

namespace interrupt = engine::interrupt;

TEST_CASE("a request sets the flag and runs the reactions that live") {
  int seen = 0;
  {
    const interrupt::Reaction gone{[&] { seen += 100; }};
  }
  const interrupt::Reaction reaction{[&] { ++seen; }};
  CHECK_NOTHROW(interrupt::check());
  interrupt::request();
  CHECK(seen == 1);
  CHECK(interrupt::requested());
  CHECK_THROWS_AS(interrupt::check(), engine::Error);
  interrupt::clear();
  CHECK_FALSE(interrupt::requested());
}
