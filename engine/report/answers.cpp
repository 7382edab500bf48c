#include "report/answers.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace engine::report {
namespace {

constexpr const char* from_flag = "flag";
constexpr const char* from_file = "answers file";

std::optional<std::string> canonical(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

int line_of(const std::string& content, std::size_t byte) {
  const auto end = content.begin() + static_cast<std::ptrdiff_t>(std::min(byte, content.size()));
  return 1 + static_cast<int>(std::count(content.begin(), end, '\n'));
}

/// Of a name of the outermost object; 0 where it is written with escapes of another kind.
int line_of_key(const std::string& content, const std::string& name) {
  const std::string key = nlohmann::json(name).dump();
  int depth = 0, line = 1;
  for (std::size_t at = 0; at < content.size(); ++at) {
    const char c = content[at];
    if (c == '\n') ++line;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') continue;
    std::size_t end = at + 1;
    while (end < content.size() && content[end] != '"') end += content[end] == '\\' ? 2 : 1;
    const std::size_t colon = content.find_first_not_of(" \t\r\n", end + 1);
    const bool is_key = colon != std::string::npos && content[colon] == ':';
    if (depth == 1 && is_key && content.compare(at, end + 1 - at, key) == 0) return line;
    at = end;
  }
  return 0;
}

}  // namespace

void Answers::set(const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    // The text may hold a secret, so only its shape is named.
    if (equals == std::string::npos || equals == 0) {
      throw Error{Code::usage, "--set needs NAME=VALUE"}.hint(
          "Write --set preserve=true, or --set \"Resume session=done\" for a manual step.");
    }
    answers_[setting.substr(0, equals)] = {setting.substr(equals + 1), from_flag};
  }
}

void Answers::read(const std::string& path) {
  if (!file::exists(path))
    throw Error{Code::usage, "answers file {} does not exist", path}.hint(
        "`engine run PLAN --questions` prints one to fill in.");
  const std::string content = file::read(path);
  nlohmann::json object;
  try {
    object = nlohmann::json::parse(content);
  } catch (const nlohmann::json::parse_error& error) {
    throw Error{Code::usage, "the answers file {} is not valid JSON", path}
        .at({path, line_of(content, error.byte)})
        .hint("`engine run PLAN --questions` prints one to fill in.");
  } catch (const nlohmann::json::out_of_range&) {
    throw Error{Code::usage, "the answers file {} contains a number that is too large", path}.hint(
        "Write the number as a string, in quotes.");
  }
  if (!object.is_object()) {
    throw Error{Code::usage, "the answers file {} does not contain a JSON object", path}.hint(
        "`engine run PLAN --questions` prints one to fill in.");
  }
  for (const auto& [name, value] : object.items()) {
    if (name.starts_with('_') || value.is_null()) continue;
    auto text = canonical(value);
    if (!text) {
      throw Error{Code::usage, "the answer to \"{}\" in {} is not a string, a number or a boolean",
                  name, path};
    }
    answers_.try_emplace(name, Answer{std::move(*text), from_file});
    in_file_.push_back({name, {path, line_of_key(content, name)}});
  }
}

std::optional<event::Reply> Answers::find(const event::Ask& ask) const {
  if (const auto answer = answers_.find(ask.name); answer != answers_.end()) {
    return event::Reply{answer->second.value, answer->second.source};
  }
  if (!yes_) return std::nullopt;
  if (ask.kind == event::Ask::Kind::confirm) return event::Reply{"yes", "--yes"};
  if (ask.preset) return event::Reply{*ask.preset, "default"};
  return std::nullopt;
}

std::vector<std::string> Answers::flags() const {
  std::vector<std::string> names;
  for (const auto& [name, answer] : answers_) {
    if (answer.source == from_flag) names.push_back(name);
  }
  return names;
}

}  // namespace engine::report
