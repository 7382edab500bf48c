// A table of the plan, read key by key: what is wrong goes among the problems with its line, and
// reading goes on.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "script/source_index.h"

struct lua_State;

namespace engine::script {

class Problems;

/// Where a value of the plan stands and what people call it: `step "Clean Up"`.
struct Place {
  std::string what;
  Source at;
  const TableSource* source = nullptr;  // where the outline knows the table
};

class TableShape {
 public:
  /// The table lies at `index`, which stays where it is while the shape lives.
  TableShape(lua_State* lua, int index, Place place, Problems& problems);

  const Place& place() const { return place_; }
  lua_State* lua() const { return lua_; }

  /// Every key that is not among these is a problem that names the nearest.
  void allow(const std::vector<std::string>& keys);
  /// Items 1, 2 … are a problem.
  void allow_no_items();

  bool has(const char* key) const;
  /// Of a key's value: its line, and its table where it is a constructor.
  Place place_of(const std::string& key) const;
  Place place_of_item(int item) const;

  std::string text(const char* key);  // "" where it is not given
  bool boolean(const char* key);      // false where it is not given
  std::optional<int> integer(const char* key);
  std::vector<std::string> texts(const char* key);  // a text or a list of texts
  std::map<std::string, std::string> text_map(const char* key);

  /// Pushes a key's value, calls with its index and place, and pops it. False where it is not
  /// given.
  bool with(const char* key, const std::function<void(int, const Place&)>& read);
  /// The same for every item, in order; a hole is a problem.
  /// Gives their number.
  int each_item(const std::function<void(int, const Place&)>& read);
  /// The same for every key that is a text, in the order of the source.
  void each_key(const std::function<void(const std::string&, int, const Place&)>& read);

  void problem(const Place& place, std::string text, std::string hint = "");
  /// "when of step "X" must be a function, not a text"
  void wrong(const char* key, const char* expected);

 private:
  void push(const char* key) const;
  std::vector<std::string> keys() const;
  int item_count() const;

  lua_State* lua_;
  int index_;
  Place place_;
  Problems& problems_;
};

}  // namespace engine::script
