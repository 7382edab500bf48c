#include "script/constructs.h"

#include "script/globals.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/lua_types.h"
#include "script/modules.h"
#include "script/problems.h"
#include "script/state.h"

namespace engine::script {
namespace {

constexpr const char* construct_name = "engine.construct";
constexpr const char* unfinished_name = "engine.unfinished";
constexpr const char* nothing_name = "engine.nothing";
constexpr const char* impossible_name = "engine.impossible";

std::string text_field(lua_State* lua, int index, const char* key) {
  lua_getfield(lua, index, key);
  std::size_t size = 0;
  const char* const text = lua_tolstring(lua, -1, &size);
  const std::string value = text == nullptr ? std::string{} : std::string{text, size};
  lua_pop(lua, 1);
  return value;
}

/// Problems of shape are collected while the plan is loading: one broken step hides no other.
void complain(lua_State* lua, Source at, std::string text, std::string hint) {
  Problems* const problems = State::of(lua).problems();
  if (problems == nullptr)
    throw Error{Code::wrong_moment, std::move(text)}.hint(std::move(hint)).at(std::move(at));
  problems->add(std::move(at), std::move(text), std::move(hint));
}

void complain(lua_State* lua, std::string text, std::string hint) {
  complain(lua, State::of(lua).sources().running(lua), std::move(text), std::move(hint));
}

std::string title_of(lua_State* lua, const std::string& word, const Source& at) {
  if (lua_type(lua, 1) == LUA_TSTRING) return lua_tostring(lua, 1);
  complain(lua, at, fmt::format("{} needs a title, not {}", word, kind_of(lua, 1)),
           fmt::format("Write {} \"Title\" {{ … }}.", word));
  return "(no title)";
}

// Upvalue 1: the word. Gives the object that waits for the table.
int begin_construct(lua_State* lua) {
  const std::string word = lua_tostring(lua, lua_upvalueindex(1));
  State& state = State::of(lua);
  if (state.problems() == nullptr)
    throw Error{Code::wrong_moment, "{} belongs in the plan's table, not in a function", word};
  const auto frame = state.sources().frame_of_word(lua, word).value_or(Sources::Frame{});
  const std::string title = title_of(lua, word, state.sources().at(frame.name, frame.line));
  const bool is_table = lua_istable(lua, 1);
  lua_createtable(lua, 0, 5);
  lua_pushstring(lua, word.c_str());
  lua_setfield(lua, -2, "word");
  lua_pushlstring(lua, title.data(), title.size());
  lua_setfield(lua, -2, "title");
  lua_pushstring(lua, frame.name.c_str());
  lua_setfield(lua, -2, "chunk");
  lua_pushinteger(lua, frame.line);
  lua_setfield(lua, -2, "line");
  if (is_table) {
    lua_pushvalue(lua, 1);
    lua_setfield(lua, -2, "body");
  }
  luaL_getmetatable(lua, is_table ? construct_name : unfinished_name);
  lua_setmetatable(lua, -2);
  return 1;
}

// __call of the waiting object: its table arrives.
int finish_construct(lua_State* lua) {
  const std::string word = text_field(lua, 1, "word");
  const std::string title = text_field(lua, 1, "title");
  lua_settop(lua, 2);
  if (!lua_istable(lua, 2) || lua_getmetatable(lua, 2) != 0) {
    complain(lua, fmt::format("{} \"{}\" is followed by {}", word, title, kind_of(lua, 2)),
             fmt::format("Write {} \"{}\" {{ … }}.", word, title));
    lua_settop(lua, 1);
    lua_newtable(lua);
  }
  lua_setfield(lua, 1, "body");
  luaL_getmetatable(lua, construct_name);
  lua_setmetatable(lua, 1);
  return 1;
}

int make_impossible(lua_State* lua) {
  std::string why;
  if (lua_type(lua, 1) == LUA_TSTRING) {
    why = lua_tostring(lua, 1);
  } else {
    complain(lua, fmt::format("impossible needs a reason, not {}", kind_of(lua, 1)),
             "Write impossible \"the backup was dropped\".");
  }
  lua_createtable(lua, 0, 1);
  lua_pushlstring(lua, why.data(), why.size());
  lua_setfield(lua, -2, "why");
  luaL_getmetatable(lua, impossible_name);
  lua_setmetatable(lua, -2);
  return 1;
}

// As __call its first argument is the namespace itself.
int make_sql(lua_State* lua) {
  if (lua_type(lua, 2) != LUA_TSTRING)
    throw Error{Code::argument, "sql takes SQL text, not {}", kind_of(lua, 2)}.hint(
        "Write sql [[ … ]], or sql.file \"name.sql\".");
  std::size_t size = 0;
  const char* const data = lua_tolstring(lua, 2, &size);
  const std::string text{data, size};
  push_sql(lua, {text, State::of(lua).sources().text_position(lua, text)});
  return 1;
}

int make_sql_of_file(lua_State* lua) {
  if (lua_type(lua, 1) != LUA_TSTRING)
    throw Error{Code::argument, "sql.file takes a path, not {}", kind_of(lua, 1)};
  const std::string path = lua_tostring(lua, 1);
  State& state = State::of(lua);
  SqlText sql{"", {state.project().show(path), 1}};
  const Files::File* file = nullptr;
  try {
    file = &state.files().read(path);
  } catch (const Error& error) {
    complain(lua, error.message(), error.hint());
    sql.at.line = 0;  // no place: of its statements nothing more is to be said
  }
  if (file != nullptr) {
    state.use(*file, false);
    sql.text = file->text;
  }
  push_sql(lua, sql);
  return 1;
}

void make_metatable(lua_State* lua, const char* name) {
  luaL_newmetatable(lua, name);
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
}

std::optional<WordValue> read_word(lua_State* lua, int index, const char* metatable) {
  if (!has_metatable(lua, index, metatable)) return std::nullopt;
  if (index < 0) index = lua_gettop(lua) + index + 1;
  WordValue value;
  value.word = text_field(lua, index, "word");
  value.title = text_field(lua, index, "title");
  value.chunk = text_field(lua, index, "chunk");
  lua_getfield(lua, index, "line");
  value.call_line = static_cast<int>(lua_tointeger(lua, -1));
  lua_pop(lua, 1);
  const Chunk* const chunk = State::of(lua).sources().find(value.chunk);
  if (chunk != nullptr) {
    value.source = chunk->construct(value.word, value.title, value.call_line);
    value.at = {chunk->file, value.source == nullptr ? value.call_line : value.source->line};
  }
  return value;
}

}  // namespace

void install_plan_words(lua_State* lua) {
  make_metatable(lua, construct_name);
  lua_pop(lua, 1);
  make_metatable(lua, unfinished_name);
  lua_pushcfunction(lua, guarded<finish_construct>);
  lua_setfield(lua, -2, "__call");
  lua_pop(lua, 1);
  make_metatable(lua, nothing_name);
  lua_newtable(lua);
  lua_insert(lua, -2);
  lua_setmetatable(lua, -2);
  add_word(lua, "nothing");
  make_metatable(lua, impossible_name);
  lua_pop(lua, 1);

  for (const char* word : {"plan", "phase", "step", "check", "test", "manual", "task"}) {
    lua_pushstring(lua, word);
    lua_pushcclosure(lua, guarded<begin_construct>, 1);
    add_word(lua, word);
  }
  lua_pushcfunction(lua, guarded<make_impossible>);
  add_word(lua, "impossible");
  install_require(lua);
}

void push_sql_functions(lua_State* lua) {
  lua_pushcfunction(lua, guarded<make_sql_of_file>);
  lua_setfield(lua, -2, "file");
  lua_pushcfunction(lua, guarded<make_sql>);
}

std::optional<WordValue> word_at(lua_State* lua, int index) {
  return read_word(lua, index, construct_name);
}

void push_body(lua_State* lua, int index) { lua_getfield(lua, index, "body"); }

std::optional<WordValue> unfinished_at(lua_State* lua, int index) {
  return read_word(lua, index, unfinished_name);
}

bool is_nothing(lua_State* lua, int index) { return has_metatable(lua, index, nothing_name); }

std::optional<std::string> impossible_at(lua_State* lua, int index) {
  if (!has_metatable(lua, index, impossible_name)) return std::nullopt;
  return text_field(lua, index, "why");
}

}  // namespace engine::script
