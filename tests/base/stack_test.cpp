#include "base/stack.h"

#include <sys/resource.h>

#include <stdexcept>

#include "base/error.h"
#include "support/catch.h"
#include "support/limited.h"

using namespace engine;

namespace {

constexpr std::size_t kilobyte = 1024;

/// Takes about a kilobyte a level.
std::size_t descend(std::size_t levels) {
  volatile char taken[kilobyte] = {};
  if (levels == 0) return 0;
  return descend(levels - 1) + 1 + static_cast<std::size_t>(taken[levels % kilobyte]);
}

}  // namespace

TEST_CASE("the rest of a stack is less than its size") {
  CHECK(test::with_stack(1024, [] {
          const std::size_t before = stack::remaining();
          if (before > 1024 * kilobyte || before < 900 * kilobyte)
            throw std::runtime_error{std::to_string(before)};
        }) == "ended");
}

TEST_CASE("work gets the stack that it asks for") {
  std::size_t reached = 0;
  stack::with_room(512 * kilobyte * kilobyte, [&] { reached = descend(400'000); });
  CHECK(reached == 400'000);
}

TEST_CASE("what work throws comes out of its thread") {
  const auto fail = [] { throw Error{Code::value, "odd"}; };
  CHECK_THROWS_AS(stack::with_room(512 * kilobyte * kilobyte, fail), Error);
}

TEST_CASE("a stack that the system does not give is an error") {
  CHECK(test::with_stack(1024, [] {
          rlimit limit{std::size_t{4} << 30, std::size_t{4} << 30};
          setrlimit(RLIMIT_AS, &limit);
          stack::with_room(std::size_t{8} << 30, [] {});
        }) == "threw: the system gives no stack of 8192 MB");
}
