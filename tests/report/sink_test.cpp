#include "report/sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "base/interrupt.h"
#include "base/redactor.h"
#include "report/outputs.h"
#include "support/catch.h"

using namespace engine;

TEST_CASE("a full disk is remembered, and asks for an interruption") {
  interrupt::clear();
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  report::Sink sink{full};
  sink.write("text");
  sink.write("more");
  CHECK(sink.failure() == "No space left on device");
  CHECK(interrupt::requested());
  interrupt::clear();
  close(full);
}

TEST_CASE("remarks that nobody can read end no run") {
  interrupt::clear();
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  report::Sink sink{full, report::Lost::goes_on};
  sink.write("text");
  CHECK(sink.failure() == "No space left on device");
  CHECK_FALSE(interrupt::requested());
  close(full);
}

TEST_CASE("a reader that has gone is remembered") {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  report::Sink sink{ends[1]};
  sink.write("text");
  CHECK(sink.failure() == "Broken pipe");
  interrupt::clear();
  close(ends[1]);
}

TEST_CASE("a secret is redacted, also where it was URL-encoded") {
  redactor::add_secret("p@ss/w0rd");
  const test::MemoryFile file;
  report::Sink sink{file.descriptor()};
  sink.write("with p@ss/w0rd and p%40ss%2Fw0rd\n");
  CHECK(file.text() == "with *** and ***\n");
}
