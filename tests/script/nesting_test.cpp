// Recursion without end, through everything that calls back from C: an error with the plan's line.
#include "script/nesting.h"

#include "script/call.h"
#include "script/world.h"
#include "support/catch.h"
#include "support/limited.h"

using engine::Code;
using engine::Error;
using engine::script::Call;
using engine::script::Effect;
using engine::script::Primitive;
using test::World;

namespace {

int call_once(Call& call) {
  call.function(1, "the function")();
  return 0;
}

std::vector<Primitive> primitives() {
  return {{"once", Effect::pure, {}, {}, "Calls once.", "", call_once}};
}

const std::vector<std::string> endless{
    "local function f() once(f) end\nf()",
    "local function f() pcall(once, f) error('again') end\nonce(f)",
    "local function f(s) return s:gsub('.', f) end\nreturn f('x')",
    "local function f() return coroutine.wrap(f)() end\nf()",
    "local function f() assert(coroutine.resume(coroutine.create(f))) end\nf()",
    "local function f() table.sort({ 1, 2, 3 }, function(a, b) f() return a < b end) end\nf()",
    "local m = {} m.__lt = function() table.sort { setmetatable({}, m), setmetatable({}, m) } end\n"
    "m.__lt()",
    "local m = {} m.__tostring = function() return ('%s'):format(setmetatable({}, m)) end\n"
    "m.__tostring()",
    "local m = {} m.__tostring = function() print(setmetatable({}, m)) end\nm.__tostring()",
    "local function f() local ok, e = xpcall(f, function(e) return e end) error(e) end\nf()",
    "local function f() xpcall(error, f) error('x') end\nf()",
    "local function f() once(function() ('x'):gsub('.', coroutine.wrap(f)) end) end\nf()",
    "local m = {} m.__index = function(t, k) return t[k .. k] + 1 end\n"
    "return setmetatable({}, m).x",
    "local m = {} m.__concat = function(a) return a .. a end\n"
    "return setmetatable({}, m) .. 'x'",
    "local m = {} m.__call = function(self) return 1 + self() end\nreturn setmetatable({}, m)()",
    "local function f() table.foreach({ 1 }, f) end\nf()",
    "local m = {} m.__tostring = function(s) return 'x' .. tostring(s) end\n"
    "return tostring(setmetatable({}, m))",
    "local function f() return f() + 1 end\nf()",
    "local function f() return 1 + select(2, pcall(f)) end\nf()",
};

/// Throws what is wrong.
void check_endless(const std::string& code) {
  World world{primitives()};
  const Error error = world.failure(code);
  if (error.code() != Code::lua && error.code() != Code::memory)
    throw std::runtime_error{error.message()};
  if (error.source().file != "plans/test.lua")
    throw std::runtime_error{"no line: " + error.message()};
  if (world.run("return 'usable'") != "usable") throw std::runtime_error{"not usable"};
}

}  // namespace

TEST_CASE("recursion without end is an error with a line, whatever calls back") {
  for (const std::size_t stack : {8192, 1024, 512}) {
    for (const std::string& code : endless) {
      CAPTURE(stack, code);
      CHECK(test::with_stack(stack, [&] { check_endless(code); }) == "ended");
    }
  }
}

TEST_CASE("too many callbacks in one another are an error that says what to look for") {
  World world{primitives()};
  const Error error = world.failure("local function f() once(f) end\n\nf()");
  CHECK(error.message() ==
        "functions that the engine calls (callbacks, gsub, sort, coroutines) are nested more than "
        "200 deep");
  CHECK_THAT(error.hint(),
             ContainsSubstring("calls itself, directly or through others, without end"));
  CHECK(error.source().line == 1);
}

TEST_CASE("150 callbacks in one another work") {
  World world{primitives()};
  CHECK(world.run("local n = 0 local function f() n = n + 1 if n < 150 then once(f) end end f() "
                  "return n") == "150");
}

TEST_CASE("a source that is nested too deep is a syntax error, not a crash") {
  const auto repeated = [](const std::string& unit, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += unit;
    return text;
  };
  const int deep = 100'000;
  for (const std::string& code :
       {"return " + repeated("(", deep) + "1" + repeated(")", deep),
        "return " + repeated("{", deep) + repeated("}", deep), repeated("do ", deep),
        "return " + repeated("not ", deep) + "1", "return " + repeated("- ", deep) + "1",
        repeated("function f() ", deep), repeated("while 1 do ", deep),
        repeated("if a then ", deep), "x = f" + repeated("{f", deep), "x = " + repeated("a[", deep),
        repeated("repeat ", deep), "x = " + repeated("a^", deep) + "1",
        "x = " + repeated("a..", deep) + "1", "x = " + repeated("f(", deep)}) {
    CAPTURE(code.substr(0, 20));
    const std::string said = test::with_stack(512, [&] {
      World world;
      throw std::runtime_error{world.failure(code).message()};
    });
    CHECK_THAT(said, ContainsSubstring("threw: "));
    CHECK(said.find("did not fail") == std::string::npos);
  }
}
