// The files that a plan executes: read once, and in the checksums of the steps that use them.
#include "script/files.h"

#include "script/plans.h"
#include "support/catch.h"

using engine::Error;
using test::Plans;

namespace {

/// A plan with one step whose run is this code; before it, `top` of the file.
std::string plan_with(const std::string& code, const std::string& top = "") {
  return top + "\nreturn plan \"P\" { step \"S\" { run = function()\n" + code +
         "\nend, rollback = nothing } }";
}

const std::string print_module = "print((require \"helpers\").word)";

/// Ways to use helpers.lua, which gives { word = … }, and words.sql while a step runs.
struct Way {
  const char* name;
  const char* code;
  const char* top = "";
};

const Way of_modules[] = {
    {"in a function", "print((require \"helpers\").word)"},
    {"with parentheses", "print(require(\"helpers\").word)"},
    {"in a branch", "if not false then local h = require [[helpers]] print(h.word) end"},
    {"pcall", "local _, h = pcall(require, \"helpers\") print(h.word)"},
    {"another name", "print(r(\"helpers\").word)", "local r = require"},
    {"another name within", "local r = require print(r(\"helpers\").word)"},
    {"a variable", "print(require(name).word)", "local name = \"helpers\""},
    {"a loop", "for _, name in ipairs { \"helpers\" } do print(require(name).word) end"},
    {"through a module", "print((require \"outer\").word())"},
    {"a function of a table", "t.f()",
     "local t = {}\nfunction t.f() print((require \"helpers\").word) end"},
    {"a field that is assigned", "t.f()",
     "local t = {}\nt.f = function() print((require \"helpers\").word) end"},
};

const Way of_sql[] = {
    {"in a function", "print(tostring(sql.file \"words.sql\"))"},
    {"a variable", "print(tostring(sql.file(name)))", "local name = \"words.sql\""},
    {"another name", "print(tostring(f(\"words.sql\")))", "local f = sql.file"},
    {"another name of sql", "local s = sql print(tostring(s.file \"words.sql\"))"},
    {"by its key", "print(tostring(sql[\"file\"] \"words.sql\"))"},
    {"pcall", "local _, s = pcall(sql.file, \"words.sql\") print(tostring(s))"},
    {"a path that goes round", "print(tostring(sql.file \"./deep/../words.sql\"))"},
    {"read while loading", "print(text)", "local text = tostring(sql.file(\"words\" .. \".sql\"))"},
};

class Project {
 public:
  Project() {
    write("plans/helpers.lua", "return { word = \"one\" }");
    write("plans/outer.lua", "return { word = function() return (require \"helpers\").word end }");
    write("plans/words.sql", "one");
  }
  void write(const std::string& path, const std::string& text) { plans_.write(path, text); }
  std::string checksum(const std::string& text) {
    return plans_.load(text).plan.steps.at(0).checksum;
  }
  engine::script::LoadedPlan load(const std::string& text) { return plans_.load(text); }
  const Plans& plans() const { return plans_; }

 private:
  Plans plans_;
};

void run(engine::script::LoadedPlan& loaded, test::FakeSession& session) {
  loaded.state->bind(&session);
  std::get<engine::plan::Function>(loaded.plan.steps.at(0).run.at(0)).call();
}

}  // namespace

TEST_CASE("a file that is edited after the plan was loaded does not change what runs") {
  const auto holds = [](const Way& way) {
    INFO(way.name);
    Project project;
    auto loaded = project.load(plan_with(way.code, way.top));
    project.write("plans/helpers.lua", "return { word = \"two\" }");
    project.write("plans/words.sql", "two");
    test::FakeSession session;
    run(loaded, session);
    CHECK(session.notes == std::vector<std::string>{"one"});
    CHECK(session.used.empty());
  };
  for (const Way& way : of_modules) holds(way);
  for (const Way& way : of_sql) holds(way);
}

TEST_CASE("a step's checksum changes with every file that it may use while it runs") {
  for (const Way& way : of_modules) {
    INFO(way.name);
    Project project;
    const std::string text = plan_with(way.code, way.top);
    const std::string before = project.checksum(text);
    CHECK(project.checksum(text) == before);
    project.write("plans/helpers.lua", "return { word = \"two\" }");
    CHECK(project.checksum(text) != before);
  }
  for (const Way& way : of_sql) {
    INFO(way.name);
    Project project;
    const std::string text = plan_with(way.code, way.top);
    const std::string before = project.checksum(text);
    project.write("plans/words.sql", "two");
    CHECK(project.checksum(text) != before);
  }
}

