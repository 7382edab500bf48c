#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/error.h"

namespace engine::file {
namespace {

namespace fs = std::filesystem;

Error failure(const char* doing, const std::string& path, int number) {
  return Error{Code::file, "cannot {} {}: {}", doing, path, std::strerror(number)};
}

class Descriptor {
 public:
  Descriptor(int fd, const char* doing, const std::string& path) : fd_(fd) {
    if (fd_ < 0) throw failure(doing, path, errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  // Network file systems report a failed write only here.
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

void write_all(const Descriptor& target, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(target.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw failure("write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string read(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const Descriptor source{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK), "read", path};
  struct stat status {};
  if (fstat(source.get(), &status) != 0) throw failure("read", path, errno);
  if (!S_ISREG(status.st_mode)) throw Error{Code::file, "cannot read {}: not a regular file", path};
  if (static_cast<std::size_t>(status.st_size) > limit) {
    throw Error{Code::file, "cannot read {}: it has {} bytes, the limit is {}", path,
                status.st_size, limit};
  }
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(source.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw failure("read", path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

void write(const std::string& path, std::string_view content, unsigned mode) {
  std::string temporary = path + ".XXXXXX";
  Descriptor target{::mkostemp(temporary.data(), O_CLOEXEC), "write", path};
  try {
    write_all(target, content, path);
    if (fchmod(target.get(), static_cast<mode_t>(mode)) != 0 || fsync(target.get()) != 0 ||
        target.close() != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
      throw failure("write", path, errno);
    }
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
  const std::string folder = folder_of(path);
  const Descriptor parent{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "sync",
                          folder};
  if (fsync(parent.get()) != 0 && errno != EINVAL) throw failure("sync", folder, errno);
}

void make_folder(const std::string& path, unsigned mode) {
  std::error_code problem;
  const bool made = fs::create_directories(path, problem);
  if (problem) throw failure("make the folder", path, problem.value());
  if (made) ::chmod(path.c_str(), static_cast<mode_t>(mode));
}

std::string canonical(const std::string& path) {
  std::error_code problem;
  const fs::path result = fs::weakly_canonical(fs::absolute(path), problem);
  if (problem) throw failure("find", path, problem.value());
  return result.string();
}

std::string folder_of(const std::string& path) {
  const fs::path folder = fs::path{path}.parent_path();
  return folder.empty() ? "." : folder.string();
}

std::string resolve(const std::string& folder, const std::string& relative) {
  return (fs::path{folder} / relative).lexically_normal().string();
}

bool is_below(const std::string& path, const std::string& root) {
  const std::string inner = canonical(path);
  const std::string outer = canonical(root);
  return inner == outer || inner.starts_with(outer.ends_with('/') ? outer : outer + '/');
}

}  // namespace engine::file
