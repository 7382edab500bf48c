// A file in memory, for readers that take a path.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(const std::string& content) : file_(memfd_create("fuzz", MFD_CLOEXEC)) {
    for (std::size_t at = 0; at < content.size();) {
      const ssize_t written = write(file_, content.data() + at, content.size() - at);
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(file_); }

  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace fuzz
