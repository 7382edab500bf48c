#include "report/sink.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/interrupt.h"
#include "base/redactor.h"

namespace engine::report {

void Sink::write(std::string_view text) {
  if (!failure_.empty()) return;
  const std::string redacted = redactor::redact(text);
  std::string_view left = redacted;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // someone else made the shared terminal non-blocking
      pollfd ready{descriptor_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      failure_ = std::strerror(errno);
      if (lost_ == Lost::ends_run) interrupt::request();
      return;
    }
  }
}

bool Sink::terminal() const { return isatty(descriptor_) == 1; }

bool Sink::same_as(const Sink& other) const {
  struct stat mine {
  }, theirs{};
  return fstat(descriptor_, &mine) == 0 && fstat(other.descriptor_, &theirs) == 0 &&
         mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino;
}

int Sink::width() const {
  constexpr int without_terminal = 100;
  winsize size{};
  if (ioctl(descriptor_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return without_terminal;
  return size.ws_col;
}

}  // namespace engine::report
