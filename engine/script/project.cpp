#include "script/project.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <span>

#include "base/embedded.h"
#include "base/error.h"
#include "base/file.h"

namespace engine::script {

extern const std::span<const EmbeddedFile> lib_lua;

namespace {

constexpr std::size_t largest_file = 64u << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

Error outside(const std::string& path) {
  return Error{Code::file, "{} is outside the project", path}.hint(
      "A plan can read only files of its own project.");
}

/// Opens a path below a folder; the kernel refuses .. and links that lead out. O_NONBLOCK: a FIFO
/// would wait for its writer.
int open_beneath(int root, const std::string& relative, const std::string& shown) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto opened = syscall(SYS_openat2, root, relative.c_str(), &how, sizeof how);
  if (opened >= 0) return static_cast<int>(opened);
  if (errno == EXDEV) throw outside(shown);
  return -1;
}

/// Where the kernel has no openat2, or a container forbids it: links followed, then compared.
int open_compared(const std::string& root, const std::string& path, const std::string& shown) {
  if (!file::is_below(path, root)) throw outside(shown);
  return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

std::string read_all(int descriptor, const std::string& shown) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))
    throw Error{Code::file, "{} is not a regular file", shown};
  if (static_cast<std::size_t>(about.st_size) > largest_file)
    throw Error{Code::file, "{} is larger than {} MB", shown, largest_file >> 20};
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = read(descriptor, text.data() + size, text.size() - size);
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

}  // namespace

std::string Project::show(const std::string& path) const {
  return shown.empty() || path.starts_with('/') ? path : shown + "/" + path;
}

std::string Project::root_of(const std::string& folder) {
  for (std::string above = folder; above.size() > 1; above = file::folder_of(above))
    if (file::exists(above + "/engine.toml") || file::exists(above + "/.git")) return above;
  const std::string here = file::canonical(".");
  return file::is_below(folder, here) ? here : file::folder_of(folder);
}

std::string read_project_file(const Project& project, const std::string& path) {
  if (path.find('\0') != std::string::npos) throw Error{Code::file, "a path contains a NUL byte"};
  const std::string absolute = file::resolve(project.folder, path);
  const std::string shown = project.show(path);
  const std::string below = project.root.ends_with('/') ? project.root : project.root + "/";
  if (!absolute.starts_with(below)) throw outside(shown);
  const Descriptor root{open(project.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  int opened = open_beneath(root.number(), absolute.substr(below.size()), shown);
  if (opened < 0 && (errno == ENOSYS || errno == EPERM))
    opened = open_compared(project.root, absolute, shown);
  if (opened < 0) throw Error{Code::file, "file {} does not exist", shown};
  const Descriptor descriptor{opened};
  return read_all(descriptor.number(), shown);
}

std::string project_file(const Project& project, const std::string& path) {
  read_project_file(project, path);
  return file::resolve(project.folder, path);
}

std::optional<std::string> lib_lua_file(const Project& project, const std::string& name) {
  if (!project.lib_lua.empty()) {
    const std::string path = project.lib_lua + "/" + name;
    if (!file::exists(path)) return std::nullopt;
    return file::read(path);
  }
  for (const EmbeddedFile& embedded : lib_lua)
    if (embedded.path == name) return std::string{embedded.text};
  return std::nullopt;
}

}  // namespace engine::script
