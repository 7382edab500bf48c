// A bench whose commands speak with the server through a proxy.
#pragma once

#include "runner/runner_fixture.h"
#include "support/folder.h"
#include "support/proxy.h"

namespace test {

struct Wired {
  RunnerFixture bench;
  Folder folder;
  Proxy proxy{folder.path(), bench.database.server()};

  explicit Wired(const std::string& server = socket_folder()) : bench("template0", server) {
    bench.conninfo =
        "host=" + folder.path() + " dbname=" + bench.database.name() + " user=postgres";
  }

  /// The next statement of a function that says these words loses the connection, and a server that
  /// has not seen it.
  void lose_at(const std::string& words) {
    proxy.arm({Fault::Action::cut, Fault::When::before, 'E', words, 1});
  }
  /// The answer to this statement is swallowed.
  void swallow(const std::string& words, int nth = 1) {
    proxy.arm({Fault::Action::cut, Fault::When::after_reply, 'E', words, nth});
  }
};

}  // namespace test
