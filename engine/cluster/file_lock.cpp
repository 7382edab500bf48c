#include "cluster/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"

namespace engine::cluster {
namespace {

/// Has the file been removed, or made again, since it was opened?
bool replaced(int fd, const std::string& path) {
  struct stat held {};
  struct stat there {};
  if (fstat(fd, &held) != 0) return true;
  return stat(path.c_str(), &there) != 0 || held.st_ino != there.st_ino ||
         held.st_dev != there.st_dev;
}

// O_CLOEXEC: a server that is started meanwhile must not inherit the lock and keep it.
int open_file(const std::string& path) {
  return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

}  // namespace

FileLock::FileLock(const std::string& path) : path_(path) {
  using namespace std::chrono_literals;
  for (;;) {
    file::make_folder(file::folder_of(path));  // a reset may have removed it meanwhile
    fd_ = open_file(path);
    if (fd_ < 0) throw Error{Code::file, "cannot open the lock {}: {}", path, std::strerror(errno)};
    while (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      const int number = errno;
      if (number != EWOULDBLOCK && number != EINTR) {
        ::close(fd_);
        throw Error{Code::file, "cannot take the lock {}: {}", path, std::strerror(number)};
      }
      if (interrupt::requested()) ::close(fd_);
      interrupt::check();
      std::this_thread::sleep_for(20ms);
    }
    if (!replaced(fd_, path)) return;
    ::close(fd_);
  }
}

std::unique_ptr<FileLock> FileLock::if_free(const std::string& path) {
  const int fd = open_file(path);
  if (fd < 0) return nullptr;
  struct stat status {};
  const bool own = fstat(fd, &status) == 0 && status.st_uid == geteuid();
  if (!own || flock(fd, LOCK_EX | LOCK_NB) != 0 || replaced(fd, path)) {
    ::close(fd);
    return nullptr;
  }
  return std::unique_ptr<FileLock>{new FileLock{path, fd}};
}

void FileLock::remove() { ::unlink(path_.c_str()); }

FileLock::~FileLock() { ::close(fd_); }

}  // namespace engine::cluster
