// Where a test lets the program write: a file in memory, or a terminal of a given width.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace test {

class MemoryFile {
 public:
  MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  int descriptor() const { return descriptor_; }
  std::string text() const;

 private:
  int descriptor_;
};

class PseudoTerminal {
 public:
  explicit PseudoTerminal(unsigned short columns);
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;
  ~PseudoTerminal();

  int descriptor() const { return slave_; }
  /// Everything written so far; nothing can be written afterwards.
  std::string text();

 private:
  int master_ = -1, slave_ = -1;
  std::string text_;
  std::thread reader_;
};

}  // namespace test
