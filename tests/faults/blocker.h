// Another session in the way: it holds a snapshot and a lock on every table, for a moment.
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "support/database.h"

namespace test {

class Blocker {
 public:
  static constexpr const char* name = "in the way";  // its application_name

  /// Returns when it stands there.
  Blocker(const Database& database, std::chrono::milliseconds lasting);
  Blocker(const Blocker&) = delete;
  Blocker& operator=(const Blocker&) = delete;
  ~Blocker();  // when it has gone

 private:
  std::thread thread_;
};

}  // namespace test
