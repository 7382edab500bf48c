#include "runner/session/input_value.h"

#include "base/error.h"
#include "runner/runner_fixture.h"
#include "runner/session/inputs.h"
#include "support/catch.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

Input declared(InputType type) {
  Input input;
  input.name = "x";
  input.type = type;
  input.choices = {"small", "large"};
  return input;
}

std::string canonical(InputType type, const std::string& given) {
  return canonical_value(declared(type), given);
}

void refused(InputType type, const std::string& given) {
  INFO(given);
  const Error error = test::error_of([&] { canonical_value(declared(type), given); });
  CHECK(error.code() == Code::usage);
  CHECK_THAT(error.message(), ContainsSubstring("input x takes"));
}

}  // namespace

TEST_CASE("a value has one spelling") {
  CHECK(canonical(InputType::boolean, "YES") == "true");
  CHECK(canonical(InputType::boolean, "0") == "false");
  CHECK(canonical(InputType::integer, "-007") == "-7");
  CHECK(canonical(InputType::number, "1234567890.123456789012345") == "1234567890.123456789012345");
  CHECK(canonical(InputType::date, "2024-2-29") == "2024-02-29");
  CHECK(canonical(InputType::interval, "30 days") == "30 days");
  CHECK(canonical(InputType::choice, " large ") == "large");
  CHECK(canonical(InputType::text, " as it is ") == " as it is ");
}

TEST_CASE("what is not of the type is refused by the input's name") {
  refused(InputType::boolean, "maybe");
  refused(InputType::boolean, "");
  refused(InputType::integer, "1.5");
  refused(InputType::integer, "9223372036854775808");
  refused(InputType::integer, "7 days");
  refused(InputType::number, "1,5");
  refused(InputType::number, "nan");
  refused(InputType::date, "2025-02-29");
  refused(InputType::date, "yesterday");
  refused(InputType::interval, "soon");
  refused(InputType::choice, "lrge");
}

TEST_CASE("a value of any length is refused and not recursed into") {
  const std::string digits(300'000, '1');
  refused(InputType::integer, digits);
  refused(InputType::number, digits);
  refused(InputType::date, digits);
  refused(InputType::interval, digits + " days");
  refused(InputType::boolean, digits);
  refused(InputType::choice, digits);
}

TEST_CASE("a wrong choice names the nearest") {
  const Error error = test::error_of([] { canonical(InputType::choice, "lrge"); });
  CHECK_THAT(error.message(),
             ContainsSubstring("takes small or large, not \"lrge\"; did you mean \"large\"?"));
}

TEST_CASE("a wrong value ends the command as usage, before anything is touched") {
  RunnerFixture bench;
  bench.input("days", InputType::integer);
  bench.step("one", "CREATE TABLE t ()");
  bench.answers.given["days"] = "many";
  CHECK(bench.run().exit == 2);
  CHECK(bench.database.value("SELECT to_regnamespace('engine')").empty());
}

TEST_CASE("inputs come from flags, defaults and the person, and steps see them") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.is_interactive = true;
  bench.input("flagged");
  bench.input("preset").preset = "standard";
  bench.input("silent").preset = "quiet";
  bench.plan.inputs[2].ask.clear();
  bench.input("person", InputType::boolean);
  bench.answers.given["flagged"] = "f";
  bench.answers.person["person"] = "no";
  std::string seen;
  bench.step("one", [&] {
    for (const char* name : {"flagged", "preset", "silent", "person"})
      seen += bench.session->input(name).value() + " ";
  });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(seen == "f standard quiet false ");
  CHECK(bench.answers.asked == std::vector<std::string>{"preset", "person", "run"});
}

TEST_CASE(
    "an input is asked only where its when says so, and not at all before a rollback wants it") {
  RunnerFixture bench;
  bench.input("asked");
  bench.input("not_asked").when = [] { return false; };
  bench.input("later").at_rollback = true;
  bench.answers.given["asked"] = "x";
  std::optional<std::string> seen = "something";
  bench.step("one", [&] { seen = bench.session->input("not_asked"); });
  CHECK(bench.run().exit == 0);
  CHECK_FALSE(seen);
}

TEST_CASE("an unknown input names the nearest") {
  RunnerFixture bench;
  bench.input("preserve").preset = "x";
  bench.step("one", [&] { bench.session->input("preserv"); });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK_THAT(finished.error->message(), ContainsSubstring("did you mean \"preserve\"?"));
}

TEST_CASE("unattended, everything that is unanswered is listed before anything is touched") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.input("drop_backup", InputType::boolean);
  bench.input("keep").preset = "x";
  bench.step("one", "CREATE TABLE t ()").confirm = [] { return "Sure?"; };
  bench.manual("look");
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 5);
  CHECK(finished.error->code() == Code::answer_missing);
  CHECK(finished.error->message() == "4 questions have no answer and nobody can be asked");
  for (const char* flag :
       {"--set drop_backup=VALUE", "--set \"one\"=yes", "--set \"look\"=done", "--yes"}) {
    CHECK_THAT(finished.error->hint(), ContainsSubstring(flag));
  }
  CHECK(bench.database.value("SELECT to_regnamespace('engine')").empty());

  bench.options.assume_yes = true;
  const RunFinished yes = bench.run();
  CHECK(yes.exit == 5);
  CHECK(yes.error->message() == "2 questions have no answer and nobody can be asked");

  bench.answers.given = {{"drop_backup", "no"}, {"look", "done"}};
  CHECK(bench.run().exit == 0);
}

TEST_CASE("an ask that nobody answers ends the run before its step's first statement") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t ()");
  bench.step("two", [&] {
    bench.session->ask({"colour", "Which?", Ask::Kind::text, {}, std::nullopt});
    bench.exec("DROP TABLE t");
  });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK(finished.error->code() == Code::answer_missing);
  CHECK_FALSE(bench.database.value("SELECT to_regclass('t')").empty());
}

TEST_CASE("a secret is in no event and in no journal row") {
  RunnerFixture bench;
  bench.input("token", InputType::secret);
  bench.answers.given["token"] = "correct-horse-battery";
  bench.step("one",
             [&] { bench.exec("SELECT '" + bench.session->input("token").value() + "'::int"); });
  CHECK(bench.run().exit == 1);
  const auto told = bench.told<QuestionAnswered>();
  REQUIRE(told.size() == 2);
  CHECK(told[0].answer.empty());
  CHECK(told[0].secret);
  CHECK(bench.database.value(
            "SELECT count(*) FROM engine.attempt WHERE message LIKE '%correct-horse%'") == "0");
  CHECK(bench.database.value("SELECT count(*) FROM engine.step WHERE reason LIKE '%***%'") == "1");
}
