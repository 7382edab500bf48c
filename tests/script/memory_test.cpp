// LuaJIT is refused memory at its Nth request, for each N: always an error with words, and what
// lives on the side of C++ is let go.
#include "script/memory.h"

#include <cstdlib>

#include "script/call.h"
#include "script/fake_session.h"
#include "script/lua.h"
#include "script/plan_loader.h"
#include "script/state.h"
#include "support/catch.h"

using engine::Code;
using engine::Error;
using namespace engine::script;

namespace {

long requests = 0;
long first_refused = 0;  // 0: none
bool all_after = false;

/// Refuses the request of that number, or it and all after it.
void* refusing(void* block, std::size_t size) {
  ++requests;
  const bool refused = all_after ? requests >= first_refused : requests == first_refused;
  return first_refused > 0 && refused ? nullptr : std::realloc(block, size);
}

void refuse_from(long number, bool and_after) {
  requests = 0;
  first_refused = number;
  all_after = and_after;
}

int live = 0;

struct Counted {
  Counted() { ++live; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --live; }
};

int call_once(Call& call) {
  const Counted counted;
  call.function(1, "the function")();
  return 0;
}

int give_rows(Call& call) {
  const Counted counted;
  call.options(1, "the options").finish();
  return call.push_json(R"({"a": [1, "two", {"b": null}], "c": true})");
}

std::vector<Primitive> primitives() {
  return {{"once", Effect::pure, {}, {}, "Calls once.", "", call_once},
          {"rows.give", Effect::pure, {}, {}, "Gives rows.", "", give_rows}};
}

constexpr const char* plan = R"(
local function helper(n) return ("%s_%d"):format("x", n) end
return plan "Refused memory" {
  id = "refused", inputs = { keep = { type = "boolean", default = true, ask = "Keep?" } },
  phase "One" {
    step "First" {
      when = function() return true, "because " .. helper(1) end,
      run = { sql [[ SELECT 1 ]], function()
        local got = {}
        once(function() for i = 1, 20 do got[i] = helper(i) end end)
        pcall(once, function() error { message = "mine" } end)
        local rows = rows.give()
        state.rows = { rows.a[1], rows.a[2], #got }
        local c = coroutine.wrap(function() coroutine.yield(helper(9)) end)
        c()
        table.sort(got, function(a, b) return a > b end)
        print(table.concat(got, ","))
      end },
      rollback = nothing,
    },
  },
}
)";

/// Loads the plan and runs its function, as a run does.
void load_and_run() {
  LoadOptions options;
  options.primitives = primitives();
  options.text = plan;
  options.reallocate = refusing;
  const LoadedPlan loaded = load_plan("refused.lua", options);
  test::FakeSession session;
  loaded.state->bind(&session);
  for (const engine::plan::Step& step : loaded.plan.steps) {
    step.when();
    for (const engine::plan::Action& action : step.run)
      if (const auto* function = std::get_if<engine::plan::Function>(&action)) function->call();
  }
  loaded.state->bind(nullptr);
}

/// LuaJIT crashes on its own where it is refused memory while it makes a state.
long requests_for_a_state() {
  refuse_from(0, false);
  const auto allocate = [](void*, void* block, std::size_t, std::size_t size) -> void* {
    if (size > 0) return refusing(block, size);
    std::free(block);
    return nullptr;
  };
  lua_close(lua_newstate(allocate, nullptr));
  return requests;
}

/// The number of the first request whose refusal nobody notices: there is none of that number.
long refuse_each(bool and_after, long stride) {
  long number = requests_for_a_state() + 1;
  for (;; number += stride) {
    refuse_from(number, and_after);
    try {
      load_and_run();
      if (requests < number) return number;
    } catch (const Error& error) {
      CAPTURE(number, error.message());
      REQUIRE((error.code() == Code::memory || error.code() == Code::plan_invalid ||
               error.code() == Code::lua));
      REQUIRE_FALSE(error.message().empty());
    }
    REQUIRE(live == 0);
  }
}

}  // namespace

TEST_CASE("a plan loads and runs, or ends in an error, whichever request for memory is refused") {
  refuse_from(0, false);
  load_and_run();
  const long needed = requests;
  REQUIRE(needed > 500);
  CHECK(refuse_each(false, 1) > needed / 2);
}

TEST_CASE("the same where all requests from one on are refused") {
  CHECK(refuse_each(true, 1) > 500);
}

TEST_CASE("a state is usable after a refusal") {
  refuse_from(0, false);
  const auto state = std::make_shared<State>(
      StateOptions{.primitives = primitives(), .project = {}, .reallocate = refusing});
  test::FakeSession session;
  state->bind(&session);
  const auto run = [&](const std::string& code) {
    state->compile(state->lua(), code, "=test");
    std::string text;
    state->call(1, [&](lua_State* lua) { text = lua_tostring(lua, -1); });
    return text;
  };
  for (long number = 1; number < 200; ++number) {
    refuse_from(number, false);
    try {
      run("local t = {} for i = 1, 50 do t[i] = { tostring(i) .. 'x' } end return #t");
    } catch (const Error& error) {
      REQUIRE(error.code() == Code::memory);
    }
    refuse_from(0, false);
    REQUIRE(run("return 'usable'") == "usable");
    REQUIRE(lua_gettop(state->lua()) == 0);
  }
}
