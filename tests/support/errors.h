// The error that an action raises.
#pragma once

#include "base/error.h"
#include "support/catch.h"

namespace test {

/// Fails the test where the action raises none.
template <typename Action>
engine::Error error_of(Action action) {
  try {
    action();
  } catch (const engine::Error& error) {
    return error;
  }
  FAIL("no error was raised");
  return {engine::Code::internal, ""};
}

}  // namespace test
