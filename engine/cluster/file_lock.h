// A lock between processes of one machine, that ends with its process.
#pragma once

#include <memory>
#include <string>

namespace engine::cluster {

class FileLock {
 public:
  /// Makes the file and its folder where they are missing and waits for the lock; an interruption
  /// ends the wait.
  explicit FileLock(const std::string& path);
  /// Without waiting: nullptr where another process has it, or the file is not this user's.
  static std::unique_ptr<FileLock> if_free(const std::string& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  /// Removes the file too: whoever waits for it notices, and makes it again.
  void remove();

 private:
  FileLock(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::string path_;
  int fd_ = -1;
};

}  // namespace engine::cluster
