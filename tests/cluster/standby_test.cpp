// A standby is where a lock proves nothing: advisory locks are had there, changes are not.
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cluster/workplace.h"
#include "journal/journal.h"
#include "journal/run_lock.h"
#include "support/errors.h"

using namespace engine;
using namespace std::chrono_literals;
using test::error_of;

TEST_CASE("a standby is refused in words, and its journal may be read") {
  Workplace place;
  place.embedded.start();
  const db::Target target = place.embedded.target("work");
  {
    auto primary = db::Connection::open(target);
    journal::Journal::open(primary, "engine");
  }
  place.embedded.stop();
  const std::string data = place.embedded.state().data;
  struct stat owner {};
  REQUIRE(stat(data.c_str(), &owner) == 0);
  file::write(data + "/standby.signal", "");
  REQUIRE(chown((data + "/standby.signal").c_str(), owner.st_uid, owner.st_gid) == 0);
  place.embedded.start();

  auto standby = db::Connection::open(target);
  const auto lock = journal::RunLock::take(standby, 0ms);
  const Error error = error_of([&] { journal::Journal::open(standby, "engine"); });
  CHECK(error.code() == Code::refused);
  CHECK(error.message() == "the server is a standby: it accepts no changes");
  CHECK(journal::Journal::open(standby, "engine", true).exists());
}
