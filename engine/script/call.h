// One call of a primitive: typed readers for its arguments, pushers for its results. Every message
// names the primitive, the argument, and what was given instead.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "base/error.h"
#include "base/names.h"
#include "db/result.h"
#include "event/outcome.h"
#include "script/value.h"

struct lua_State;

namespace engine::runner {
class Session;
}

namespace engine::script {

struct Primitive;

/// An option table ({ as = …, where = … }): keys are read by name; finish() refuses what was not
/// read, keys and items, naming the nearest key. Of no table at all every key is not given.
class Options {
 public:
  Options(lua_State* lua, int index, const Primitive& primitive);
  /// A table within an argument.
  Options(Value table, const Primitive& primitive);
  bool given(const char* key) const;
  std::optional<std::string> text(const char* key);
  std::optional<bool> boolean(const char* key);
  std::optional<std::int64_t> integer(const char* key);
  std::optional<std::vector<std::string>> texts(const char* key);  // a string or a list of them
  /// Anything, read whole; a missing key is a value of kind `nothing`.
  Value value(const char* key);
  /// The items 1, 2, 3 … of the table.
  const std::vector<Value>& items();
  void finish();

 private:
  const Value& read(const char* key);
  [[noreturn]] void refuse(const char* key, std::string_view expected) const;

  const Primitive& primitive_;
  Value table_;
  std::vector<std::string> read_;
  bool items_read_ = false;
};

/// Arguments count from 1; of a method, from the first after its subject.
class Call {
 public:
  Call(lua_State* lua, const Primitive& primitive, runner::Session* session);

  /// Throws Error{wrong_moment} while the plan is loading, or where this primitive's effect may not
  /// happen.
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
  /// SQL: a string (placed where the plan calls) or `sql [[…]]` (placed where it stands).
  SqlText sql(int index, const char* name);
  /// Anything, with its tables.
  Value value(int index, const char* name);
  /// Every argument from index on as $1, $2 …: strings, numbers, booleans, null, and tables as
  /// JSON.
  db::Params params(int from) { return params(from, count()); }
  db::Params params(int from, int last);
  Options options(int index, const char* name);
  /// A function argument, called from our own loop through a protected call; what it raises comes
  /// out as RaisedError and goes on to Lua as the same value.
  std::function<void()> function(int index, const char* name);
  /// The same with a row as its argument. The row is pushed anew for each call; false, returned by
  /// the plan's function, ends the loop.
  std::function<bool(const db::Result&, std::size_t)> row_function(int index, const char* name);

  /// Where the plan calls this primitive.
  Source where() const;
  /// Throws Error{argument} at an argument after `last`.
  void no_more_than(int last);

  int push(std::string_view text);
  int push(const char* text) { return push(std::string_view{text}); }
  int push(bool value);
  int push(std::int64_t value);  // Error{value} beyond 2^53
  int push_nothing();
  int push_null();
  int push_secret(std::string value);
  int push_texts(const std::vector<std::string>& texts);
  int push_json(const std::string& json);  // as a table
  /// A value of a result by its type: boolean, number where exact, else text; NULL is nil.
  int push(const std::optional<std::string>& value, std::uint32_t type);
  /// A strict row: reading a column that it does not have is an error.
  int push_row(const db::Result& result, std::size_t row);
  int push_rows(const db::Result& result);

  /// The subject of a chained method, so that the chain goes on.
  int push_self();
  /// What `expect.table "x"` gives: an object of the class that bears the primitive's name, with
  /// the methods registered as "expect.table:…".
  template <typename T>
  int push_subject(T value) {
    return push_subject(std::make_shared<T>(std::move(value)), typeid(T));
  }
  /// The subject that a method was called on.
  template <typename T>
  T& subject() {
    return *static_cast<T*>(subject(typeid(T)));
  }

  /// One assertion of `expect`. It reaches the session when the next one comes or the plan's
  /// function ends; until then `:named` can give it another name.
  void record(event::Outcome outcome);
  void name_last(const std::string& name);

 private:
  int at(int index) const { return index + offset_; }
  [[noreturn]] void refuse(int index, const char* name, std::string_view expected) const;
  int push_subject(std::shared_ptr<void> value, std::type_index type);
  void* subject(std::type_index type);

  lua_State* lua_;
  const Primitive& primitive_;
  runner::Session* session_;
  int offset_ = 0;  // 1 in a method: the subject comes first
};

Error called_while_loading(const Primitive& primitive);

}  // namespace engine::script
