#include "script/guard.h"

#include "script/call.h"
#include "script/world.h"
#include "support/catch.h"

using engine::Code;
using engine::Error;
using engine::script::Call;
using engine::script::Effect;
using engine::script::Primitive;
using test::World;

namespace {

int live = 0;

struct Counted {
  Counted() { ++live; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --live; }
};

int fail_like_server(Call&) {
  const Counted counted;
  throw Error{Code::sql, "duplicate key"}
      .sqlstate("23505")
      .detail("Key (id)=(1) already exists.")
      .hint("Look first.")
      .constraint("t_pkey")
      .statement("INSERT INTO t VALUES (1)");
}

int fail_like_library(Call&) { throw std::runtime_error{"a library spoke"}; }

int call_twice(Call& call) {
  const Counted counted;
  const auto function = call.function(1, "the function");
  function();
  function();
  return 0;
}

std::vector<Primitive> primitives() {
  return {{"db.fail", Effect::writes, {}, {}, "Fails.", "", fail_like_server},
          {"db.odd", Effect::reads, {}, {}, "Fails.", "", fail_like_library},
          {"twice", Effect::pure, {}, {}, "Calls twice.", "", call_twice}};
}

}  // namespace

TEST_CASE("an error of a primitive is a table in Lua, with every word of the server") {
  World world{primitives()};
  CHECK(world.run(R"(
    local ok, e = pcall(db.fail)
    return table.concat({ tostring(ok), e.code, e.message, e.sqlstate, e.detail, e.hint, e.constraint,
                          e.statement, e.where, tostring(e) }, "|")
  )") == "false|sql|duplicate key|23505|Key (id)=(1) already exists.|Look first.|t_pkey|"
         "INSERT INTO t VALUES (1)|plans/test.lua:2|duplicate key");
  CHECK(live == 0);
}

TEST_CASE("an error that leaves the plan is the one that went in") {
  World world{primitives()};
  const Error error = world.failure("local x = 1\ndb.fail()");
  CHECK(error.code() == Code::sql);
  CHECK(error.sqlstate() == "23505");
  CHECK(error.detail() == "Key (id)=(1) already exists.");
  CHECK(error.hint() == "Look first.");
  CHECK(error.constraint() == "t_pkey");
  CHECK(error.statement() == "INSERT INTO t VALUES (1)");
  CHECK(error.source().file == "plans/test.lua");
  CHECK(error.source().line == 2);
}

TEST_CASE("an error raised again by the plan keeps what it was") {
  World world{primitives()};
  const Error error = world.failure("local ok, e = pcall(db.fail)\n\nerror(e)");
  CHECK(error.sqlstate() == "23505");
  CHECK(error.source().line == 1);
}

TEST_CASE("an exception of a library keeps its text") {
  World world{primitives()};
  const Error error = world.failure("db.odd()");
  CHECK(error.code() == Code::internal);
  CHECK(error.message() == "a library spoke");
}

TEST_CASE("what a callback raises passes a primitive as the same value, and destructors run") {
  World world{primitives()};
  CHECK(world.run(R"(
    local mine = {}
    for round = 1, 500 do
      local ok, e = pcall(twice, function() twice(function() error(mine) end) end)
      if ok or e ~= mine then return "lost in round " .. round end
    end
    return "same"
  )") == "same");
  CHECK(live == 0);
}

TEST_CASE("error(\"text\") of the plan becomes an error with its line") {
  World world;
  const Error error = world.failure("local x = 1\n\nerror(\"no such user\")");
  CHECK(error.code() == Code::lua);
  CHECK(error.message() == "no such user");
  CHECK(error.source().line == 3);
}

TEST_CASE("an error after a long string is reported at the string's first line") {
  World world;
  const Error error = world.failure("local x\nerror([[a\nb\nc]], 0)");
  CHECK(error.source().line == 2);
  CHECK(error.message() == "a\nb\nc");
}

TEST_CASE("a primitive is refused while the plan is loading") {
  World world{primitives()};
  world.state->bind(nullptr);
  const Error error = world.failure("return db.odd()");
  CHECK(error.code() == Code::wrong_moment);
  CHECK(error.message() ==
        "db.odd was called while the plan is loading; move it into a step's run, when or verify");
  CHECK(error.source().line == 1);
}

TEST_CASE("a writing primitive is refused where a step only reads") {
  World world{primitives()};
  world.session.now = engine::runner::Moment::when;
  const Error error = world.failure("db.fail()");
  CHECK(error.code() == Code::wrong_moment);
  CHECK(error.message() == "db.fail changes the target, and when may only read");
}
