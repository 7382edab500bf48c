#include "script/sources.h"

#include <algorithm>
#include <charconv>

#include "script/lua.h"

namespace engine::script {
namespace {

// Lua cuts longer chunk names in its messages, and a cut name leads nowhere.
constexpr std::size_t longest_name = 40;

}  // namespace

const Construct* Chunk::construct(const std::string& word, const std::string& title,
                                  int line) const {
  for (const Construct& construct : outline.constructs)
    if (construct.word == word && construct.title == title && construct.call_line == line)
      return &construct;
  return nullptr;
}

std::string Sources::add(const std::string& base_name, std::string file, bool plan,
                         std::string text, std::string module) {
  const std::string stem =
      base_name.size() <= longest_name ? base_name : base_name.substr(0, longest_name);
  std::string name = stem;
  for (int number = 2; chunks_.contains(name); ++number) name = fmt::format("{}#{}", stem, number);
  // The outline points into the text, which must not move afterwards.
  Chunk& chunk = chunks_[name];
  chunk.file = std::move(file);
  chunk.name = name;
  chunk.plan = plan;
  chunk.text = std::move(text);
  chunk.module = std::move(module);
  chunk.outline = outline_of(chunk.text);
  return "@" + name;
}

const Chunk* Sources::find(const std::string& name) const {
  const auto found = chunks_.find(name);
  return found == chunks_.end() ? nullptr : &found->second;
}

const Chunk* Sources::module(const std::string& name) const {
  for (const auto& [chunk_name, chunk] : chunks_)
    if (!name.empty() && chunk.module == name) return &chunk;
  return nullptr;
}

Source Sources::at(const std::string& name, int reported_line) const {
  const Chunk* chunk = find(name);
  if (chunk == nullptr) return {};
  for (const Token& token : chunk->outline.tokens)
    if (token.brackets >= 0 && token.last_line == reported_line) return {chunk->file, token.line};
  return {chunk->file, reported_line};
}

std::optional<Sources::Frame> Sources::frame(lua_State* lua) const {
  std::optional<Frame> outside;
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.currentline <= 0 || frame.source == nullptr || frame.source[0] != '@') continue;
    const Chunk* chunk = find(frame.source + 1);
    if (chunk == nullptr) continue;
    const Frame here{frame.source + 1, frame.currentline};
    if (chunk->plan) return here;
    if (!outside) outside = here;
  }
  return outside;
}

std::optional<Sources::Frame> Sources::frame_of_word(lua_State* lua,
                                                     const std::string& word) const {
  if (auto here = frame(lua)) return here;
  for (const auto& [name, chunk] : chunks_)
    for (const Construct& construct : chunk.outline.constructs)
      if (construct.word == word) return Frame{name, construct.call_line};
  return std::nullopt;
}

Source Sources::running(lua_State* lua) const {
  const auto here = frame(lua);
  return here ? at(here->name, here->line) : Source{};
}

Source Sources::text_position(lua_State* lua, const std::string& text) const {
  const auto here = frame(lua);
  if (!here) return {};
  const Chunk& chunk = *find(here->name);
  for (const Token& token : chunk.outline.tokens)
    if (token.kind == TokenKind::text && token.last_line == here->line && token.value == text)
      return {chunk.file, token.value_line};
  return {chunk.file, here->line};
}

Source Sources::function(lua_State* lua, int index) const {
  lua_pushvalue(lua, index);
  lua_Debug about;
  lua_getinfo(lua, ">S", &about);
  if (about.linedefined < 0 || about.source == nullptr || about.source[0] != '@') return {};
  return at(about.source + 1, std::max(1, about.linedefined));
}

std::optional<Source> Sources::strip_position(std::string& message, bool as_reported) const {
  const std::size_t colon = message.find(':');
  if (colon == std::string::npos || !chunks_.contains(message.substr(0, colon)))
    return std::nullopt;
  int line = 0;
  const char* const digits = message.data() + colon + 1;
  const auto [end, problem] = std::from_chars(digits, message.data() + message.size(), line);
  const std::size_t rest = static_cast<std::size_t>(end - message.data());
  if (problem != std::errc{} || message.compare(rest, 2, ": ") != 0) return std::nullopt;
  const std::string name = message.substr(0, colon);
  const Source source = as_reported ? Source{find(name)->file, line} : at(name, line);
  message.erase(0, rest + 2);
  return source;
}

}  // namespace engine::script
