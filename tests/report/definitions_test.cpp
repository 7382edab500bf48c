#include "report/definitions.h"

#include "base/redactor.h"
#include "base/text.h"
#include "report/access_changes.h"
#include "support/catch.h"

using namespace engine;
using event::Difference;

namespace {

Difference changed(const std::string& object, const std::string& before, const std::string& after) {
  return {"schema", object, "changed", before, after, {"in words"}};
}

std::string page(const std::vector<Difference>& differences, int width = 80) {
  return report::definitions(differences, report::Paint{false}, width);
}

std::string numbered(const std::string& word, int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) text += word + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a body gets two lines around a change, a table one") {
  const std::string before = "a\nb\nc\nd\ne", after = "a\nb\nX\nd\ne";
  CHECK(page({changed("table public.t", before, after)}) ==
        "  ~ table public.t\n        b\n      - c\n      + X\n        d\n");
  CHECK(page({changed("function public.f()", before, after)}) ==
        "  ~ function public.f()\n        a\n        b\n      - c\n      + X\n        d\n        "
        "e\n");
}

TEST_CASE("objects that changed alike stand together, under the first one's name") {
  std::vector<Difference> partitions;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "public.p" + std::to_string(i);
    partitions.push_back(changed("table " + name, "TABLE " + name + " (\n  a\n)",
                                 "TABLE " + name + " (\n  a,\n  b\n);\nINDEX i ON " + name));
  }
  partitions.push_back(changed("table public.q", "a", "a\nc"));
  const std::string text = page(partitions, 130);
  CHECK_THAT(text, ContainsSubstring("~ table public.p0\n      and alike: table public.p1, "));
  CHECK_THAT(text, ContainsSubstring("table public.p5 and 2 more\n"));
  CHECK_THAT(text, ContainsSubstring("~ table public.q\n"));
  CHECK(report::schema_changes(partitions).size() == 2);
}

TEST_CASE("what is new or gone is a line, and what no definition says is told in words") {
  CHECK(page({{"schema", "view public.v", "gone", "CREATE VIEW public.v …", "", {"1 column"}},
              {"schema", "role x", "new", "", "CREATE ROLE x", {}},
              changed("table public.t", "same", "same")}) ==
        "  - view public.v: 1 column\n  + role x\n  ~ table public.t\n      in words\n");
}

TEST_CASE("a long change is cut, and so is a long page, each saying where the rest is") {
  const std::string one = page({changed("table public.t", "", numbered("a", 100))});
  CHECK_THAT(one, ContainsSubstring("      + a19\n      … and 80 more lines (--json and --report"));
  std::vector<Difference> many;
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    many.push_back({"schema", "table public.t" + n, "new", "", "CREATE " + n, {}});
  }
  const std::string all = page(many);
  CHECK_THAT(all, ContainsSubstring("  … and 80 more objects (--json and --report show all)\n"));
  CHECK(text::lines(all).size() == 121);
}

TEST_CASE("a line too wide is folded with its indentation, and tabs are blanks") {
  const std::string text = page(
      {changed("function public.f()", "x", "x\n\tone two three four five six seven eight")}, 40);
  CHECK(text ==
        "  ~ function public.f()\n        x\n      +   one two three four five\n"
        "              six seven eight\n");
}

TEST_CASE("no control character and no secret of a definition reaches a terminal") {
  redactor::add_secret("s3cr3t-word");
  const std::string text = page(
      {changed("table \x1b[2Jpublic.t", "a", "a\nDEFAULT 's3cr3t-word' \x1b[31m\xe2\x80\xae b\r"),
       {"schema", "view v", "new", "", "", {"\x07 bell\nand more"}}});
  CHECK(text.find_first_of("\x1b\x07\r") == std::string::npos);
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);
  CHECK(text.find("s3cr3t") == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("DEFAULT '***'"));
}

TEST_CASE("access stands once for roles and privileges that go the same way, what opens first") {
  std::vector<Difference> access;
  for (const char* role : {"anon", "authenticated"}) {
    access.push_back({"access",
                      "table public.t",
                      "closed",
                      "every row",
                      "rows by policy own",
                      {},
                      role,
                      "SELECT"});
    for (const char* privilege : {"SELECT", "INSERT"})
      access.push_back(
          {"access", "view public.v", "opened", "", "as its owner", {}, role, privilege});
  }
  access.push_back({"access", "schema app", "opened", "", "allowed", {}, "anon", "USAGE"});
  CHECK(report::changed_access(access, report::Paint{false}, 100) ==
        "  opened   anon, authenticated: SELECT, INSERT on view public.v (as its owner)\n"
        "  opened   anon: USAGE on schema app\n"
        "  closed   anon, authenticated: SELECT on table public.t (every row -> rows by policy "
        "own)\n");
}
