#include "cluster/shadow.h"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>

#include "base/error.h"
#include "cluster/template.h"
#include "cluster/watchdog.h"

namespace engine::cluster {
namespace {

namespace fs = std::filesystem;

// In memory where there is much of it: a cluster is a thousand small files, made and removed, which
// takes a disk ten times as long. Not TMPDIR: the server's user may not reach it, and a socket's
// path may have 107 bytes.
constexpr const char* memory = "/dev/shm";
constexpr const char* disk = "/tmp";
constexpr std::uintmax_t room_wanted = std::uintmax_t{4} << 30;
constexpr std::string_view lock_suffix = ".lock";

// Statistics of parallel workers would be missing from the session's own, and autovacuum's locks
// are nobody's of the plan.
constexpr const char* settings =
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c jit=off"
    " -c max_parallel_workers_per_gather=0 -c max_parallel_maintenance_workers=0"
    " -c max_locks_per_transaction=1024 -c shared_buffers=64MB -c max_wal_size=256MB";

std::string name_prefix() { return fmt::format("engine-shadow-{}-", Account::of_server().user()); }

/// A container's memory may be less than what its file system promises; few give that much of it.
const char* parent() {
  std::error_code unknown;
  const fs::space_info space = fs::space(memory, unknown);
  return !unknown && space.available >= room_wanted && access(memory, W_OK) == 0 ? memory : disk;
}

std::string new_folder() {
  std::random_device random;
  return fmt::format("{}/{}{:08x}", parent(), name_prefix(), random());
}

Server server_in(const std::string& folder) {
  return Server{{folder + "/data", folder + "/log", folder + "/socket", settings},
                Account::of_server()};
}

std::unique_ptr<FileLock> lock_of(const std::string& folder) {
  auto lock = FileLock::if_free(folder + std::string{lock_suffix});
  if (!lock) throw Error{Code::file, "cannot create the lock of the shadow {}", folder};
  return lock;
}

void remove_server(const std::string& folder, const Installation& installation) {
  if (server_in(folder).pid()) {
    // Nothing of it is kept: a checkpoint would be work for nothing.
    Account::of_server().run({installation.bin + "/pg_ctl", "stop", "--pgdata=" + folder + "/data",
                              "--mode=immediate", "--wait", "--silent", "--timeout=30"});
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

/// The lock of a shadow ends with its engine.
void remove_orphans(const Installation& installation, const char* parent) {
  const std::string prefix = name_prefix();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{parent, ignored}) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(lock_suffix)) continue;
    const auto lock = FileLock::if_free(entry.path().string());
    if (!lock) continue;
    const std::string path = entry.path().string();
    remove_server(path.substr(0, path.size() - lock_suffix.size()), installation);
    lock->remove();
  }
}

}  // namespace

Shadow::Shadow(const Installation& installation)
    : installation_(installation),
      folder_(new_folder()),
      lock_(lock_of(folder_)),
      server_(server_in(folder_)) {
  watch(folder_);
  for (const char* parent : {memory, disk}) remove_orphans(installation_, parent);
  try {
    const Account account = Account::of_server();
    account.make_folder(folder_);
    make_cluster(installation_, account, folder_ + "/data");
    server_.start(installation_);
  } catch (const Error& error) {
    remove_server(folder_, installation_);
    lock_->remove();
    throw Error{error.code(), "the shadow of PostgreSQL {} does not start: {}",
                installation_.version, error.message()}
        .detail(error.detail())
        .hint(fmt::format(
            "The shadow is in {} while a preview runs. Check that the disk has free space.",
            folder_));
  }
}

Shadow::~Shadow() {
  remove_server(folder_, installation_);
  lock_->remove();
}

db::Target Shadow::target(const std::string& database, const std::string& role) const {
  db::Target target = server_.target(database);
  if (!role.empty()) target.set("user", role);
  return target;
}

}  // namespace engine::cluster
