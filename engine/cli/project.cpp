#include "cli/project.h"

#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/error.h"
#include "base/file.h"
#include "base/redactor.h"
#include "base/text.h"
#include "cli/dotenv.h"

namespace engine::cli {
namespace {

constexpr const char* see_manual = "docs/reference/command-line.md lists the keys of engine.toml.";

/// A table of engine.toml whose keys are read by name; what is left over is an error.
class Section {
 public:
  Section(const toml::table& table, std::string name, std::string path)
      : table_(table), name_(std::move(name)), path_(std::move(path)) {}

  template <typename T>
  void read(const char* key, T& value, const char* type) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<T>();
    if (!found) throw wrong(*node, fmt::format("{}{} is not a {}", name_, key, type));
    value = *found;
  }

  const toml::table* table(const char* key) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) throw wrong(*node, fmt::format("{}{} is not a table", name_, key));
    return node->as_table();
  }

  std::string name_of(const char* key) const { return name_ + key + "."; }
  const std::string& path() const { return path_; }

  void finish() const {
    for (auto&& [key, node] : table_) {
      const std::string name{key.str()};
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      throw wrong(node,
                  fmt::format("unknown key {}{}{}", name_, name, text::did_you_mean(name, known_)));
    }
  }

 private:
  Error wrong(const toml::node& node, const std::string& what) const {
    const int line = static_cast<int>(node.source().begin.line);
    return Error{Code::usage, "{}:{}: {}", path_, line, what}.at({path_, line}).hint(see_manual);
  }

  const toml::table& table_;
  std::string name_;
  std::string path_;
  std::vector<std::string> known_;
};

/// Those of an environment are added to the file's own.
void read_masks(Section& section, const char* key, std::map<std::string, std::string>& masks) {
  const toml::table* table = section.table(key);
  if (table == nullptr) return;
  Section entries{*table, section.name_of(key), section.path()};
  for (auto&& [column, node] : *table) {
    const std::string name{column.str()};
    entries.read(name.c_str(), masks[name], "text");
  }
}

toml::table parse(const std::string& path) {
  try {
    return toml::parse(file::read(path), path);
  } catch (const toml::parse_error& error) {
    // The parser's own words can repeat the line, and with it a password.
    const int line = static_cast<int>(error.source().begin.line);
    throw Error{Code::usage, "{} is not valid TOML at line {}", path, line}
        .at({path, line})
        .hint(see_manual);
  }
}

/// A password put into a URI as it is would be cut at its first @, / or %.
std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view{"-._~"}.find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

bool is_variable_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

Project Project::read(const std::string& folder) {
  Project project;
  project.output_folder_ = file::resolve(folder, "output");
  project.path_ = file::resolve(folder, "engine.toml");
  if (!file::exists(project.path_)) return project;
  const std::string dotenv = file::resolve(folder, ".env");
  if (file::exists(dotenv)) project.dotenv_ = parse_dotenv(file::read(dotenv), dotenv);
  project.read_settings(project.path_);
  project.output_folder_ = file::resolve(folder, project.output_folder_);
  return project;
}

void Project::read_settings(const std::string& path) {
  const toml::table root = parse(path);
  Section top{root, "", path};
  top.read("journal_schema", defaults_.journal_schema, "text");
  top.read("lock_timeout", defaults_.lock_timeout, "text");
  top.read("output_folder", output_folder_, "text");
  read_masks(top, "mask", defaults_.masks);
  const toml::table* environments = top.table("env");
  top.finish();
  if (environments == nullptr) return;
  Section all{*environments, "env.", path};
  for (auto&& [key, node] : *environments) {
    Environment environment = defaults_;
    environment.name = std::string{key.str()};
    Section section{*all.table(environment.name.c_str()), fmt::format("env.{}.", environment.name),
                    path};
    section.read("database", environment.database, "text");
    section.read("password", environment.password, "text");
    section.read("production", environment.production, "boolean (true or false)");
    section.read("lock_timeout", environment.lock_timeout, "text");
    section.read("journal_schema", environment.journal_schema, "text");
    read_masks(section, "mask", environment.masks);
    section.finish();
    environments_.push_back(std::move(environment));
  }
}

Environment Project::environment(const std::string& name) const {
  std::vector<std::string> names;
  for (const Environment& environment : environments_) {
    names.push_back(environment.name);
    if (environment.name != name) continue;
    Environment found = environment;
    const std::string where = fmt::format("env.{} of {}", name, path_);
    found.database = substituted(found.database, where);
    found.password = substituted(found.password, where);
    redactor::add_secret(found.password);
    if (found.database.empty()) {
      throw Error{Code::usage, "{} names no database", where}.hint(
          "Add database = \"postgresql://…\" to it.");
    }
    return found;
  }
  if (environments_.empty()) {
    throw Error{Code::usage, "--env {}: {} defines no environment", name, path_}.hint(fmt::format(
        "Write [env.{}] with database = \"postgresql://…\" into engine.toml in this folder.",
        name));
  }
  throw Error{Code::usage, "--env {}: {} has no such environment{}", name, path_,
              text::did_you_mean(name, names)}
      .hint("It has " + text::listed(names) + ".");
}

std::optional<std::string> Project::variable(const std::string& name) const {
  if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != '\0') {
    return std::string{value};
  }
  const auto found = dotenv_.find(name);
  if (found == dotenv_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string Project::substituted(const std::string& text, const std::string& where) const {
  const bool in_uri = text.starts_with("postgresql://") || text.starts_with("postgres://");
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (!std::string_view{text}.substr(at).starts_with("${")) {
      result += text[at++];
      continue;
    }
    std::size_t end = at + 2;
    while (end < text.size() && is_variable_character(text[end])) ++end;
    if (end == text.size() || text[end] != '}' || end == at + 2) {
      throw Error{Code::usage, "{} contains a ${{ that does not begin ${{NAME}}", where};
    }
    const std::string name = text.substr(at + 2, end - at - 2);
    const auto value = variable(name);
    if (!value) {
      throw Error{Code::usage, "{} uses the variable {}, which is not set", where, name}.hint(
          fmt::format("Set {} in the environment, or in .env beside engine.toml.", name));
    }
    result += in_uri ? percent_encoded(*value) : *value;
    at = end + 1;
  }
  return result;
}

}  // namespace engine::cli
