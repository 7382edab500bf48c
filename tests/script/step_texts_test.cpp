#include "script/step_texts.h"

#include "support/catch.h"

using engine::script::step_texts;

TEST_CASE("the steps of a text are found with their lines, and without running it") {
  const auto texts = step_texts(
      "local x = 1\n"                               // 1
      "return plan \"P\" {\n"                       // 2
      "  phase \"Ph\" {\n"                          // 3
      "    step \"One\" { run = sql [[ SELECT\n"    // 4
      "      1 ]], rollback = nothing,\n"           // 5
      "      verify = { check \"In\" { f } } },\n"  // 6
      "    manual \"Two\" { why = \"x\" },\n"       // 7
      "  },\n"                                      // 8
      "  check \"Three\" { function() end },\n"     // 9
      "  task \"T\" { id = \"t\", verify = { check \"No\" { f } } },\n"
      "}\n");
  REQUIRE(texts.steps.size() == 3);
  CHECK(texts.steps[0].title == "One");
  CHECK(texts.steps[0].line == 4);
  CHECK(texts.steps[0].text.ends_with("check \"In\" { f } } },\n"));
  CHECK(texts.steps[1].title == "Two");
  CHECK(texts.steps[2].title == "Three");
  CHECK(texts.rest.starts_with("local x = 1\n"));
  CHECK(texts.find("In") == nullptr);
  CHECK(step_texts("return plan \"P\" { step \"One\" {").steps.size() <= 1);
  CHECK(step_texts("").steps.empty());
}
