// Each attack on the sandbox that we know of, with what becomes of it.
#include "script/sandbox.h"

#include <chrono>
#include <thread>

#include "base/interrupt.h"
#include "script/verify_lua.h"
#include "script/world.h"
#include "support/catch.h"

using engine::Code;
using engine::Error;
using test::World;

namespace {

/// Interrupts after a moment, as Ctrl-C would, and leaves a clean flag.
class Interruption {
 public:
  Interruption()
      : thread_([this] {
          std::this_thread::sleep_for(std::chrono::milliseconds{50});
          engine::interrupt::request();
        }) {}
  ~Interruption() {
    thread_.join();
    engine::interrupt::clear();
  }

 private:
  std::thread thread_;
};

Error interrupted(const std::string& code) {
  World world;
  const Interruption interruption;
  const Error error = world.failure(code);
  return error;
}

}  // namespace

TEST_CASE("what the engine assumes of LuaJIT holds here") {
  CHECK_NOTHROW(engine::script::verify_lua());
}

TEST_CASE("an interruption ends every loop, whatever catches errors") {
  const auto code = GENERATE(
      "while true do end", "for i = 1, math.huge do end", "repeat local x = 1 until false",
      "::again:: goto again", "local function f() return f() end f()",
      "while true do pcall(function() while true do end end) end",
      "while true do pcall(pcall, pcall, function() while true do end end) end",
      "local function f(n) if n == 0 then while true do end end pcall(f, n - 1) f(n) end f(60)",
      "xpcall(function() while true do end end, function() while true do end end)",
      "while true do xpcall(function() while true do end end, function(e) return e end) end",
      "while true do local c = coroutine.wrap(function() while true do end end) pcall(c) end",
      "while true do ('x'):gsub('x', function() while true do end end) end",
      "setmetatable({}, { __index = function() while true do end end }).x = nil\n"
      "local t = setmetatable({}, { __index = function() while true do end end }) local x = t.x",
      "table.sort({ 3, 2, 1 }, function() while true do end end)",
      "while true do local ok, e = pcall(error, 'x') end");
  CAPTURE(code);
  CHECK(interrupted(code).code() == Code::interrupted);
}

TEST_CASE("after an interruption a rollback runs with a clean flag") {
  World world;
  {
    const Interruption interruption;
    CHECK(world.failure("while true do end").code() == Code::interrupted);
  }
  CHECK(world.run("local n = 0 for i = 1, 1000 do n = n + i end return n") == "500500");
}

TEST_CASE("nothing of the plan runs while an interruption is pending") {
  World world;
  engine::interrupt::request();
  CHECK(world.failure("return 1").code() == Code::interrupted);
  engine::interrupt::clear();
}

TEST_CASE("recursion that would overflow the C stack is an error") {
  const auto code = GENERATE(
      "local function f(s) return s:gsub('.', f) end return f('x')",
      "local function f() return coroutine.wrap(f)() end f()",
      "local function f() local c = coroutine.create(f) return assert(coroutine.resume(c)) end f()",
      "local function f() return (pcall(f)) end error(tostring(f()))",
      "local function f() return f() + 1 end f()",
      "local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k .. k] "
      "end "
      "return t.x",
      "local t = {} for i = 1, 300 do t = setmetatable({}, { __index = t }) end "
      "local function f() table.sort({ 1, 2, 3 }, function() f() end) end f()");
  CAPTURE(code);
  World world;
  const Error error = world.failure(code);
  CHECK((error.code() == Code::lua || error.code() == Code::memory));
  CHECK(world.run("return 'usable'") == "usable");
}

