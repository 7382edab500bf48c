#include "cluster/account.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace engine::cluster {

namespace fs = std::filesystem;

Account Account::of_server() {
  Account account;
  if (!process::running_as_root()) return account;
  account.identity_ = process::find_user({"postgres", "nobody"});
  if (!account.identity_) {
    throw Error{
        Code::refused,
        "a PostgreSQL server cannot run as root, and neither user postgres nor user nobody exists"}
        .hint("Create one: useradd --system postgres");
  }
  return account;
}

process::Finished Account::run(const std::vector<std::string>& arguments) const {
  process::Options options;
  options.identity = identity_;
  options.folder = "/";
  options.detached = true;  // a Ctrl-C in the terminal is the engine's, not the server's
  return process::run(arguments, options);
}

unsigned Account::user() const { return identity_ ? identity_->user : geteuid(); }

void Account::own(const std::string& path) const {
  if (!identity_) return;
  const auto give = [&](const fs::path& one) {
    if (lchown(one.c_str(), identity_->user, identity_->group) != 0) {
      throw Error{Code::file, "cannot give {} to the server's user: {}", one.string(),
                  std::strerror(errno)};
    }
  };
  give(path);
  if (!fs::is_directory(fs::symlink_status(path))) return;
  for (const auto& entry : fs::recursive_directory_iterator{path}) give(entry.path());
}

void Account::make_folder(const std::string& path) const {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Error{Code::file, "cannot create the folder {}: {}", path, std::strerror(errno)};
  }
  // Where others can write too (/tmp), somebody may have made it first, or have put a link there.
  struct stat status {};
  const auto is_right = [&](unsigned owner) {
    return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == owner &&
           (status.st_mode & 07777) == 0700;
  };
  if (is_right(user())) return;
  if (!is_right(geteuid())) {
    throw Error{Code::file, "{} is not a private folder of the server's user", path}.hint(
        "Remove it and try again.");
  }
  own(path);
}

bool Account::can_live_in(const std::string& folder) const {
  const std::string probe = fmt::format("{}/probe-{}", folder, getpid());
  bool can = false;
  try {
    make_folder(probe);
    can = run({"/bin/sh", "-c", "cd \"$0\" && : >file && rm file", probe}).status == 0;
  } catch (const Error&) {
    can = false;  // a file system without owners or modes
  }
  std::error_code ignored;
  fs::remove_all(probe, ignored);
  return can;
}

}  // namespace engine::cluster
