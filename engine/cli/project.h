// engine.toml and the .env beside it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine::cli {

/// [env.NAME] of engine.toml, with the file's own defaults filled in.
struct Environment {
  std::string name;
  std::string database;  // any libpq URI or key/value string; ${NAME} not yet replaced
  std::string password;
  bool production = false;
  std::string lock_timeout = "3s";
  std::string journal_schema = "engine";
  std::map<std::string, std::string> masks;  // by schema.table.column: what previews see instead
};

class Project {
 public:
  /// Reads FOLDER/engine.toml and FOLDER/.env; both may be missing, and .env counts only beside
  /// engine.toml. Throws Error{usage} naming file, line and nearest known key.
  static Project read(const std::string& folder);

  /// The environment named by --env, its variables replaced. Throws Error{usage} naming the
  /// nearest.
  Environment environment(const std::string& name) const;
  /// All of them, their variables not yet replaced.
  const std::vector<Environment>& environments() const { return environments_; }
  /// What applies to a target that no environment describes.
  const Environment& defaults() const { return defaults_; }
  std::string output_folder() const { return output_folder_; }

  /// From the process's environment, else from .env; an empty value counts as none.
  std::optional<std::string> variable(const std::string& name) const;

 private:
  void read_settings(const std::string& path);
  std::string substituted(const std::string& text, const std::string& where) const;

  std::string path_;
  Environment defaults_;
  std::string output_folder_;
  std::vector<Environment> environments_;
  std::map<std::string, std::string> dotenv_;
};

}  // namespace engine::cli
