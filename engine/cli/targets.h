// Which database a command speaks to.
#pragma once

#include <string>

#include "cli/options.h"
#include "cli/project.h"
#include "db/target.h"

namespace engine::cli {

struct Chosen {
  bool embedded = false;
  db::Target target;        // of an embedded one: set when its server runs
  std::string name;         // of the environment; "" where none was named
  std::string origin;       // "--database", "DATABASE_URL" …
  std::string arguments;    // the flags that choose it again, without a password
  Environment environment;  // its settings
  bool password_in_arguments = false;
};

/// In this order: --database, --env, DATABASE_URL, PGHOST, PGHOSTADDR, PGSERVICE or PGDATABASE,
/// else the embedded target. Throws Error{usage}.
Chosen choose_target(const Options& options, const Project& project);

constexpr const char* embedded_name = "embedded";  // as an address: the server of this folder

/// What an environment leads to, with its password. Throws Error{usage}.
db::Target target_of(const Environment& environment);

/// A connection string as one word of a shell, without its secrets.
std::string address_word(const std::string& address);

/// The text as one word of a shell.
std::string shell_word(const std::string& text);

}  // namespace engine::cli
