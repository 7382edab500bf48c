#include "base/companion.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/environment.h"
#include "base/error.h"

namespace engine::process {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// How the program begins: with these streams, no signal blocked or ignored, in its own session.
class Beginning {
 public:
  explicit Beginning(int input) {
    posix_spawn_file_actions_init(&streams_);
    posix_spawn_file_actions_adddup2(&streams_, input, STDIN_FILENO);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&streams_, output, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;
  ~Beginning() {
    posix_spawn_file_actions_destroy(&streams_);
    posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* streams() const { return &streams_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t streams_;
  posix_spawnattr_t attributes_;
};

}  // namespace

Companion::Companion(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  // A socket, which tells of a reader that has gone without a signal.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw Error{Code::file, "cannot make a socket: {}", std::strerror(errno)};
  std::vector<std::string> words = arguments;
  std::vector<std::string> variables = environment::of_program({});
  const Beginning beginning{ends[1]};
  const int problem =
      ::posix_spawnp(&child_, words.front().c_str(), beginning.streams(), beginning.attributes(),
                     pointers(words).data(), pointers(variables).data());
  ::close(ends[1]);
  if (problem != 0) {
    ::close(ends[0]);
    throw Error{Code::file, "cannot start {}: {}", words.front(), std::strerror(problem)};
  }
  input_ = ends[0];
}

Companion::~Companion() {
  ::close(input_);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Companion::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::send(input_, text.data(), text.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace engine::process
