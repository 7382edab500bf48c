// What a plan may read: files of its project, and lib-lua.
#pragma once

#include <optional>
#include <string>

namespace engine::script {

struct Project {
  std::string root;     // absolute: nothing outside is read
  std::string folder;   // absolute: of the plan's file; relative paths start here
  std::string shown;    // the same as people write it: "plans"
  std::string lib_lua;  // a folder to read lib-lua from; "": what is compiled in

  /// "plans/orders/indexes.sql" for people.
  std::string show(const std::string& path) const;

  /// The nearest folder from `folder` upwards that holds engine.toml or .git; else the working
  /// directory where it lies above; else the folder above, where plans/, examples/ and docs/ stand
  /// side by side.
  static std::string root_of(const std::string& folder);
};

/// A file that the plan names, relative to its folder. Throws Error{file} where there is none,
/// where it is no regular file, or where it lies outside the project, by .. or by a link.
std::string read_project_file(const Project& project, const std::string& path);

/// The absolute path of a file that the plan names. Throws as read_project_file.
std::string project_file(const Project& project, const std::string& path);

/// A file of lib-lua, if it is there.
std::optional<std::string> lib_lua_file(const Project& project, const std::string& name);

}  // namespace engine::script
