#include "report/table.h"

#include <algorithm>

#include "base/text.h"
#include "support/catch.h"

using engine::report::table;
using engine::text::lines;

namespace {

using Rows = std::vector<std::vector<std::optional<std::string>>>;

const Rows wide{
    {"20261120-231502-4f7a", "a plan whose name is so long that no terminal has room for all of it",
     "done", "2026-11-20 23:15:02", "15 of 17"},
    {"20261120-231502-4f7b", "計画の名前がとても長いので端末には入りきらない", "rolled_back",
     "2026-11-20 23:15:02", "0 of 17"}};
const std::vector<std::string> columns{"run", "plan", "status", "started (UTC)", "steps done"};

std::size_t widest(const std::string& text) {
  std::size_t width = 0;
  for (const std::string& line : lines(text)) width = std::max(width, engine::text::width(line));
  return width;
}

}  // namespace

TEST_CASE("no line of a table is wider than the terminal, and no word of it is lost") {
  for (const int width : {20, 40, 60, 80, 100, 120, 200}) {
    const std::string text = table(columns, wide, 0, width);
    INFO(width << "\n" << text);
    CHECK(widest(text) <= static_cast<std::size_t>(width));
    for (const char* word : {"terminal", "23:15:02", "rolled_back"})
      CHECK_THAT(text, ContainsSubstring(word));
  }
}

TEST_CASE(
    "a table that is a little too wide wraps its widest column, a much wider one is stacked") {
  const std::string wrapped = table(columns, wide, 0, 100);
  CHECK(lines(wrapped).front().starts_with("run "));
  CHECK_THAT(lines(wrapped)[1], ContainsSubstring("----"));
  const std::string stacked = table(columns, wide, 0, 40);
  CHECK_THAT(lines(stacked).front(), ContainsSubstring("20261120-231502-4f7a"));
}

TEST_CASE("a label that leaves its value no room has a line of its own") {
  const std::string text = table({"a_column_with_a_very_long_name"}, {{"and its value"}}, 2, 24);
  INFO(text);
  CHECK(widest(text) <= 24);
  CHECK_THAT(text, ContainsSubstring("and its value"));
}
