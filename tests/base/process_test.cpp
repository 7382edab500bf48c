#include "base/process.h"

#include "base/environment.h"
#include "base/error.h"
#include "base/time.h"
#include "support/catch.h"
#include "support/folder.h"

namespace process = engine::process;

TEST_CASE("a program's outputs and status come back") {
  const auto finished = process::run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  CHECK(finished.status == 3);
  CHECK(finished.output == "out\n");
  CHECK(finished.errors == "err\n");
}

TEST_CASE("arguments pass through no shell") {
  CHECK(process::run({"printf", "%s", "$(id) `id` ; 'x'"}).output == "$(id) `id` ; 'x'");
}

TEST_CASE("large outputs on both pipes do not block") {
  const auto finished =
      process::run({"sh", "-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"});
  CHECK(finished.output.size() == 300000);
  CHECK(finished.errors.size() == 300000);
}

TEST_CASE("a program that is missing is named") {
  CHECK_THROWS_WITH(process::run({"no-such-program"}), ContainsSubstring("no-such-program"));
}

TEST_CASE("a program that takes too long is ended") {
  const engine::time::Stopwatch watch;
  process::Options options;
  options.timeout = std::chrono::milliseconds{100};
  CHECK(process::run({"sleep", "20"}, options).timed_out);
  CHECK(watch.elapsed() < std::chrono::seconds{10});
}

TEST_CASE("a program inherits no variable but those that it needs") {
  const test::Variable password{"PGPASSWORD", "environment-secret"};
  const test::Variable url{"DATABASE_URL", "postgresql://u:environment-secret@h/d"};
  const test::Variable other{"SOME_TOKEN", "environment-secret"};
  const test::Variable zone{"TZ", "UTC"}, locale{"LC_MESSAGES", "C"};
  const auto plain = process::run({"env"}).output;
  CHECK_THAT(plain, !ContainsSubstring("environment-secret"));
  CHECK_THAT(plain, ContainsSubstring("TZ=UTC\n"));
  CHECK_THAT(plain, ContainsSubstring("LC_MESSAGES=C\n"));
  CHECK_THAT(plain, ContainsSubstring("PATH="));

  process::Options client;
  client.environment = engine::environment::matching({"PG*"});
  const auto inherited = process::run({"env"}, client).output;
  CHECK_THAT(inherited, ContainsSubstring("PGPASSWORD=environment-secret\n"));
  CHECK_THAT(inherited, !ContainsSubstring("DATABASE_URL"));
  CHECK_THAT(inherited, !ContainsSubstring("SOME_TOKEN"));
  client.environment = {"PGPASSWORD=another"};
  CHECK_THAT(process::run({"env"}, client).output, !ContainsSubstring("environment-secret"));
}

TEST_CASE("the environment is added to, and the identity dropped where asked") {
  process::Options options;
  options.environment = {"ENGINE_TEST_VALUE=42"};
  CHECK(process::run({"sh", "-c", "echo $ENGINE_TEST_VALUE"}, options).output == "42\n");
  if (process::running_as_root()) {
    options.identity = process::find_user({"no-such-user", "nobody"});
    REQUIRE(options.identity);
    CHECK(process::run({"id", "-un"}, options).output == "nobody\n");
  }
}
