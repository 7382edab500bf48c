#include "cluster/template.h"

#include <locale.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

namespace engine::cluster {
namespace {

namespace fs = std::filesystem;

// What sorts and folds as hosted databases do, where the platform has it.
std::string cluster_locale() {
  const locale_t found = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
  if (found == nullptr) return "C";
  freelocale(found);
  return "C.UTF-8";
}

std::optional<std::string> cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string{cache} + "/engine";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string{home} + "/.cache/engine";
  return std::nullopt;
}

// Another build of the same version may want another layout: its path is part of the name.
std::string template_name(const Installation& installation) {
  const std::string identity =
      installation.version + installation.bin + cluster_locale() + superuser;
  return fmt::format("template-{}-{}", installation.version, hash::sha256(identity).substr(0, 8));
}

void copy_tree(const std::string& from, const std::string& to) {
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  fs::permissions(to, fs::perms::owner_all);
}

// Not synced to disk: a machine that fails within seconds loses a cluster that holds nothing yet.
void run_initdb(const Installation& installation, const Account& account, const std::string& data) {
  account.make_folder(data);
  const process::Finished finished = account.run(
      {installation.bin + "/initdb", "--pgdata=" + data, std::string{"--username="} + superuser,
       "--auth=trust", "--encoding=UTF8", "--locale=" + cluster_locale(), "--no-sync"});
  if (finished.status != 0) {
    throw Error{Code::refused, "initdb of PostgreSQL {} failed", installation.version}.detail(
        text::trimmed(finished.errors));
  }
}

/// Best effort: without a template the next cluster costs an initdb. Two at once make two copies;
/// the first rename wins.
void keep_template(const std::string& data, const std::string& path) {
  const std::string own = fmt::format("{}.{}", path, getpid());
  std::error_code ignored;
  try {
    file::make_folder(file::folder_of(path), 0700);
    copy_tree(data, own);
    fs::rename(own, path, ignored);
  } catch (const std::exception&) {
    // No room, or no right to write there.
  }
  fs::remove_all(own, ignored);
}

bool copy_template(const std::optional<std::string>& path, const std::string& data,
                   const Account& account) {
  if (!path || !file::exists(*path + "/PG_VERSION")) return false;
  try {
    copy_tree(*path, data);
  } catch (const fs::filesystem_error&) {
    std::error_code ignored;
    fs::remove_all(data, ignored);  // it may be removed while it is read
    return false;
  }
  account.own(data);
  return true;
}

}  // namespace

void make_cluster(const Installation& installation, const Account& account,
                  const std::string& data) {
  remove_unfinished(data);
  const std::string unfinished = fmt::format("{}.new-{}", data, getpid());
  const auto cache = cache_folder();
  const auto path =
      cache ? std::optional{*cache + "/" + template_name(installation)} : std::nullopt;
  if (!copy_template(path, unfinished, account)) {
    try {
      run_initdb(installation, account, unfinished);
    } catch (const Error&) {
      remove_unfinished(data);
      throw;
    }
    if (path) keep_template(unfinished, *path);
  }
  fs::rename(unfinished, data);
}

void remove_unfinished(const std::string& data) {
  const std::string prefix = fs::path{data}.filename().string() + ".new-";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{file::folder_of(data), ignored}) {
    if (entry.path().filename().string().starts_with(prefix)) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace engine::cluster
