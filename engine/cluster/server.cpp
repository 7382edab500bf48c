#include "cluster/server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/shm.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/time.h"
#include "cluster/template.h"
#include "db/connection.h"

namespace engine::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 60s;

/// Asks until it holds; false when patience is over. An interruption ends the wait.
template <typename Predicate>
bool await(std::chrono::milliseconds limit, Predicate holds) {
  const time::Stopwatch watch;
  while (!holds()) {
    if (watch.elapsed() > limit) return false;
    interrupt::check();
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// Of postmaster.pid, or of the lock beside a socket: both begin with the server's process.
std::vector<std::string> lock_file_lines(const std::string& path) {
  try {
    return text::lines(file::read(path));
  } catch (const Error&) {
    return {};
  }
}

int number(const std::string& digits) { return std::atoi(digits.c_str()); }

bool exists(int pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

/// Was the process started with this data folder? A zombie has no command line; a process that was
/// given the number of an earlier server has another one. /proc/PID/cwd would say it too, but not
/// to root in a container.
bool serves(int pid, const std::string& data) {
  if (!exists(pid)) return false;
  std::ifstream file{fmt::format("/proc/{}/cmdline", pid), std::ios::binary};
  if (!file) return !file::exists("/proc/self/cmdline");
  const std::string arguments{std::istreambuf_iterator<char>{file}, {}};
  return (std::string{'\0'} + arguments).find(std::string{'\0'} + data + '\0') != std::string::npos;
}

/// Do processes of an earlier server still have its shared memory? The last number of
/// postmaster.pid's seventh line.
bool memory_in_use(const std::vector<std::string>& lines) {
  if (lines.size() < 7) return false;
  const auto words = lines[6];
  const auto blank = words.find_last_of(' ');
  if (blank == std::string::npos) return false;
  shmid_ds segment{};
  return shmctl(number(words.substr(blank)), IPC_STAT, &segment) == 0 && segment.shm_nattch > 0;
}

}  // namespace

std::string Server::pid_file() const { return place_.data + "/postmaster.pid"; }

std::optional<int> Server::pid() const {
  const auto lines = lock_file_lines(pid_file());
  const int pid = lines.empty() ? 0 : number(lines.front());
  if (!serves(pid, place_.data)) return std::nullopt;
  return pid;
}

std::string Server::refusal() const {
  try {
    db::Connection::open(target("postgres"));
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

db::Target Server::target(const std::string& database) const {
  db::Target target;
  target.set("host", place_.socket)
      .set("port", "5432")
      .set("user", superuser)
      .set("dbname", database);
  target.set("hostaddr", "").set("options", "");
  return target;
}

// PostgreSQL removes the files of a server that is gone, but takes any process of the same number
// and user for it: after a restart of the machine that can be another one, and a killed server
// stays a zombie until somebody waits for it.
void Server::remove_stale_locks() const {
  // The processes of a killed server need a moment to notice.
  if (!await(10s, [&] { return pid() || !memory_in_use(lock_file_lines(pid_file())); })) return;
  for (const std::string& path : {pid_file(), place_.socket + "/.s.PGSQL.5432.lock"}) {
    const auto lines = lock_file_lines(path);
    if (!lines.empty() && !serves(number(lines.front()), place_.data)) ::unlink(path.c_str());
  }
}

void Server::start(const Installation& installation) const {
  account_.make_folder(place_.socket);
  // pg_ctl's shell appends to it as the server's user.
  const int log =
      ::open(place_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (log >= 0) ::close(log);
  account_.own(place_.log);

  const std::string options = fmt::format(
      "-c listen_addresses= -c unix_socket_directories={} -c unix_socket_permissions=0700 -c "
      "port=5432"
      " -c log_timezone=UTC -c timezone=UTC -c cluster_name=engine {}",
      place_.socket, place_.settings);
  // An engine that was killed while it started one may have left a start on its way, which wins.
  constexpr int tries = 4;
  std::string refused;
  for (int i = 1; i <= tries; ++i) {
    if (!pid()) {
      remove_stale_locks();
      account_.run({installation.bin + "/pg_ctl", "start", "--pgdata=" + place_.data,
                    "--log=" + place_.log, "--options=" + options, "--wait", "--silent",
                    fmt::format("--timeout={}", patience.count())});
    }
    const bool decided = await(patience, [&] {
      refused = refusal();
      return refused.empty() || !pid();
    });
    if (decided && refused.empty()) return;
    if (!decided) break;
    if (i < tries) std::this_thread::sleep_for(500ms);
  }
  throw Error{Code::unreachable, "the embedded server of PostgreSQL {} does not start",
              installation.version}
      .detail(log_end() + "\n" + refused)
      .hint(fmt::format("Read {}. engine db reset removes the server with its data.", place_.log));
}

void Server::stop(const Installation& installation) const {
  for (const char* mode : {"--mode=fast", "--mode=immediate"}) {
    const auto running = pid();
    if (!running) return;
    account_.run({installation.bin + "/pg_ctl", "stop", "--pgdata=" + place_.data, mode, "--wait",
                  "--silent", "--timeout=30"});
    if (await(2s, [&] { return !serves(*running, place_.data); })) return;
  }
  throw Error{Code::refused, "the embedded server (process {}) does not stop", pid().value_or(0)}
      .hint(fmt::format("See {}.", place_.log));
}

std::string Server::log_end() const {
  constexpr std::size_t shown = 12;
  try {
    auto lines = text::lines(file::read(place_.log));
    if (lines.size() > shown) lines.erase(lines.begin(), lines.end() - shown);
    return text::joined(lines, "\n");
  } catch (const Error&) {
    return "";
  }
}

}  // namespace engine::cluster
