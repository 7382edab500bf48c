#include "script/plan_checksum.h"

#include "script/plans.h"
#include "support/catch.h"

using test::Plans;

namespace {

constexpr const char* original = R"(
local helpers = require "helpers"
local function drop() helpers.drop() end
local function other() return 1 end

return plan "P" {
  step "A" { id = "a", run = function() drop() end, rollback = nothing },
  step "B" { id = "b", run = sql.file "b.sql", rollback = sql [[ SELECT 1 ]] },
  check "C" { id = "c", function() return other() end },
}
)";

struct Checksums {
  std::string a, b, c, plan;
};

class Project {
 public:
  Project() {
    plans_.write("plans/helpers.lua", "return { drop = function() backup.drop \"t\" end }");
    plans_.write("plans/b.sql", "SELECT 2");
  }
  void write(const std::string& path, const std::string& text) { plans_.write(path, text); }
  Checksums load(const std::string& text) {
    const auto plan = plans_.load(text).plan;
    return {plan.steps[0].checksum, plan.steps[1].checksum, plan.steps[2].checksum, plan.checksum};
  }
  Checksums load_with(const std::string& old_text, const std::string& new_text) {
    std::string text = original;
    text.replace(text.find(old_text), old_text.size(), new_text);
    return load(text);
  }

 private:
  Plans plans_;
};

}  // namespace

TEST_CASE("blanks, comments and the title do not change a checksum") {
  Project project;
  const Checksums before = project.load(original);
  const Checksums after = project.load_with(
      "step \"A\" { id = \"a\",", "-- a comment\n\n  step \"Reworded\" { id =   \"a\", --[[ x ]]");
  CHECK(after.a == before.a);
  CHECK(after.b == before.b);
  CHECK(before.a.size() == 64);
}

TEST_CASE("an edit of a step changes its own checksum and the plan's, no other") {
  Project project;
  const Checksums before = project.load(original);
  const Checksums after = project.load_with("SELECT 1", "SELECT 3");
  CHECK(after.a == before.a);
  CHECK(after.b != before.b);
  CHECK(after.c == before.c);
  CHECK(after.plan != before.plan);
}

TEST_CASE("a step changes with the top-level local that it uses") {
  Project project;
  const Checksums before = project.load(original);
  const Checksums after = project.load_with("return 1", "return 2");
  CHECK(after.a == before.a);
  CHECK(after.c != before.c);
}

TEST_CASE("a step changes with a module that it uses through a local") {
  Project project;
  const Checksums before = project.load(original);
  project.write("plans/helpers.lua", "return { drop = function() backup.drop \"u\" end }");
  const Checksums after = project.load(original);
  CHECK(after.a != before.a);
  CHECK(after.b == before.b);
  CHECK(after.plan != before.plan);
}

TEST_CASE("a step changes with its SQL file") {
  Project project;
  const Checksums before = project.load(original);
  project.write("plans/b.sql", "SELECT 22");
  const Checksums after = project.load(original);
  CHECK(after.a == before.a);
  CHECK(after.b != before.b);
  CHECK(after.plan != before.plan);
}

TEST_CASE("steps that a function makes count with the whole file") {
  Project project;
  const std::string text =
      "local function make(t) return check(t) { function() return 1 end } end\n"
      "return plan \"P\" { make \"A\", make \"B\", make \"C\" }";
  const Checksums before = project.load(text);
  const Checksums after = project.load(text + " -- more");
  const Checksums edited = project.load("local unrelated = 1\n" + text);
  CHECK(after.a == before.a);
  CHECK(edited.a != before.a);
}
