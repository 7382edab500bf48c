#include "support/limited.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>

namespace test {
namespace {

struct Task {
  const std::function<void()>& work;
  std::string result;
};

void* run(void* argument) {
  Task& task = *static_cast<Task*>(argument);
  try {
    task.work();
    task.result = "ended";
  } catch (const std::exception& error) {
    task.result = std::string{"threw: "} + error.what();
  }
  return nullptr;
}

[[noreturn]] void run_in_child(std::size_t kilobytes, const std::function<void()>& work, int out) {
  Task task{work, {}};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kilobytes * 1024);
  pthread_t thread{};
  if (pthread_create(&thread, &attributes, run, &task) != 0) _exit(2);
  pthread_join(thread, nullptr);
  const bool written = write(out, task.result.data(), task.result.size()) >= 0;
  _exit(written ? 0 : 2);
}

}  // namespace

std::string with_stack(std::size_t kilobytes, const std::function<void()>& work) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) run_in_child(kilobytes, work, pipe[1]);
  close(pipe[1]);
  std::string result;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = read(pipe[0], buffer.data(), buffer.size())) > 0;)
    result.append(buffer.data(), static_cast<std::size_t>(got));
  close(pipe[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return result;
}

}  // namespace test