TEST_CASE("nesting within reason works") {
  World world;
  CHECK(world.run(R"(
    local depth = 0
    local function f(s) depth = depth + 1 if depth < 100 then return (s:gsub(".", f)) end end
    f "x"
    local function g(n) if n == 0 then return 0 end return coroutine.wrap(function() return 1 + g(n - 1) end)() end
    return depth + g(40)
  )") == "140");
}

TEST_CASE("a coroutine yields and resumes through the wrapped functions") {
  World world;
  CHECK(world.run(R"(
    local produce = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
    local first, second = produce(1), produce(10)
    local co = coroutine.create(function() coroutine.yield(5) error("boom", 0) end)
    local _, five = coroutine.resume(co)
    local ok, why = coroutine.resume(co)
    return table.concat({ first, second, five, tostring(ok), why }, " ")
  )") == "2 20 5 false boom");
}

TEST_CASE("memory bombs end in an error with a hint, and the state goes on") {
  const auto code =
      GENERATE("return ('x'):rep(2^40)", "return ('x'):rep(1e9)", "return string.rep('abc', 2^31)",
               "local s = 'x' while true do s = s .. s end",
               "local t = {} while true do t[#t + 1] = { t } end",
               "local t = {} while true do t[#t + 1] = function() return t end end",
               "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
               "local s = ('x'):rep(1e6) return (s:gsub('x', s))",
               "local t = {} for i = 1, 1e3 do t[i] = ('x'):rep(1e5) .. i end "
               "local u = {} while true do u[#u + 1] = table.concat(t) end");
  CAPTURE(code);
  World world{{}, 32u << 20};
  const Error error = world.failure(code);
  CHECK(error.code() == Code::memory);
  CHECK(error.message() == "the plan reached its memory limit of 32 MB");
  CHECK(world.run("return 'usable'") == "usable");
  CHECK(world.state->memory().used() < (32u << 20));
}

TEST_CASE("ways out of the sandbox are not there, and the error says what to use instead") {
  World world;
  for (const char* word :
       {"io", "os", "debug", "package", "ffi", "jit", "module", "dofile", "loadfile", "loadstring",
        "getfenv", "setfenv", "newproxy", "collectgarbage", "gcinfo", "rawset", "_G"}) {
    CAPTURE(word);
    const Error error = world.failure(fmt::format("return {}", word));
    CHECK(error.message() == fmt::format("plans cannot use {}", word));
    CHECK_FALSE(error.hint().empty());
  }
}

TEST_CASE("the string metatable cannot be reached") {
  World world;
  CHECK(world.run("return getmetatable('')") == "false");
  CHECK(world.failure("setmetatable('', {})").code() == Code::lua);
}

TEST_CASE("bytecode is refused") {
  World world;
  CHECK(world.run("local f, why = load('\\27LJ\\2\\0') return why") ==
        "attempt to load chunk with wrong mode");
  CHECK(world.failure("string.dump(function() end)").message() == "string has no \"dump\"");
}

TEST_CASE("loaded text sees the plan's words and nothing more") {
  World world;
  CHECK(world.run("return load('return type(tostring)')()") == "function");
  CHECK(world.failure("return load('return io')()").message() == "plans cannot use io");
  CHECK(world.run("local f, why = load('x = ', '=text') return why") ==
        "text:1: unexpected symbol near '<eof>'");
}

TEST_CASE("words and libraries cannot be changed") {
  World world;
  CHECK(world.failure("tostring = print").message() ==
        "a plan cannot replace a word of the engine: tostring");
  CHECK(world.failure("x = 1").hint() ==
        "Write local x = …, or put values that steps share into state.");
  CHECK(world.failure("string.format = print").message() == "string.format cannot be changed");
  CHECK(world.run("return getmetatable(string)") == "false");
  CHECK(world.run("local n = 0 for _ in pairs(string) do n = n + 1 end return n") == "0");
}

TEST_CASE("an unknown word names the nearest") {
  World world;
  const Error error = world.failure("local x\nreturn tostrin(1)");
  CHECK(error.message() == "unknown word \"tostrin\"; did you mean \"tostring\"?");
  CHECK(error.source().line == 2);
  CHECK(world.failure("return math.flor(1)").message() ==
        "math has no \"flor\"; did you mean math.floor?");
}

TEST_CASE("a finalizer of the plan's own cannot be made") {
  World world;
  // LuaJIT of this dialect calls __gc of userdata only, and plans cannot make any.
  CHECK(world.run("setmetatable({}, { __gc = function() while true do end end }) return 'calm'") ==
        "calm");
}

TEST_CASE("print goes to the notes") {
  World world;
  world.run("print('rows', 3, nil, true)");
  CHECK(world.session.notes == std::vector<std::string>{"rows\t3\tnil\ttrue"});
}
