#include "report/terminal.h"

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "base/redactor.h"
#include "report/outputs.h"
#include "report/streams.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using report::Verbosity;

namespace {

struct Shown {
  std::string out, err;
};

Shown show(const test::Stream& stream, Verbosity verbosity) {
  const test::MemoryFile out, err;
  report::Sink out_sink{out.descriptor()}, err_sink{err.descriptor()};
  report::Screen screen{out_sink, err_sink, true};
  report::Meter meter{screen};
  report::Terminal terminal{screen, meter, verbosity};
  for (const auto& event : stream) terminal(event);
  return {out.text(), err.text()};
}

std::string show_on_terminal(const test::Stream& stream, unsigned short columns, bool colours) {
  test::PseudoTerminal out{columns};
  const test::MemoryFile err;
  report::Sink out_sink{out.descriptor()}, err_sink{err.descriptor()};
  report::Screen screen{out_sink, err_sink, colours};
  report::Meter meter{screen};
  report::Terminal terminal{screen, meter, Verbosity::normal};
  for (const auto& event : stream) terminal(event);
  return out.text();
}

/// As on a terminal: both streams end in one place.
std::string show_together(const test::Stream& stream, Verbosity verbosity = Verbosity::normal) {
  const test::MemoryFile both;
  report::Sink out_sink{both.descriptor()}, err_sink{both.descriptor()};
  report::Screen screen{out_sink, err_sink, true};
  report::Meter meter{screen};
  report::Terminal terminal{screen, meter, verbosity};
  for (const auto& event : stream) terminal(event);
  return both.text();
}

std::size_t occurrences(const std::string& text, const std::string& of) {
  std::size_t count = 0;
  for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++count;
  return count;
}

bool only_printable(const std::string& text) {
  return text.find_first_of("\x1b\r\x9b") == std::string::npos &&
         text.find("\u202e") == std::string::npos;
}

/// tests/report/golden/NAME.txt; UPDATE_GOLDEN=1 in the environment rewrites it, to be reviewed as
/// a diff.
void compare(const std::string& name, const std::string& text) {
  const std::string path = GOLDEN_FOLDER "/" + name + ".txt";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) file::write(path, text);
  INFO(path);
  CHECK(file::read(path) == text);
}

}  // namespace

TEST_CASE("each stream reads as its golden page says, plain, verbose and quiet") {
  redactor::add_secret("hunter22 \"quoted\"");
  for (const auto& [name, stream] : test::all_streams()) {
    const Shown plain = show(stream, Verbosity::normal);
    compare(name, plain.out + "--- standard error\n" + plain.err);
  }
  const Shown verbose = show(test::finished_run(), Verbosity::verbose);
  compare("finished_run.verbose", verbose.out + "--- standard error\n" + verbose.err);
  const Shown quiet = show(test::failed_checks(), Verbosity::quiet);
  compare("failed_checks.quiet", quiet.out + "--- standard error\n" + quiet.err);
}

TEST_CASE("who reads both streams is told a failure once, and where to look last") {
  compare("failed_run.together", show_together(test::failed_run()));
  compare("failed_checks.together", show_together(test::failed_checks()));
  compare("interrupted_run.together", show_together(test::interrupted_run()));
  compare("refused_run.together", show_together(test::refused_run()));
  for (const Verbosity verbosity : {Verbosity::quiet, Verbosity::normal, Verbosity::verbose}) {
    const std::string page = show_together(test::failed_run(), verbosity);
    INFO(page);
    CHECK(occurrences(page, "\"session_nam\" of relation") == 1);
    CHECK(occurrences(page, "42703") == 1);
    CHECK(occurrences(page, "ALTER COLUMN session_nam") == 1);
  }
}

TEST_CASE("an interruption is the operator's, and no failure") {
  for (const std::string& page : {show_together(test::interrupted_run()),
                                  show(test::interrupted_run(), Verbosity::normal).out,
                                  show(test::interrupted_run(), Verbosity::normal).err}) {
    INFO(page);
    CHECK(occurrences(page, "Interrupted by the operator") == 1);
    CHECK(occurrences(page, "FAILED") == 0);
    CHECK(occurrences(page, "error") == 0);
  }
  CHECK_THAT(show_together(test::interrupted_run()),
             ContainsSubstring("1 step done, 1 interrupted; the finished steps are kept"));
}

