#include "report/tap.h"

#include <cstdlib>

#include "base/file.h"
#include "base/redactor.h"
#include "report/outputs.h"
#include "report/streams.h"
#include "support/catch.h"

using namespace engine;

namespace {

std::string tap(const test::Stream& stream) {
  const test::MemoryFile out;
  report::Sink sink{out.descriptor()};
  report::Tap listener{sink};
  for (const auto& event : stream) listener(event);
  return out.text();
}

std::string check_named(const std::string& name) {
  return tap({{"", "", event::CheckDone{"S", "", name, true, "", "", ""}}});
}

}  // namespace

TEST_CASE("each stream is the TAP of its golden page") {
  redactor::add_secret("hunter22 \"quoted\"");
  for (const auto& [name, stream] : test::all_streams()) {
    const std::string path = GOLDEN_FOLDER "/" + name + ".tap";
    const std::string text = tap(stream);
    if (std::getenv("UPDATE_GOLDEN") != nullptr) file::write(path, text);
    INFO(path);
    CHECK(file::read(path) == text);
    CHECK(text.find("hunter22") == std::string::npos);
    CHECK(text.find_first_of("\x1b\r\x9b") == std::string::npos);
  }
}

TEST_CASE("no name of a check is a directive or a line of its own") {
  CHECK(check_named("a # TODO b") == "TAP version 14\nok 1 - S: a \\# TODO b\n");
  CHECK(check_named("a \\# SKIP") == "TAP version 14\nok 1 - S: a \\\\\\# SKIP\n");
  CHECK(check_named("a\nok 2 - b") == "TAP version 14\nok 1 - S: a ok 2 - b\n");
}

TEST_CASE("a failure before anything was checked is TAP too") {
  event::RunFinished finished;
  finished.status = event::Ending::failed;
  finished.exit = Exit::unreachable;
  finished.error = Error{Code::unreachable, "no server\nthere"};
  CHECK(tap({{"", "", finished}}) == "TAP version 14\nBail out! no server there\n");
}
