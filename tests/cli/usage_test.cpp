#include <fcntl.h>

#include "base/process.h"
#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"

using test::run_engine;

TEST_CASE("the program alone shows its help and ends well") {
  const auto alone = run_engine({});
  CHECK(alone.status == 0);
  CHECK_THAT(alone.out, ContainsSubstring("engine run plans/add_names.lua"));
  CHECK(run_engine({"--help"}).out == alone.out);
  CHECK(alone.err.empty());
}

TEST_CASE("every command has help with an example of itself") {
  for (const char* command : {"run", "rollback", "resolve", "verify", "task", "status", "protect",
                              "db", "doctor", "new"}) {
    const auto help = run_engine({command, "--help"});
    INFO(command);
    CHECK(help.status == 0);
    CHECK_THAT(help.out, ContainsSubstring("Examples:\n  engine " + std::string{command}));
  }
}

TEST_CASE("help speaks this program's words, within 88 columns") {
  for (const char* command : {"", "run", "preview", "rollback", "resolve", "verify", "task",
                              "status", "protect", "db", "doctor", "new"}) {
    const auto help = run_engine({"help", command});
    INFO(help.out);
    for (const std::string& line : engine::text::lines(help.out)) CHECK(line.size() <= 88);
    for (const char* jargon : {"TEXT", "REQUIRED", "Excludes", "Positionals", "INT", "SUBCOMMAND"})
      CHECK_THAT(help.out, !ContainsSubstring(jargon));
  }
  CHECK_THAT(run_engine({"help", "resolve"}).out,
             ContainsSubstring("Usage: engine resolve [flags] PLAN STEP\n"));
  CHECK_THAT(run_engine({"help", "task"}).out, ContainsSubstring("[flags] PLAN [NAME]\n"));
}

TEST_CASE("help for what is no command names the nearest") {
  const auto help = run_engine({"help", "rum"});
  CHECK(help.status == 2);
  CHECK_THAT(help.err, ContainsSubstring("did you mean \"run\"?"));
}

TEST_CASE("a plan that is not there is looked for nearby and in plans/") {
  const test::Folder folder;
  folder.write("plans/add_names.lua", test::two_steps);
  for (const char* written : {"add_names", "add_names.lua", "plans/add_nmes.lua"}) {
    const auto run = run_engine({"run", written}, {folder.path(), {}, std::chrono::seconds{60}});
    INFO(written);
    CHECK(run.status == 2);
    CHECK_THAT(run.err, ContainsSubstring("did you mean \"plans/add_names.lua\"?"));
  }
}

TEST_CASE("help as a command is what --help is") {
  CHECK(run_engine({"help"}).out == run_engine({"--help"}).out);
  CHECK(run_engine({"help", "run"}).out == run_engine({"run", "--help"}).out);
  CHECK(run_engine({"help", "db", "start"}).out == run_engine({"db", "start", "--help"}).out);
}

TEST_CASE("the version is one line") {
  const auto ended = run_engine({"--version"});
  CHECK(ended.status == 0);
  CHECK(ended.out.starts_with("engine 0."));
}

TEST_CASE("an unknown command or flag ends with 2 and names the nearest") {
  const auto command = run_engine({"rum", "plans/x.lua"});
  CHECK(command.status == 2);
  CHECK_THAT(command.err, ContainsSubstring("no command \"rum\"; did you mean \"run\"?"));
  const auto flag = run_engine({"run", "plans/x.lua", "--acept-edits"});
  CHECK(flag.status == 2);
  CHECK_THAT(flag.err, ContainsSubstring("did you mean \"--accept-edits\"?"));
  const auto everywhere = run_engine({"status", "--databse=x"});
  CHECK(everywhere.status == 2);
  CHECK_THAT(everywhere.err, ContainsSubstring("did you mean \"--database\"?"));
  const auto nested = run_engine({"db", "strat"});
  CHECK(nested.status == 2);
  CHECK_THAT(nested.err, ContainsSubstring("did you mean \"start\"?"));
}

TEST_CASE("what is missing or too much ends with 2") {
  CHECK(run_engine({"run"}).status == 2);
  CHECK(run_engine({"db"}).status == 2);
  CHECK(run_engine({"status", "a", "b"}).status == 2);
  CHECK(run_engine({"rollback", "p.lua", "--to", "a", "--only", "b"}).status == 2);
  CHECK(run_engine({"resolve", "p.lua", "step"}).status == 2);
  CHECK(run_engine({"run", "p.lua", "--set", "nothing"}).status == 2);
  CHECK(run_engine({"run", "p.lua", "--answers", "/nonexistent.json"}).status != 0);
}