TEST_CASE("between a title and its outcome are always two spaces or dots") {
  for (int longer = 0; longer < 12; ++longer) {
    test::Stream stream = test::finished_run();
    const std::string title = std::string(static_cast<std::size_t>(60 + longer), 'x') + " grants";
    auto& finished = std::get<event::StepFinished>(stream.at(7).body);
    REQUIRE(finished.step == "Back up");
    finished.title = title;
    const std::string page = show(stream, Verbosity::normal).out;
    INFO(page);
    CHECK((page.find("grants  done") != std::string::npos ||
           page.find(". done, 5,000 rows") != std::string::npos));
    CHECK(page.find("grants done") == std::string::npos);
  }
}

TEST_CASE("a narrow terminal is kept within its columns") {
  compare("finished_run.40", show_on_terminal(test::finished_run(), 40, false));
  compare("failed_checks.40", show_on_terminal(test::failed_checks(), 40, false));
}

TEST_CASE("colours appear on a terminal that wants them and nowhere else") {
  CHECK(show_on_terminal(test::failed_checks(), 80, true).find("\x1b[31m") != std::string::npos);
  CHECK(show_on_terminal(test::failed_checks(), 80, false).find('\x1b') == std::string::npos);
  CHECK(show(test::failed_checks(), Verbosity::normal).out.find('\x1b') == std::string::npos);
}

TEST_CASE("no control character and no secret of a database reaches the terminal") {
  redactor::add_secret("hunter22 \"quoted\"");
  for (const Verbosity verbosity : {Verbosity::quiet, Verbosity::normal, Verbosity::verbose}) {
    const Shown shown = show(test::hostile_run(), verbosity);
    CHECK(only_printable(shown.out));
    CHECK(only_printable(shown.err));
    CHECK((shown.out + shown.err).find("hunter22") == std::string::npos);
  }
}

TEST_CASE("no control character of a plan or a database reaches the page of a preview") {
  const std::string bad = "\x1b[2J\xe2\x80\xae\x07 x\r\n\ty";
  test::Stream stream = test::previewed();
  const auto last = stream.end() - 2;  // the verdict
  StatementTraced trace;
  trace.step = "Create";
  trace.line = 7;
  trace.sql = trace.tag = bad;
  trace.rewrites = {{bad, bad}};
  trace.scans = {{bad, "to prove a constraint", 1, 1}};
  trace.validated = trace.built = {bad};
  trace.rows = {{bad, 1, 1, 1}};
  trace.dropped = {{bad, true}};
  std::vector<EventBody> bodies{
      trace,
      QuestionAnswered{bad, bad, bad, bad, false},
      StepStarted{bad, bad, bad, "step", 4, 4},
      LockTaken{bad, bad, 1, bad, bad, 1, false, {bad}},
      Impact{bad, bad, 1, bad, bad, bad, 1, 2, 3, 4, 5, {bad}, 1, 2, bad},
      Probed{bad, bad, bad, bad, "not_probed", 0, false, {bad}, bad, 1},
      Finding{bad, Severity::danger, Evidence::proved, bad, bad, 1, bad, bad, bad, bad, false, bad},
      Difference{"schema", bad, "changed", bad, "x" + bad},
      Difference{"schema", bad, "changed", bad, bad, {bad}},
      Difference{"schema", bad, "new", "", bad, {bad}},
      Difference{"rows", bad, "changed", bad, bad},
      Difference{"access", bad, "opened", bad, bad, {}, bad, bad},
      Proof{"rollback", false, {bad}, bad, bad}};
  test::Stream hostile{stream.begin(), last};
  for (const EventBody& body : bodies) hostile.push_back({"", "", body});
  hostile.insert(hostile.end(), last, stream.end());
  const Shown shown = show(hostile, Verbosity::normal);
  CHECK(only_printable(shown.out));
}

TEST_CASE("a quiet run that went well is one line") {
  const Shown shown = show(test::finished_run(), Verbosity::quiet);
  CHECK(shown.out.starts_with("Done in 1.4 s: 3 steps done"));
}

TEST_CASE("the first line names the target") {
  CHECK(show(test::finished_run(), Verbosity::normal)
            .out.starts_with("Target esquisse on the embedded server as postgres (superuser)\n"));
}

TEST_CASE("no step has a line before its outcome is known") {
  test::Stream stream = test::finished_run();
  stream.resize(5);  // up to the first statement of the first step
  CHECK(show(stream, Verbosity::normal).out.find("Back up") == std::string::npos);
}