TEST_CASE("a step's checksum does not change with files that others use") {
  Project project;
  project.write("plans/b.sql", "SELECT 1");
  project.write("guide.md", "one");
  const std::string text =
      "return plan \"P\" { guide = \"../guide.md\","
      " step \"A\" { run = function() for _, f in ipairs { \"words.sql\" } do sql.file(f) end end,"
      " rollback = nothing },"
      " step \"B\" { run = sql.file \"b.sql\", rollback = nothing } }";
  const auto before = project.load(text).plan;
  project.write("plans/b.sql", "SELECT 2");
  project.write("guide.md", "two");
  const auto after = project.load(text).plan;
  CHECK(after.steps.at(0).checksum == before.steps.at(0).checksum);
  CHECK(after.steps.at(1).checksum != before.steps.at(1).checksum);
}

TEST_CASE("what stands at the top of a file counts for the steps that use the local it changes") {
  Project project;
  const auto text = [](const std::string& word) {
    return "local t = {}\nlocal u = {}\nfunction t.f() return \"" + word +
           "\" end\n"
           "return plan \"P\" {"
           " step \"A\" { run = function() print(t.f()) end, rollback = nothing },"
           " step \"B\" { run = function() print(u) end, rollback = nothing } }";
  };
  const auto before = project.load(text("one")).plan, after = project.load(text("two")).plan;
  CHECK(after.steps.at(0).checksum != before.steps.at(0).checksum);
  CHECK(after.steps.at(1).checksum == before.steps.at(1).checksum);
}

TEST_CASE("a file by a computed name is told to the session with its line and what it holds") {
  Project project;
  auto loaded =
      project.load(plan_with("local n = \"words\"\nprint(tostring(sql.file(n .. \".sql\")))\n"
                             "print(require(\"help\" .. \"ers\").word)"));
  project.write("plans/words.sql", "late");
  test::FakeSession session;
  run(loaded, session);
  CHECK(session.notes == std::vector<std::string>{"late", "one"});
  REQUIRE(session.used.size() == 2);
  CHECK(session.used[0].path == "words.sql");
  CHECK(session.used[0].text == "late");
  CHECK(session.used[0].at.line == 4);
  CHECK_FALSE(session.used[0].module);
  CHECK(session.used[1].path == "helpers.lua");
  CHECK(session.used[1].module);
  // The same bytes for the rest of the run, told each time: another step may be the one that uses.
  project.write("plans/words.sql", "later");
  run(loaded, session);
  CHECK(session.notes.at(2) == "late");
  CHECK(session.used.size() == 4);
  CHECK(loaded.plan.digest("words.sql") == session.used[0].digest);
  CHECK(project.load(plan_with("")).plan.digest("words.sql") != session.used[0].digest);
  CHECK(loaded.plan.digest("nowhere.sql").empty());
}

TEST_CASE("a module that may be missing is no error until it is there") {
  Project project;
  const std::string text = plan_with("print(tostring(pcall(require, \"extra\")))");
  const std::string before = project.checksum(text);
  auto loaded = project.load(text);
  test::FakeSession session;
  run(loaded, session);
  CHECK(session.notes == std::vector<std::string>{"false"});
  project.write("plans/extra.lua", "return {}");
  CHECK(project.checksum(text) != before);
  // Made after the plan was loaded, it is like one by a computed name.
  run(loaded, session);
  CHECK(session.used.size() == 1);
}

TEST_CASE("a plan is loaded from the texts that are kept of it, whatever stands in its folder") {
  Project project;
  const std::string text = plan_with(print_module);
  const auto first = project.load(text).plan;
  CHECK(first.files.at("helpers.lua") == "return { word = \"one\" }");
  project.write("plans/helpers.lua", "return { word = \"two\" }");
  engine::script::LoadOptions options;
  options.primitives = test::quiet_primitives();
  options.text = text;
  options.files = first.files;
  auto kept = engine::script::load_plan(project.plans().root() + "/plans/p.lua", options);
  CHECK(kept.plan.steps.at(0).checksum == first.steps.at(0).checksum);
  test::FakeSession session;
  run(kept, session);
  CHECK(session.notes == std::vector<std::string>{"one"});
}
