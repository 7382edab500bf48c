// A temporary folder that goes with its scope.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/file.h"

namespace test {

class Folder {
 public:
  Folder() {
    std::string name = "/tmp/engine-test.XXXXXX";
    path_ = mkdtemp(name.data());
    std::filesystem::permissions(path_, std::filesystem::perms{0755});
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// Makes the folders that the name has in front, too.
  void write(const std::string& name, const std::string& content) const {
    engine::file::make_folder(engine::file::folder_of(file(name)));
    engine::file::write(file(name), content);
  }

 private:
  std::string path_;
};

/// An environment variable for one scope; nullptr unsets it.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = getenv(name)) {
      before_ = before;
      had_ = true;
    }
    value != nullptr ? setenv(name, value, 1) : unsetenv(name);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { had_ ? setenv(name_, before_.c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::string before_;
  bool had_ = false;
};

}  // namespace test
