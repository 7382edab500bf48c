#include "support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>
#include <string_view>

extern char** environ;  // NOLINT

namespace test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto patience = 50s;  // for a text to appear

bool names_a_target(std::string_view variable) {
  return variable.starts_with("PG") || variable.starts_with("DATABASE_URL=") ||
         variable.starts_with("NO_COLOR=");
}

std::vector<std::string> environment_with(const std::vector<std::string>& additions) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!names_a_target(*variable)) variables.emplace_back(*variable);
  }
  // A later one would be hidden by an earlier one of the same name.
  variables.insert(variables.begin(), additions.begin(), additions.end());
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

[[noreturn]] void become(std::vector<char*>& arguments, std::vector<char*>& environment,
                         const std::string& folder) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  if (!folder.empty() && chdir(folder.c_str()) != 0) _exit(126);
  execve(arguments[0], arguments.data(), environment.data());
  _exit(127);
}

std::vector<std::string> command_line(const std::vector<std::string>& arguments,
                                      const std::string& program) {
  std::vector<std::string> words{program.empty() ? ENGINE_PROGRAM : program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

int exit_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string content(int file) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0;
       (got = pread(file, buffer.data(), buffer.size(), static_cast<off_t>(text.size()))) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const Surroundings& surroundings)
    : out_(memfd_create("out", MFD_CLOEXEC)),
      err_(memfd_create("err", MFD_CLOEXEC)),
      deadline_(Clock::now() + surroundings.timeout) {
  std::vector<std::string> words = command_line(arguments, surroundings.program);
  std::vector<std::string> variables = environment_with(surroundings.environment);
  auto word_pointers = pointers(words);
  auto variable_pointers = pointers(variables);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(out_, STDOUT_FILENO);
    dup2(err_, STDERR_FILENO);
    setsid();  // no terminal to ask
    become(word_pointers, variable_pointers, surroundings.folder);
  }
}

Program::~Program() {
  if (running()) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(out_);
  close(err_);
}

void Program::signal(int number) const { kill(pid_, number); }
std::string Program::out() const { return content(out_); }
std::string Program::err() const { return content(err_); }

bool Program::running() const {
  if (ended_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = true;
  status_ = exit_status(status);
  return false;
}

bool Program::says(const std::string& text) const {
  const auto give_up = Clock::now() + patience;
  for (;;) {
    const bool goes_on = running();
    if ((out() + err()).find(text) != std::string::npos) return true;
    if (!goes_on || Clock::now() > give_up) return false;
    std::this_thread::sleep_for(5ms);
  }
}

Ended Program::wait() {
  while (running()) {
    if (Clock::now() > deadline_) kill(pid_, SIGKILL);
    std::this_thread::sleep_for(2ms);
  }
  return {status_, out(), err()};
}

Ended run_engine(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  return Program{arguments, surroundings}.wait();
}

TerminalProgram::TerminalProgram(const std::vector<std::string>& arguments,
                                 const Surroundings& surroundings)
    : deadline_(Clock::now() + surroundings.timeout) {
  std::vector<std::string> words = command_line(arguments, surroundings.program);
  std::vector<std::string> variables = environment_with(surroundings.environment);
  auto word_pointers = pointers(words);
  auto variable_pointers = pointers(variables);
  winsize size{40, 100, 0, 0};
  pid_ = forkpty(&master_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty");
  if (pid_ == 0) become(word_pointers, variable_pointers, surroundings.folder);
}

TerminalProgram::~TerminalProgram() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(master_);
}

bool TerminalProgram::read_more(std::chrono::milliseconds wait) {
  pollfd ready{master_, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return true;
  std::array<char, 4096> buffer{};
  const ssize_t got = read(master_, buffer.data(), buffer.size());
  if (got <= 0) return false;  // the other side has gone
  screen_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool TerminalProgram::says(const std::string& text) {
  const auto give_up = Clock::now() + patience;
  for (bool open = true;;) {
    const std::size_t at = screen_.find(text, seen_);
    if (at != std::string::npos) {
      seen_ = at + text.size();
      return true;
    }
    if (!open || Clock::now() > give_up) return false;
    open = read_more(50ms);
  }
}

void TerminalProgram::type(const std::string& text) const {
  if (write(master_, text.data(), text.size()) < 0) throw std::runtime_error("write");
}

int TerminalProgram::wait() {
  while (read_more(50ms)) {
    if (Clock::now() > deadline_) kill(pid_, SIGKILL);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return exit_status(status);
}

}  // namespace test
