#include "bindings/registry_print.h"

#include <filesystem>
#include <memory>

#include "base/file.h"
#include "bindings/registry.h"
#include "script/globals.h"
#include "script/lua.h"
#include "script/modules.h"
#include "script/problems.h"
#include "script/state.h"
#include "support/catch.h"

using engine::bindings::primitives;
using engine::script::Effect;
using engine::script::Primitive;

namespace {

const std::string meta = std::string{LIB_LUA} + "/meta";
const std::string pages = std::string{LIB_LUA} + "/../docs/reference";

void check_files(const std::string& folder, const std::map<std::string, std::string>& printed) {
  for (const auto& [name, text] : printed) {
    CAPTURE(name);
    REQUIRE(engine::file::exists(folder + "/" + name));
    // Stale: run `cmake --build build/dev --target reference`.
    CHECK(engine::file::read(folder + "/" + name) == text);
  }
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const std::string name = entry.path().filename();
    // Pages of other tables, which have their own tests.
    if (name == "hazards.gen.md" || name == "locks.gen.md" || name == "pgtap.gen.md") continue;
    if (name.find(".gen.") != std::string::npos) CHECK(printed.contains(name));
  }
}

std::shared_ptr<engine::script::State> state() {
  return std::make_shared<engine::script::State>(
      engine::script::StateOptions{primitives(), 64u << 20, {}});
}

}  // namespace

TEST_CASE("the annotations in lib-lua/meta are what the primitives say") {
  check_files(meta, engine::bindings::annotations(primitives()));
}

TEST_CASE("the reference pages are what the primitives say") {
  check_files(pages, engine::bindings::reference_pages(primitives()));
}

TEST_CASE("a primitive prints its parameters, types and results") {
  const std::vector<Primitive> some{
      {"db.take",
       Effect::reads,
       {"name string the table's name", "options? { a: string, b: integer }"},
       {"table<string, any> rows"},
       "Takes.",
       "db.take \"t\"",
       nullptr},
      {"db.thing:twice",
       Effect::writes,
       {"... any"},
       {"self"},
       "Does it twice.",
       "db.thing():twice()",
       nullptr}};
  CHECK(engine::bindings::annotations(some).at("db.gen.lua") ==
        R"(---@meta _
-- Printed by the engine from its primitives: do not edit, run the target `reference`.

---@class db
db = {}

--- Takes.
---@param name string the table's name
---@param options? { a: string, b: integer }
---@return table<string, any> rows
function db.take(name, options) end

---@class db.thing
local db_thing = {}

--- Does it twice.
---@param ... any
---@return self
function db_thing:twice(...) end
)");
  const std::string page = engine::bindings::reference_pages(some).at("db.gen.md");
  CHECK_THAT(page,
             ContainsSubstring("## db.take(name, options?)\n\nTakes.\n\n- `name` `string`: the "
                               "table's name\n- `options?` `{ a: string, b: integer }`\n- gives "
                               "`table<string, any>`: rows\n\nReads.\n\n```lua\ndb.take "
                               "\"t\"\n```\n"));
}

TEST_CASE("every primitive is documented with an example that plans accept") {
  const auto lua = state();
  for (const Primitive& primitive : primitives()) {
    CAPTURE(primitive.name);
    const std::string doc = primitive.doc;
    CHECK((doc.ends_with('.') || doc.ends_with('?')));
    CHECK_FALSE(std::string{primitive.example}.empty());
    const std::string code = std::string{"return function()\n"} + primitive.example + "\nend";
    const std::string chunk = lua->sources().add("example", "example", true, code);
    CHECK_NOTHROW(lua->compile(lua->lua(), code, chunk));
    engine::script::Problems problems;
    engine::script::check_words(lua->lua(), *lua->sources().find(chunk.substr(1)), problems);
    CHECK_NOTHROW(problems.empty() ? void() : problems.raise("example"));
    lua_settop(lua->lua(), 0);
  }
}

TEST_CASE("every word of the language is annotated") {
  const std::string text = engine::file::read(meta + "/plan.lua");
  for (const char* word :
       {"plan", "phase", "step", "check", "test", "manual", "task", "impossible"})
    CHECK_THAT(text, ContainsSubstring(std::string{"function "} + word + "("));
  for (const char* word : {"nothing", "sql", "null", "input", "state"})
    CHECK_THAT(text, ContainsSubstring(std::string{"\n"} + word + " = {}"));
}
