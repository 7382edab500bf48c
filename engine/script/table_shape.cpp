#include "script/table_shape.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "script/lua.h"
#include "script/placeholder.h"
#include "script/problems.h"
#include "script/value.h"

namespace engine::script {
namespace {

std::string text_at(lua_State* lua, int index) {
  std::size_t size = 0;
  const char* const data = lua_tolstring(lua, index, &size);
  return {data, size};
}

}  // namespace

TableShape::TableShape(lua_State* lua, int index, Place place, Problems& problems)
    : lua_(lua), index_(index), place_(std::move(place)), problems_(problems) {}

// Never a metamethod: nothing here runs protected.
void TableShape::push(const char* key) const {
  lua_pushstring(lua_, key);
  lua_rawget(lua_, index_);
}

std::vector<std::string> TableShape::keys() const {
  std::vector<std::string> found;
  lua_pushnil(lua_);
  while (lua_next(lua_, index_) != 0) {
    if (lua_type(lua_, -2) == LUA_TSTRING) found.push_back(text_at(lua_, -2));
    lua_pop(lua_, 1);
  }
  // Lua keeps no order: that of the source, then that of the alphabet.
  const auto position = [&](const std::string& key) {
    if (place_.source == nullptr) return std::size_t{0};
    const auto& fields = place_.source->fields;
    const auto at = std::find_if(fields.begin(), fields.end(),
                                 [&](const auto& field) { return field.key == key; });
    return static_cast<std::size_t>(at - fields.begin());
  };
  std::sort(found.begin(), found.end(), [&](const std::string& a, const std::string& b) {
    return std::pair{position(a), a} < std::pair{position(b), b};
  });
  return found;
}

int TableShape::item_count() const {
  double last = 0;
  int items = 0;
  lua_pushnil(lua_);
  while (lua_next(lua_, index_) != 0) {
    if (lua_type(lua_, -2) == LUA_TNUMBER) {
      last = std::max(last, lua_tonumber(lua_, -2));
      ++items;
    }
    lua_pop(lua_, 1);
  }
  // Each hole is a problem of its own, and [1e9] = … makes a billion of them.
  return static_cast<int>(std::min(last, items + 100.0));
}

void TableShape::allow(const std::vector<std::string>& allowed) {
  for (const std::string& key : keys()) {
    if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
    problem(place_of(key),
            fmt::format("{} has no \"{}\"{}", place_.what, key, text::did_you_mean(key, allowed)),
            fmt::format("It has {}.", text::listed(allowed)));
  }
}

void TableShape::allow_no_items() {
  if (item_count() > 0)
    problem(place_of_item(1), fmt::format("{} needs a name for each value", place_.what));
}

bool TableShape::has(const char* key) const {
  push(key);
  const bool given = !lua_isnil(lua_, -1);
  lua_pop(lua_, 1);
  return given;
}

Place TableShape::place_of(const std::string& key) const {
  Place place{fmt::format("{} of {}", key, place_.what), place_.at, nullptr};
  if (place_.source == nullptr) return place;
  if (const TableSource::Field* field = place_.source->field(key)) {
    place.at.line = field->line;
    place.source = field->table.get();
  }
  return place;
}

Place TableShape::place_of_item(int item) const {
  Place place{fmt::format("item {} of {}", item, place_.what), place_.at, nullptr};
  if (place_.source == nullptr) return place;
  const auto position = static_cast<std::size_t>(item - 1);
  if (position < place_.source->items.size()) {
    place.at.line = place_.source->items[position].line;
    place.source = place_.source->items[position].table.get();
  }
  return place;
}

void TableShape::problem(const Place& place, std::string text, std::string hint) {
  problems_.add(place.at, std::move(text), std::move(hint));
}

void TableShape::wrong(const char* key, const char* expected) {
  push(key);
  problem(place_of(key), fmt::format("{} of {} must be {}, not {}", key, place_.what, expected,
                                     kind_of(lua_, -1)));
  lua_pop(lua_, 1);
}

bool TableShape::with(const char* key, const std::function<void(int, const Place&)>& read) {
  push(key);
  const bool given = !lua_isnil(lua_, -1);
  if (given && !is_stand_in(lua_, -1)) read(lua_gettop(lua_), place_of(key));
  lua_pop(lua_, 1);
  return given;
}

int TableShape::each_item(const std::function<void(int, const Place&)>& read) {
  const int count = item_count();
  for (int item = 1; item <= count; ++item) {
    lua_rawgeti(lua_, index_, item);
    if (lua_isnil(lua_, -1)) {
      problem(place_of_item(item), fmt::format("item {} of {} is nothing", item, place_.what));
    } else if (!is_stand_in(lua_, -1)) {
      read(lua_gettop(lua_), place_of_item(item));
    }
    lua_pop(lua_, 1);
  }
  return count;
}

void TableShape::each_key(const std::function<void(const std::string&, int, const Place&)>& read) {
  for (const std::string& key : keys()) {
    push(key.c_str());
    if (!is_stand_in(lua_, -1)) read(key, lua_gettop(lua_), place_of(key));
    lua_pop(lua_, 1);
  }
}

std::string TableShape::text(const char* key) {
  std::string value;
  with(key, [&](int index, const Place&) {
    if (lua_type(lua_, index) == LUA_TSTRING) {
      value = text_at(lua_, index);
    } else {
      wrong(key, "a string");
    }
  });
  return value;
}

bool TableShape::boolean(const char* key) {
  bool value = false;
  with(key, [&](int index, const Place&) {
    if (lua_isboolean(lua_, index)) {
      value = lua_toboolean(lua_, index) != 0;
    } else {
      wrong(key, "true or false");
    }
  });
  return value;
}

std::optional<int> TableShape::integer(const char* key) {
  std::optional<int> value;
  with(key, [&](int index, const Place&) {
    const double number = lua_type(lua_, index) == LUA_TNUMBER ? lua_tonumber(lua_, index) : 0.5;
    if (number == std::floor(number) && std::fabs(number) < 1e9) {
      value = static_cast<int>(number);
    } else {
      wrong(key, "a whole number");
    }
  });
  return value;
}

std::vector<std::string> TableShape::texts(const char* key) {
  std::vector<std::string> values;
  with(key, [&](int index, const Place& place) {
    if (lua_type(lua_, index) == LUA_TSTRING) {
      values.push_back(text_at(lua_, index));
    } else if (lua_istable(lua_, index)) {
      TableShape list{lua_, index, place, problems_};
      list.allow({});
      list.each_item([&](int item, const Place& at) {
        if (lua_type(lua_, item) == LUA_TSTRING) {
          values.push_back(text_at(lua_, item));
        } else {
          problem(at, fmt::format("{} must be a string, not {}", at.what, kind_of(lua_, item)));
        }
      });
    } else {
      wrong(key, "a string or a list of strings");
    }
  });
  return values;
}

std::map<std::string, std::string> TableShape::text_map(const char* key) {
  std::map<std::string, std::string> values;
  with(key, [&](int index, const Place& place) {
    if (!lua_istable(lua_, index)) return wrong(key, "a table of strings");
    TableShape map{lua_, index, place, problems_};
    map.allow_no_items();
    map.each_key([&](const std::string& name, int value, const Place& at) {
      if (lua_type(lua_, value) == LUA_TSTRING) {
        values[name] = text_at(lua_, value);
      } else {
        problem(at, fmt::format("{} must be a string, not {}", at.what, kind_of(lua_, value)));
      }
    });
  });
  return values;
}

}  // namespace engine::script
