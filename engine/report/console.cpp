#include "report/console.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/interrupt.h"
#include "base/last_act.h"
#include "base/redactor.h"

namespace engine::report {
namespace {

/// Signals are handled by a thread of their own, so no read here ever ends with EINTR: the
/// interruption arrives on a descriptor instead.
class Bell {
 public:
  Bell()
      : descriptor_(eventfd(0, EFD_CLOEXEC)),
        reaction_([this] { eventfd_write(descriptor_, 1); }) {}
  ~Bell() { close(descriptor_); }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  interrupt::Reaction reaction_;
};

class Silence {
 public:
  Silence(int terminal, bool wanted)
      : terminal_(terminal),
        active_(wanted && tcgetattr(terminal, &before_) == 0),
        end_([this] { restore(); }) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  ~Silence() { restore(); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  void restore() const {
    if (active_) tcsetattr(terminal_, TCSAFLUSH, &before_);
  }

  termios before_{};
  int terminal_;
  bool active_;
  interrupt::LastAct end_;
};

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // a terminal that has gone gives end of input below
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Console::Console(Screen& screen) : screen_(screen) {
  if (isatty(STDIN_FILENO) != 1) return;
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  opened_ = terminal >= 0;
  input_ = opened_ ? terminal : STDIN_FILENO;
  output_ = opened_ ? terminal : STDERR_FILENO;
}

Console::~Console() {
  if (opened_) close(input_);
}

int Console::width() const {
  constexpr int widest = 110;
  return std::min(Sink{output_}.width(), widest);
}

void Console::say(const std::string& text) {
  const Screen::Hold hold{screen_};
  write_all(output_, redactor::redact(text));
}

std::optional<std::string> Console::ask(const std::string& question, bool echo) {
  const Screen::Hold hold{screen_};
  const Bell bell;
  const Silence silence{input_, !echo};
  // What was typed before the question stood there answers nothing.
  tcflush(input_, TCIFLUSH);
  write_all(output_, redactor::redact(question));
  std::string line;
  for (;;) {
    interrupt::check();
    pollfd waits[] = {{input_, POLLIN, 0}, {bell.descriptor(), POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 && errno != EINTR) return std::nullopt;
    if (waits[1].revents != 0) {
      write_all(output_, "\n");
      interrupt::check();
    }
    if (waits[0].revents == 0) continue;
    char byte = 0;
    const ssize_t got = read(input_, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      write_all(output_, "\n");
      return std::nullopt;
    }
    if (byte == '\n') return line;
    line += byte;
  }
}

}  // namespace engine::report
