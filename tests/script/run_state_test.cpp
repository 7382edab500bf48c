#include "script/run_state.h"

#include "script/world.h"
#include "support/catch.h"

using engine::Code;
using engine::plan::InputType;
using engine::runner::Moment;
using test::World;

TEST_CASE("state is handed on as JSON, nested changes included") {
  World world;
  world.run("state.rows = 3 state.list = { 1, 'two', true } state.map = { a = 1.5 }");
  CHECK(world.session.state_json == R"({"list":[1,"two",true],"map":{"a":1.5},"rows":3})");
  world.run("state.list[4] = 'four' state.map.b = null state.rows = nil");
  CHECK(world.session.state_json == R"({"list":[1,"two",true,"four"],"map":{"a":1.5,"b":null}})");
}

TEST_CASE("state is what the session holds, also after a resume") {
  World world;
  world.session.state_json = R"({"id":7,"names":["a","b"]})";
  CHECK(world.run("return state.id .. state.names[2] .. tostring(state.none)") == "7bnil");
}

TEST_CASE("a retry starts with the state as it was") {
  World world;
  world.session.state_json = R"({"n":1})";
  CHECK(world.failure("state.n = 2 error('boom')").message() == "boom");
  CHECK(world.session.state_json == R"({"n":1})");
  CHECK(world.run("return state.n") == "1");
}

TEST_CASE("state holds plain values only, and says where others are") {
  World world;
  CHECK(world.failure("state.f = function() end").message() ==
        "state.f is a function, which cannot become JSON");
  CHECK(world.failure("state.t = { deep = { print } }").message() ==
        "state.t.deep[1] is a word of the engine, which cannot become JSON");
  CHECK(
      world.failure("local t = {} t.t = t state.t = t").message().ends_with("or contains itself"));
  CHECK(world.failure("state.t = { 1, a = 2 }").message() ==
        "state.t has both list items and keys");
  CHECK(world.failure("state.t = { [1.5] = 2 }").message() ==
        "state.t has a key that is neither a string nor in the list 1 to 0");
  CHECK(world.failure("state.t = '\\255'").message() == "state.t is not valid UTF-8");
  CHECK(world.failure("state.n = 0/0").message() == "state.n is not a finite number");
  CHECK(world.failure("state.t = {} state.t.f = print").code() == Code::value);
  CHECK(world.failure("state[1] = 2").message() ==
        "state must be indexed by a name, not by a number");
  CHECK(world.session.state_json == "{}");
}

TEST_CASE("state does not change where a step only reads") {
  World world;
  world.session.state_json = R"({"list":[]})";
  world.session.now = Moment::verify;
  CHECK(world.failure("state.n = 1").code() == Code::wrong_moment);
  CHECK(world.failure("state.list[1] = 1").code() == Code::wrong_moment);
  CHECK(world.run("return #state.list") == "0");
}

TEST_CASE("inputs are values of their type") {
  World world;
  world.session.inputs = {{"keep", {InputType::boolean, "false"}},
                          {"rows", {InputType::integer, "41"}},
                          {"share", {InputType::number, "0.25"}},
                          {"from", {InputType::date, "2025-07-01"}}};
  CHECK(
      world.run("return tostring(input.keep) .. input.rows + 1 .. input.share * 2 .. input.from") ==
      "false420.52025-07-01");
  CHECK(world.failure("input.keep = true").message() == "input.keep cannot be changed");
  world.session.inputs["big"] = {InputType::integer, "9007199254740993"};
  CHECK(world.failure("return input.big").code() == Code::value);
}

TEST_CASE("a secret shows itself to nobody") {
  World world;
  world.session.inputs = {{"password", {InputType::secret, "correct-horse"}}};
  CHECK(world.run("return tostring(input.password)") == "***");
  CHECK(world.failure("return 'x' .. input.password").message().find("horse") == std::string::npos);
  CHECK(world.failure("state.p = input.password").message() ==
        "state.p is a secret, which cannot become JSON");
}

TEST_CASE("inputs and state are not read while the plan is loading") {
  World world;
  world.state->bind(nullptr);
  CHECK(world.failure("local x = input.keep").message() ==
        "input.keep was read while the plan is loading; move it into a step's run, when or verify");
}
