// The engine as its users have it: a process with arguments, outputs and an exit status.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace test {

struct Surroundings {
  std::string folder;                    // working directory; "": this one
  std::vector<std::string> environment;  // NAME=VALUE, besides what this process has
  std::chrono::seconds timeout{60};      // then SIGKILL, and the status is 137
  std::string program{};                 // "": the engine
};

struct Ended {
  int status = 0;  // exit status, or 128 + signal
  std::string out, err;
  std::string all() const { return out + err; }
};

/// One run of the program. Nothing that names a target is left in its environment (DATABASE_URL,
/// PG…), nor colours; standard input is empty.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, const Surroundings& = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();  // kills it where it still runs

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// What it has written so far.
  std::string out() const;
  std::string err() const;
  /// Until `text` appears in either output; false where it ended or 50 seconds passed before.
  bool says(const std::string& text) const;
  bool running() const;
  Ended wait();

 private:
  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;  // files in memory
  mutable bool ended_ = false;
  mutable int status_ = 0;
  std::chrono::steady_clock::time_point deadline_;
};

/// Runs the program to its end.
Ended run_engine(const std::vector<std::string>& arguments, const Surroundings& = {});

/// The program on a terminal of its own, with somebody typing.
class TerminalProgram {
 public:
  explicit TerminalProgram(const std::vector<std::string>& arguments, const Surroundings& = {});
  TerminalProgram(const TerminalProgram&) = delete;
  TerminalProgram& operator=(const TerminalProgram&) = delete;
  ~TerminalProgram();

  /// Waits until `text` appears in what was not yet waited for; false after 50 seconds.
  bool says(const std::string& text);
  void type(const std::string& text) const;  // "\x03" is Ctrl-C, "\x04" is Ctrl-D
  int wait();                                // the exit status
  pid_t pid() const { return pid_; }
  const std::string& screen() const { return screen_; }

 private:
  bool read_more(std::chrono::milliseconds patience);

  pid_t pid_ = -1;
  int master_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace test