TEST_CASE("a plan that does not load ends with 2, in JSON too") {
  const test::Workplace place{"return plan \"X\" { step \"A\" { run = bakup } }"};
  const auto plain = place.engine("run");
  CHECK(plain.status == 2);
  CHECK(plain.out.empty());
  CHECK_THAT(plain.err, ContainsSubstring("plans/plan.lua:1"));
  const auto json = place.engine("run", {"--json"});
  CHECK(json.status == 2);
  CHECK_THAT(json.out, ContainsSubstring("\"event\":\"run.finished\""));
  CHECK_THAT(json.out, ContainsSubstring("\"exit\":2"));
}

TEST_CASE("an answer to what nobody asks is refused, and names the nearest") {
  const test::Workplace place{
      "return plan \"X\" { inputs = { preserve = { type = \"boolean\", default = true } },\n"
      "step \"A\" { run = sql [[ SELECT 1 ]], rollback = nothing } }"};
  const auto ended = place.engine("run", {"--yes", "--set", "preserv=false"});
  CHECK(ended.status == 2);
  CHECK_THAT(ended.err, ContainsSubstring("did you mean \"preserve\"?"));
}

TEST_CASE("questions are an answers file, and touch no database") {
  const test::Workplace place{
      "return plan \"X\" { inputs = { preserve = { type = \"boolean\", default = true } },\n"
      "manual \"Look\" { why = \"Is it nice?\" } }"};
  const auto ended = run_engine({"run", "plans/plan.lua", "-d", "host=/nonexistent", "--questions"},
                                place.surroundings());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("\"preserve\": true"));
  CHECK_THAT(ended.out, ContainsSubstring("\"Look\": null"));
}

TEST_CASE("an empty value of a flag is refused, and no other target taken") {
  const test::Workplace place{test::two_steps};
  const std::vector<std::vector<std::string>> commands{
      {"run", "plans/plan.lua", "--yes", "-d", ""},
      {"run", "plans/plan.lua", "--yes", "--env", ""},
      {"run", "plans/plan.lua", "--yes", "--answers", ""},
      {"rollback", "plans/plan.lua", "--yes", "--to", ""},
      {"rollback", "plans/plan.lua", "--yes", "--only", ""},
      {"rollback", "plans/plan.lua", "--yes", "--run", ""},
      {"verify", ""}};
  for (const auto& words : commands) {
    auto around = place.surroundings();
    around.environment = {"DATABASE_URL=" + place.database.conninfo()};
    const auto ended = run_engine(words, around);
    INFO(ended.all());
    CHECK(ended.status == 2);
    CHECK_THAT(ended.err, ContainsSubstring("is given an empty value"));
  }
  CHECK_FALSE(place.has_table("people"));
}

TEST_CASE("a run whose standard streams are closed works on the database, not on its text") {
  const test::Workplace place{test::two_steps};
  engine::process::Options options;
  options.folder = place.folder.path();
  for (const char* closed : {"<&- >&- 2>&-", ">&-", "2>/dev/full"}) {
    INFO(closed);
    std::string command = std::string{ENGINE_PROGRAM} +
                          " run plans/plan.lua --yes --set zzz=1 -d '" + place.database.conninfo() +
                          "' " + closed;
    const auto ended = engine::process::run({"sh", "-c", command}, options);
    CHECK(ended.status == 0);
    CHECK(place.has_table("people"));
    CHECK(place.engine("rollback", {"--yes"}).status == 0);
  }
}

TEST_CASE("the command to type next stands on one line, however narrow the page") {
  const test::Workplace place{R"(return plan "Broken" {
    step "Break" { run = sql [[ SELECT 1 / 0 ]], rollback = nothing },
  })"};
  const auto run = place.engine("run", {"--yes"});
  CHECK(run.status == 1);
  bool found = false;
  for (const std::string& line : engine::text::lines(run.all())) {
    if (line.find("next ") == std::string::npos) continue;
    found = true;
    CHECK_THAT(line, ContainsSubstring("engine run plans/plan.lua"));
    CHECK_THAT(line, ContainsSubstring("postgres"));
  }
  CHECK(found);
}
