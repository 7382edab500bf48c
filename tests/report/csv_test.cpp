#include "report/csv.h"

#include "base/redactor.h"
#include "report/outputs.h"
#include "report/streams.h"
#include "support/catch.h"

using namespace engine;

namespace {

struct Shown {
  std::string out, err;
};

Shown csv(const test::Stream& stream) {
  const test::MemoryFile out, err;
  report::Sink out_sink{out.descriptor()}, err_sink{err.descriptor()};
  report::Screen screen{out_sink, err_sink, false};
  report::Csv listener{screen};
  for (const auto& event : stream) listener(event);
  return {out.text(), err.text()};
}

}  // namespace

TEST_CASE("CSV is the tables and nothing else, quoted where it must be") {
  CHECK(csv(test::finished_run()).out == "table,rows\r\nesquisse_sessions,5000\r\nbackup,\r\n");
  const event::TableShown table{
      "S", {"a,b", "c"}, {{"say \"no\"", "two\nlines"}, {"", std::nullopt}}};
  const std::string rows = "\"a,b\",c\r\n\"say \"\"no\"\"\",\"two\nlines\"\r\n\"\",\r\n";
  CHECK(csv({{"", "", table}, {"", "", table}}).out == rows + "\r\n" + rows);
}

TEST_CASE("a failure of a task as CSV stands on standard error") {
  const Shown failed = csv(test::failed_run());
  CHECK(failed.out.empty());
  CHECK_THAT(failed.err, ContainsSubstring("42703"));
}

TEST_CASE("a secret with a quote in it is in no CSV") {
  redactor::add_secret("hunter22 \"quoted\"");
  CHECK(csv(test::hostile_run()).out.find("hunter22") == std::string::npos);
}
