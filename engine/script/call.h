// One call of a primitive: typed readers for its arguments, pushers for its results. Every message names the primitive,
// the argument, and what was given instead.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/names.h"
#include "db/result.h"

struct lua_State;

namespace engine::runner {
class Session;
}

namespace engine::script {

struct Primitive;

/// An option table ({ as = …, where = … }): keys are read by name; finish() refuses what was not read, naming the nearest key.
class Options {
 public:
  Options(lua_State* lua, int index, const Primitive& primitive);
  bool given(const char* key) const;
  std::optional<std::string> text(const char* key);
  std::optional<bool> boolean(const char* key);
  std::optional<std::int64_t> integer(const char* key);
  std::optional<std::vector<std::string>> texts(const char* key);  // a string or a list of them
  void finish();

 private:
  lua_State* lua_;
  int index_;
  const Primitive& primitive_;
  std::vector<std::string> read_;
};

class Call {
 public:
  Call(lua_State* lua, const Primitive& primitive, runner::Session* session);

  /// Throws Error{wrong_moment} while the plan is loading, or where this primitive's effect may not happen.
  runner::Session& session();
  lua_State* lua() const { return lua_; }
  const Primitive& primitive() const { return primitive_; }

  int count() const;  // of arguments
  bool given(int index) const;
  std::string text(int index, const char* name);
  std::optional<std::string> text_or_nothing(int index, const char* name);
  std::int64_t integer(int index, const char* name);
  bool boolean(int index, const char* name);
  QualifiedName table_name(int index, const char* name);
  std::vector<std::string> texts(int index, const char* name);
  /// Every argument from index on as $1, $2 …: strings, numbers, booleans, null, and tables as JSON.
  db::Params params(int from);
  Options options(int index, const char* name);
  /// A function argument, called from our own loop through a protected call; Lua errors pass through it.
  std::function<void()> function(int index, const char* name);

  int push(std::string_view text);
  int push(bool value);
  int push(std::int64_t value);  // Error{value} beyond 2^53
  int push_nothing();
  int push_self();  // the subject of a chained method, so that the chain goes on
  /// A value of a result by its type: boolean, number where exact, else text; NULL is nil.
  int push(const std::optional<std::string>& value, std::uint32_t type);
  /// A strict row: reading a column that it does not have is an error.
  int push_row(const db::Result& result, std::size_t row);
  int push_rows(const db::Result& result);

 private:
  lua_State* lua_;
  const Primitive& primitive_;
  runner::Session* session_;
};

}  // namespace engine::script
