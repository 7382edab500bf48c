#include <fstream>
#include <sstream>

#include "bindings/bindings_fixture.h"
#include "support/catch.h"
#include "support/folder.h"

using engine::Code;
using engine::event::Ask;
using test::BindingsFixture;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("note tells the operator") {
  BindingsFixture bench;
  bench.run("note 'twelve sessions'");
  CHECK(bench.session.notes == std::vector<std::string>{"twelve sessions"});
  CHECK(bench.failure("note(12)").code() == Code::argument);
}

TEST_CASE("refuse ends the command, with its reason and what to do") {
  BindingsFixture bench;
  const engine::Error refused = bench.failure("refuse('a view reads it', 'Drop the view.')");
  CHECK(refused.code() == Code::refused);
  CHECK(refused.message() == "a view reads it");
  CHECK(refused.hint() == "Drop the view.");
  CHECK(bench.failure("refuse()").code() == Code::argument);
}

TEST_CASE("ask.confirm goes on with yes and ends the run with no") {
  BindingsFixture bench;
  bench.session.answers = {{"leave_sessions", "yes"}, {"remove_the_backup_now", "no"}};
  CHECK(bench.run("ask.confirm { text = 'Leave?', name = 'leave_sessions', default = false } "
                  "return 'on'") == "on");
  CHECK(bench.session.asked[0].kind == Ask::Kind::confirm);
  CHECK(bench.session.asked[0].preset == "no");
  CHECK(bench.failure("ask.confirm 'Remove the backup now?'").code() == Code::answer_no);
}

TEST_CASE("ask.choice gives one of the choices, and shows what they mean") {
  BindingsFixture bench;
  bench.session.answers["way"] = "keep";
  CHECK(bench.run("return ask.choice { 'Which way?', name = 'way', default = 'keep', "
                  "choices = { 'remove', { 'keep', 'leave the columns' } } }") == "keep");
  CHECK(bench.session.asked[0].choices == std::vector<std::string>{"remove", "keep"});
  CHECK_THAT(bench.session.asked[0].text, ContainsSubstring("leave the columns"));
}

TEST_CASE("ask.text gives the text, and ask.secret something that only a parameter opens") {
  BindingsFixture bench;
  bench.session.answers = {{"ticket", "OPS-7"}, {"key", "correct-horse"}};
  CHECK(bench.run("return ask.text { text = 'Which ticket?', name = 'ticket' }") == "OPS-7");
  CHECK(bench.run("return ask.secret { text = 'The key?', name = 'key' }") == "***");
  CHECK(bench.run("return db.value('SELECT $1::text', ask.secret { 'The key?', name = 'key' })") ==
        "correct-horse");
}

TEST_CASE("a question that is wrongly put is refused before it is asked") {
  BindingsFixture bench;
  for (const char* wrong :
       {"ask.confirm {}", "ask.confirm ''", "ask.choice 'Which?'",
        "ask.choice { 'Which?', choices = { 'a' } }",
        "ask.choice { 'Which?', choices = { 'a', 'b' }, default = 'c' }",
        "ask.text { 'Which?', nam = 'x' }", "ask.text(7)",
        "ask.choice { 'Which?', choices = { 1, 2 } }", "ask.secret { 'Which?', default = 'x' }"}) {
    CAPTURE(wrong);
    CHECK(bench.failure(wrong).code() == Code::argument);
  }
  CHECK(bench.session.asked.empty());
  CHECK_THAT(bench.failure("ask.text { 'Which?', nam = 'x' }").message(),
             ContainsSubstring("name"));
}

TEST_CASE("nobody is asked where a plan only reads") {
  BindingsFixture bench;
  bench.session.now = engine::runner::Moment::when;
  CHECK(bench.failure("ask.confirm 'Sure?'").code() == Code::wrong_moment);
}

TEST_CASE("file.write writes below the output folder, and nowhere else") {
  BindingsFixture bench;
  const test::Folder folder;
  bench.session.folder = folder.path() + "/output";
  const std::string written = bench.run("return file.write('reports/orphans.txt', 'none\\n')");
  CHECK(written == folder.path() + "/output/reports/orphans.txt");
  CHECK(content_of(written) == "none\n");
  bench.run("file.write('reports/orphans.txt', 'one')");
  CHECK(content_of(written) == "one");
  std::filesystem::create_directory_symlink("/tmp", folder.path() + "/output/out");
  for (const char* outside :
       {"'../escaped.txt'", "'/tmp/escaped.txt'", "'reports/../../escaped.txt'",
        "'out/escaped.txt'", "''", "'.'", "'a\\0b'"}) {
    CAPTURE(outside);
    CHECK(bench.failure(std::string{"file.write("} + outside + ", 'x')").code() == Code::argument);
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/escaped.txt"));
  CHECK_FALSE(std::filesystem::exists("/tmp/escaped.txt"));
  bench.session.writable = false;
  CHECK(bench.failure("file.write('x.txt', 'x')").code() == Code::wrong_moment);
}

TEST_CASE("every primitive has a name, a sentence and an example, and stands once") {
  std::map<std::string, int> seen;
  for (const auto& primitive : engine::bindings::primitives()) {
    CAPTURE(primitive.name);
    CHECK(++seen[primitive.name] == 1);
    CHECK(std::string{primitive.doc}.find_last_of(".?") == std::string{primitive.doc}.size() - 1);
    CHECK_FALSE(std::string{primitive.example}.empty());
  }
}
