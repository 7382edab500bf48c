#include "base/process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "base/environment.h"
#include "base/error.h"
#include "base/time.h"

namespace engine::process {
namespace {

constexpr int cannot_start = 127;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
      throw Error{Code::file, "cannot make a pipe: {}", std::strerror(errno)};
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_read();
    close_write();
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read() { close_end(ends_[0]); }
  void close_write() { close_end(ends_[1]); }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

// Between fork and exec only async-signal-safe calls are allowed: everything is prepared before.
[[noreturn]] void become(const Options& options, char* const* arguments, char* const* environment,
                         int in, int out, int err, int report) {
  const auto fail = [&] {
    const int number = errno;
    [[maybe_unused]] const auto written = ::write(report, &number, sizeof number);
    ::_exit(cannot_start);
  };
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  if (options.detached && ::setsid() < 0) fail();
  if (::dup2(in, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 ||
      ::dup2(err, STDERR_FILENO) < 0)
    fail();
  if (options.identity && (::setgroups(0, nullptr) != 0 || ::setgid(options.identity->group) != 0 ||
                           ::setuid(options.identity->user) != 0)) {
    fail();
  }
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) fail();
  ::execvpe(arguments[0], arguments, environment);
  fail();
  ::_exit(cannot_start);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

// True while the pipe is open.
bool drain(int fd, std::string& into) {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

// Reads both outputs until they are closed; false when the time is over.
bool collect(int out, int err, Finished& finished,
             const std::optional<std::chrono::milliseconds>& timeout) {
  const time::Stopwatch watch;
  std::array<pollfd, 2> polled{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    const auto left =
        timeout ? std::max<long>(0, static_cast<long>((*timeout - watch.elapsed()).count())) : -1;
    const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(left));
    if (ready == 0) return false;
    if (polled[0].fd >= 0 && polled[0].revents != 0 && !drain(out, finished.output))
      polled[0].fd = -1;
    if (polled[1].fd >= 0 && polled[1].revents != 0 && !drain(err, finished.errors))
      polled[1].fd = -1;
  }
  return true;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

bool running_as_root() { return ::geteuid() == 0; }

std::optional<Identity> find_user(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (const passwd* entry = ::getpwnam(name.c_str()))
      return Identity{entry->pw_uid, entry->pw_gid};
  }
  return std::nullopt;
}

Finished run(const std::vector<std::string>& arguments, const Options& options) {
  std::vector<std::string> words = arguments;
  std::vector<std::string> variables = environment::of_program(options.environment);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(variables);
  Pipe out, err, report;
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = options.log.empty() ? -1
                                      : ::open(options.log.c_str(),
                                               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (nothing < 0 || (!options.log.empty() && log < 0)) {
    throw Error{Code::file, "cannot open {}: {}", options.log.empty() ? "/dev/null" : options.log,
                std::strerror(errno)};
  }

  const pid_t child = ::fork();
  if (child == 0) {
    become(options, argv.data(), envp.data(), nothing, log >= 0 ? log : out.write_end(),
           log >= 0 ? log : err.write_end(), report.write_end());
  }
  ::close(nothing);
  if (log >= 0) ::close(log);
  if (child < 0)
    throw Error{Code::file, "cannot start {}: {}", arguments.front(), std::strerror(errno)};
  out.close_write();
  err.close_write();
  report.close_write();

  Finished finished;
  int problem = 0;
  const bool failed_to_start =
      ::read(report.read_end(), &problem, sizeof problem) == sizeof problem;
  if (!failed_to_start && !collect(out.read_end(), err.read_end(), finished, options.timeout)) {
    finished.timed_out = true;
    ::kill(child, SIGKILL);
  }
  finished.status = wait_for(child);
  if (failed_to_start)
    throw Error{Code::file, "cannot start {}: {}", arguments.front(), std::strerror(problem)};
  return finished;
}

std::optional<std::string> find_program(const std::string& name) {
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!folders.empty()) {
    const std::size_t end = folders.find(':');
    const auto path = std::filesystem::path{folders.substr(0, end)} / name;
    if (::access(path.c_str(), X_OK) == 0) return path.string();
    folders = end == std::string_view::npos ? std::string_view{} : folders.substr(end + 1);
  }
  return std::nullopt;
}

}  // namespace engine::process
