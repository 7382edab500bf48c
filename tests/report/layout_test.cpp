#include "report/layout.h"

#include "base/redactor.h"
#include "base/text.h"
#include "report/step_line.h"
#include "report/table.h"
#include "support/catch.h"

using namespace engine;
using Lines = std::vector<std::string>;

TEST_CASE("text breaks at spaces, and within a word that is too long") {
  CHECK(report::wrap("one two three four", 16) == Lines{"one two three", "four"});
  CHECK(report::wrap("exactly sixteen!", 16) == Lines{"exactly sixteen!"});
  CHECK(report::wrap("exactly sixteen! more", 16) == Lines{"exactly sixteen!", "more"});
  CHECK(report::wrap("abcdefghijklmnopqrstuvwxyz", 16) == Lines{"abcdefghijklmnop", "qrstuvwxyz"});
  CHECK(report::wrap("a\n\nb", 20) == Lines{"a", "", "b"});
  CHECK(report::wrap("", 20) == Lines{""});
}

TEST_CASE("no wrapped line is wider than its columns, wide characters included") {
  const std::string text = "データベース の 移行 ガイド には 手順 が あります naïve façade";
  for (std::size_t columns = 16; columns < 50; ++columns) {
    for (const std::string& line : report::wrap(text, columns)) CHECK(text::width(line) <= columns);
  }
}

TEST_CASE("shown text keeps its lines, text on one line does not") {
  CHECK(report::shown("a\nb\x1b[0m") == "a\nb\\x1b[0m");
  CHECK(report::shown_on_one_line("  a \n\t b  ") == "a b");
}

TEST_CASE("a secret is gone before its text is cut into lines") {
  redactor::add_secret("two words here");
  CHECK(report::wrap(report::shown("the password is two words here"), 24) ==
        Lines{"the password is ***"});
}

TEST_CASE("a table aligns text left and numbers right") {
  CHECK(
      report::table({"name", "rows"}, {{"users", "5000"}, {"x", {}}, {"long name", "7"}}, 2, 80) ==
      "  name       rows\n"
      "  ---------  ----\n"
      "  users      5000\n"
      "  x          NULL\n"
      "  long name     7\n");
}

TEST_CASE("dates and runs are no numbers, though they consist of digits") {
  CHECK(report::table({"a long run heading", "a long day"},
                      {{"20261121-051237-5912", "2026-11-21"}}, 0, 80) ==
        "a long run heading    a long day\n"
        "--------------------  ----------\n"
        "20261121-051237-5912  2026-11-21\n");
  CHECK(report::table({"a long change"}, {{"-7"}}, 0, 80) ==
        "a long change\n-------------\n           -7\n");
  CHECK(report::table({"a long run"}, {{"1-2"}}, 0, 80) == "a long run\n----------\n1-2\n");
}

TEST_CASE("a cell keeps to its line and shows what it holds") {
  CHECK(report::table({"text", "n"}, {{"a\nb", "1"}, {"  c\td", {}}, {"", ""}, {{}, "2"}}, 0, 80) ==
        "text       n\n"
        "------  ----\n"
        "a\\nb       1\n"
        "  c\\td  NULL\n"
        "\n"
        "NULL       2\n");
}

TEST_CASE("a secret in a cell is not shown") {
  redactor::add_secret("cell\nsecret");
  CHECK(report::table({"text"}, {{"the cell\nsecret"}}, 0, 80) == "text\n-------\nthe ***\n");
}

TEST_CASE("a table that is too wide becomes a block a row") {
  CHECK(report::table({"name", "remark"}, {{"a", "a remark of some length"}, {"b", ""}}, 0, 26) ==
        "name    a\n"
        "remark  a remark of some\n"
        "        length\n"
        "\n"
        "name    b\n"
        "remark\n");
}

TEST_CASE("between a title and its outcome there are two columns at least") {
  for (int width = 30; width <= 120; ++width) {
    const auto room = report::title_columns(60, width);
    for (std::size_t length = 1; length <= 100; ++length) {
      event::StepFinished step{};
      step.title = std::string(length, 't');
      step.status = event::StepStatus::done;
      const report::StepLine line{step, event::Mode::run, "step", 0, 0, room};
      const std::string text = report::step_line(line, report::Paint{false}, width);
      const std::size_t done = text.find("done");
      REQUIRE(done != std::string::npos);
      const std::string gap = text.substr(done - 2, 2);
      INFO(text);
      CHECK((gap == "  " || gap == ". "));
    }
  }
}

TEST_CASE("a secret of several lines is gone before the first line is taken") {
  redactor::add_secret("three-words\nand-more");
  CHECK(report::first_line_shown("key three-words\nand-more\nrest") == "key ***");
}
