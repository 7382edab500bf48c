#include "script/sources.h"

#include <algorithm>
#include <charconv>

#include "script/lua.h"

namespace engine::script {
namespace {

// Lua cuts longer chunk names in its messages, and a cut name leads nowhere.
constexpr std::size_t longest_name = 40;

}  // namespace

std::string Sources::add(const std::string& base_name, Chunk chunk) {
  const std::string stem =
      base_name.size() <= longest_name ? base_name : base_name.substr(0, longest_name);
  std::string name = stem;
  for (int number = 2; chunks_.contains(name); ++number) name = fmt::format("{}#{}", stem, number);
  chunks_.emplace(name, std::move(chunk));
  return "@" + name;
}

const Chunk* Sources::find(const std::string& name) const {
  const auto found = chunks_.find(name);
  return found == chunks_.end() ? nullptr : &found->second;
}

Source Sources::at(const std::string& name, int reported_line) const {
  const Chunk* chunk = find(name);
  if (chunk == nullptr) return {};
  const auto first = chunk->first_line_by_last.find(reported_line);
  return {chunk->file, first == chunk->first_line_by_last.end() ? reported_line : first->second};
}

Source Sources::running(lua_State* lua) const {
  Source outside;
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.currentline <= 0 || frame.source == nullptr || frame.source[0] != '@') continue;
    const Chunk* chunk = find(frame.source + 1);
    if (chunk == nullptr) continue;
    const Source here = at(frame.source + 1, frame.currentline);
    if (chunk->plan) return here;
    if (!outside) outside = here;
  }
  return outside;
}

Source Sources::function(lua_State* lua, int index) const {
  lua_pushvalue(lua, index);
  lua_Debug about;
  lua_getinfo(lua, ">S", &about);
  if (about.linedefined < 0 || about.source == nullptr || about.source[0] != '@') return {};
  return at(about.source + 1, std::max(1, about.linedefined));
}

std::optional<Source> Sources::strip_position(std::string& message) const {
  const std::size_t colon = message.find(':');
  if (colon == std::string::npos || !chunks_.contains(message.substr(0, colon)))
    return std::nullopt;
  int line = 0;
  const char* const digits = message.data() + colon + 1;
  const auto [end, problem] = std::from_chars(digits, message.data() + message.size(), line);
  const std::size_t rest = static_cast<std::size_t>(end - message.data());
  if (problem != std::errc{} || message.compare(rest, 2, ": ") != 0) return std::nullopt;
  const Source source = at(message.substr(0, colon), line);
  message.erase(0, rest + 2);
  return source;
}

}  // namespace engine::script
