#include "script/values.h"

#include "script/call.h"
#include "script/world.h"
#include "support/catch.h"

using engine::Code;
using engine::db::Params;
using engine::db::Result;
using engine::script::Call;
using engine::script::Effect;
using test::World;

namespace {

Result result;
Params given;
std::string seen;

int rows(Call& call) { return call.push_rows(result); }
int row(Call& call) { return call.push_row(result, 0); }
int params(Call& call) {
  given = call.params(1);
  return 0;
}
int each(Call& call) {
  const auto function = call.row_function(1, "the function");
  for (std::size_t i = 0; i < result.size(); ++i)
    if (!function(result, i)) return call.push(static_cast<std::int64_t>(i + 1));
  return call.push_nothing();
}
int secret(Call& call) { return call.push_secret("correct-horse"); }
int options(Call& call) {
  auto options = call.options(1, "the options");
  seen = options.text("where").value_or("-");
  const auto names = options.texts("columns");
  if (names)
    for (const std::string& name : *names) seen += "," + name;
  if (options.boolean("wait").value_or(false)) seen += " waits";
  seen += std::to_string(options.integer("batch").value_or(0));
  options.finish();
  return call.push(seen);
}

World world_of(Result rows_given = {}) {
  result = std::move(rows_given);
  return World{{{"db.rows", Effect::pure, {}, {}, "", "", rows},
                {"db.row", Effect::pure, {}, {}, "", "", row},
                {"db.params", Effect::pure, {}, {}, "", "", params},
                {"db.each", Effect::pure, {}, {}, "", "", each},
                {"db.secret", Effect::pure, {}, {}, "", "", secret},
                {"db.options", Effect::pure, {}, {}, "", "", options}}};
}

Result of(std::uint32_t type, std::optional<std::string> value) {
  return Result{{{"v", type}}, {{std::move(value)}}, "SELECT 1", std::nullopt};
}

}  // namespace

TEST_CASE("values of the server arrive by their type") {
  const auto [type, text, code, expected] =
      GENERATE(table<std::uint32_t, const char*, const char*, const char*>(
          {{16, "t", "type(v) .. tostring(v)", "booleantrue"},
           {16, "f", "type(v) .. tostring(v)", "booleanfalse"},
           {23, "-42", "type(v) .. v + 1", "number-41"},
           {20, "9007199254740992", "type(v) .. ('%d'):format(v)", "number9007199254740992"},
           {701, "0.1", "type(v) .. v", "number0.1"},
           {701, "-Infinity", "type(v) .. tostring(v < 0)", "numbertrue"},
           {1700, "12345678901234567890.10", "type(v) .. v", "string12345678901234567890.10"},
           {790, "$1.00", "type(v) .. v", "string$1.00"},
           {3802, "{\"a\": 1}", "type(v) .. v", "string{\"a\": 1}"},
           {25, "", "type(v) .. #v", "string0"}}));
  CAPTURE(type, text);
  World world = world_of(of(type, text));
  CHECK(world.run(fmt::format("local v = db.row().v return {}", code)) == expected);
}

TEST_CASE("a bigint that a number cannot hold says how to read it") {
  World world = world_of(of(20, "9007199254740993"));
  const engine::Error error = world.failure("return db.row().v");
  CHECK(error.code() == Code::value);
  CHECK(error.message() == "v is 9007199254740993, which a Lua number cannot represent exactly");
  CHECK(error.hint() == "Read it as text: add ::text to the column in the query.");
}

TEST_CASE("NULL is nil, and a column that is not there is an error") {
  World world = world_of(Result{{{"id", 23}, {"name", 25}},
                                {{std::optional<std::string>{"1"}, std::nullopt}},
                                "SELECT 1",
                                std::nullopt});
  CHECK(world.run("return tostring(db.row().name)") == "nil");
  const engine::Error error = world.failure("return db.row().nmae");
  CHECK(error.message() == "the row has no column \"nmae\"; did you mean \"name\"?");
  CHECK(error.hint() == "Its columns: id and name.");
  CHECK(world.run("return #db.rows() .. db.rows()[1].id") == "11");
}

TEST_CASE("two columns of one name are refused rather than one of them lost") {
  World world = world_of(Result{{{"id", 23}, {"id", 23}}, {{"1", "2"}}, "SELECT 1", std::nullopt});
  CHECK(world.failure("return db.row()").message() == "two columns of the result are named \"id\"");
}

TEST_CASE("parameters are what the server reads") {
  World world = world_of();
  world.run(
      "db.params('a', 1, 1.5, true, false, null, { 1, 'b' }, { k = 'v' }, -0.1, 2^53, 1e300)");
  REQUIRE(given.size() == 11);
  CHECK(given[0] == "a");
  CHECK(given[1] == "1");
  CHECK(given[2] == "1.5");
  CHECK(given[3] == "true");
  CHECK(given[4] == "false");
  CHECK(given[5] == std::nullopt);
  CHECK(given[6] == "[1,\"b\"]");
  CHECK(given[7] == "{\"k\":\"v\"}");
  CHECK(given[8] == "-0.1");
  CHECK(given[9] == "9007199254740992");
  CHECK(given[10] == "1e+300");
  world.run("db.params(db.secret())");
  CHECK(given[0] == "correct-horse");
}

TEST_CASE("what cannot be a parameter is named by its place") {
  World world = world_of();
  CHECK(world.failure("db.params('a', print)").message() ==
        "db.params: $2 is a word of the engine, which cannot be a parameter");
  const engine::Error error = world.failure("db.params('a', nil, 'b')");
  CHECK(error.message() == "db.params: $2 is nothing, which cannot be a parameter");
  CHECK(error.hint() == "Write null for SQL NULL.");
  CHECK(world.failure("db.params('a\\0b')").message() ==
        "db.params: $1 contains a NUL byte, which PostgreSQL cannot store");
  CHECK(world.failure("db.params(sql 'x')").message() ==
        "db.params: $1 is an sql text, which cannot be a parameter");
}

TEST_CASE("a loop over rows ends where its function gives false") {
  World world = world_of(Result{{{"n", 23}}, {{"1"}, {"2"}, {"3"}}, "SELECT 3", std::nullopt});
  CHECK(world.run("local sum = 0 db.each(function(row) sum = sum + row.n end) return sum") == "6");
  CHECK(world.run("return db.each(function(row) return row.n < 2 end)") == "2");
  CHECK(world.failure("db.each(function(row) error('at ' .. row.n) end)").message() == "at 1");
}

TEST_CASE("options are read by name, and unknown ones named") {
  World world = world_of();
  CHECK(world.run(
            "return db.options { where = 'x', columns = { 'a', 'b' }, wait = true, batch = 5 }") ==
        "x,a,b waits5");
  CHECK(world.run("return db.options { columns = 'a' }") == "-,a0");
  CHECK(world.run("return db.options()") == "-0");
  CHECK(world.failure("db.options { whree = 'x' }").message() ==
        "db.options has no option \"whree\"; did you mean \"where\"?");
  CHECK(world.failure("db.options { batch = 'x' }").message() ==
        "db.options: option batch must be a whole number, not a string");
  CHECK(world.failure("db.options { batch = 1.5 }").message() ==
        "db.options: option batch must be a whole number, not a number");
  CHECK(world.failure("db.options 'where'").message() ==
        "db.options: the options must be a table of options, not a string");
}
