#include "report/outputs.h"

#include <pty.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace test {

MemoryFile::MemoryFile() : descriptor_(memfd_create("output", MFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::runtime_error("memfd_create");
}

MemoryFile::~MemoryFile() { close(descriptor_); }

std::string MemoryFile::text() const {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = pread(descriptor_, buffer.data(), buffer.size(),
                                     static_cast<off_t>(text.size()))) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

PseudoTerminal::PseudoTerminal(unsigned short columns) {
  winsize size{24, columns, 0, 0};
  if (openpty(&master_, &slave_, nullptr, nullptr, &size) != 0) throw std::runtime_error("openpty");
  termios settings{};
  tcgetattr(slave_, &settings);
  settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);  // no carriage returns of its own
  tcsetattr(slave_, TCSANOW, &settings);
  reader_ = std::thread{[this] {
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(master_, buffer.data(), buffer.size())) > 0;) {
      text_.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }};
}

std::string PseudoTerminal::text() {
  close(slave_);  // the reader then gets EIO once it has read everything
  slave_ = -1;
  reader_.join();
  return text_;
}

PseudoTerminal::~PseudoTerminal() {
  if (slave_ >= 0) close(slave_);
  if (reader_.joinable()) reader_.join();
  close(master_);
}

}  // namespace test
