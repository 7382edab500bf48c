#include "script/modules.h"

#include "script/plans.h"
#include "support/catch.h"

using engine::Error;
using test::Plans;

namespace {

std::string body(const std::string& text) {
  return "return plan \"P\" { check \"C\" { function()\n" + text + "\nend } }";
}

/// Loads and calls the one check.
std::string call(const Plans& plans, const std::string& plan) {
  const auto loaded = plans.load(plan);
  test::FakeSession session;
  loaded.state->bind(&session);
  try {
    loaded.plan.steps.at(0).verify.at(0).function.call();
  } catch (const Error& error) {
    return fmt::format("{}:{}: {}", error.source().file.substr(plans.root().size() + 1),
                       error.source().line, error.message());
  }
  return session.notes.empty() ? "" : session.notes.back();
}

}  // namespace

TEST_CASE("require finds files of the plan's folder, once each") {
  const Plans plans;
  plans.write("plans/helpers.lua",
              "local h = { n = 0 } function h.count() h.n = h.n + 1 return h.n end return h");
  plans.write("plans/deep/inner.lua", "return { helpers = require \"helpers\" }");
  CHECK(call(plans, "local h, i = require \"helpers\", require \"deep.inner\"\n" +
                        body("h.count() print(i.helpers.count())")) == "2");
}

TEST_CASE("an error in a module points to the plan's folder, one in lib-lua to the plan") {
  const Plans plans;
  plans.write("plans/helpers.lua", "return { fail = function()\nerror(\"no\")\nend }");
  CHECK(call(plans, "local h = require \"helpers\"\n" + body("h.fail()")) ==
        "plans/helpers.lua:2: no");
  CHECK(call(plans, "local s = require \"supabase\"\n" + body("s.as_user(3, print)")) ==
        "plans/p.lua:3: supabase.as_user needs the user's id, as in auth.users");
}

TEST_CASE("a name that a module of lib-lua does not have names the nearest") {
  const Plans plans;
  CHECK(call(plans, "local s = require \"supabase\"\n" + body("s.as_usr()")) ==
        "plans/p.lua:3: supabase has no \"as_usr\"; did you mean supabase.as_user?");
}

TEST_CASE("modules that cannot be had say why") {
  const Plans plans;
  plans.write("plans/empty.lua", "local x = 1");
  plans.write("plans/round.lua", "local r = require \"round\" return r");
  plans.write("plans/broken.lua", "return {");
  plans.write("plans/unknown.lua", "return { f = function() bakup.drop() end }");
  plans.write("evil.lua", "return {}");
  std::filesystem::create_symlink("/etc/passwd", plans.root() + "/plans/link.lua");
  const auto told = [&](const std::string& name) {
    return plans.problems("\nlocal m = require \"" + name + "\"\n" + body("return m"));
  };
  CHECK(told("none").starts_with("p.lua:2: module none does not exist"));
  CHECK(told("empty") ==
        "empty.lua:1: module empty returns nothing (End the file with return and the table of its "
        "functions.)");
  CHECK(told("round") == "round.lua:1: module round requires itself, directly or through others");
  CHECK(told("broken") == "broken.lua:1: unexpected symbol near '<eof>'");
  CHECK(told("unknown") == "unknown.lua:1: unknown word \"bakup\"; did you mean \"backup\"?");
  for (const char* name : {"../evil", "/etc/passwd", "..evil", "a..b", "Evil", ""})
    CHECK(
        told(name).starts_with("p.lua:2: require \"" + std::string{name} + "\": a module's name"));
  CHECK(told("link").starts_with("p.lua:2: link.lua is outside the project"));
}

TEST_CASE("a module that failed can be required again") {
  const Plans plans;
  plans.write("plans/moody.lua", "error { message = \"in a mood\" }");
  const auto told = plans.problems("pcall(require, \"moody\")\nrequire \"moody\"\n" + body(""));
  CHECK(told == "p.lua:2: in a mood");
}
