#include "report/meter.h"

#include "report/outputs.h"
#include "support/catch.h"

using namespace engine;
using namespace std::chrono_literals;

namespace {

const report::Meter::Clock::time_point start{};

event::Progress half_way() { return {"s", 500, 1000, "rows", 1200, 4, "replication lag"}; }

}  // namespace

TEST_CASE("nothing is shown of work that takes less than a second") {
  const test::MemoryFile file;
  report::Sink sink{file.descriptor()};
  report::Screen screen{sink, sink, false};
  report::Meter meter{screen};
  meter.begin("short", start);
  meter.tick(start + 900ms);
  meter.end();
  meter.tick(start + 30s);
  CHECK(file.text().empty());
}

TEST_CASE("without a terminal there is a plain line at most every ten seconds") {
  const test::MemoryFile file;
  report::Sink sink{file.descriptor()};
  report::Screen screen{sink, sink, false};
  report::Meter meter{screen};
  meter.begin("copy", start);
  meter.update(half_way());
  for (auto at = 0ms; at <= 25s; at += 250ms) meter.tick(start + at);
  CHECK(
      file.text() ==
      "  … copy: 10.0 s, 500 of 1,000 rows (50 %), 1,200/s, 4.0 s left, slowed down by replication "
      "lag\n"
      "  … copy: 20.0 s, 500 of 1,000 rows (50 %), 1,200/s, 4.0 s left, slowed down by replication "
      "lag\n");
}

TEST_CASE("on a terminal one line is rewritten within its width, and gives way to a result") {
  const test::MemoryFile out;
  test::PseudoTerminal err{40};
  report::Sink out_sink{out.descriptor()}, err_sink{err.descriptor()};
  report::Screen screen{out_sink, err_sink, false};
  report::Meter meter{screen};
  meter.begin("copy", start);
  meter.update(half_way());
  meter.tick(start + 2s);
  screen.print("result\n");
  {
    const report::Screen::Hold typing{screen};
    meter.tick(start + 3s);
  }
  CHECK(out.text() == "result\n");
  CHECK(err.text() == "\r\x1b[K  … copy: 2.0 s, 500 of 1,000 rows (50…\r\x1b[K");
}
