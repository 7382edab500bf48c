// A target that answers.
#pragma once

#include <string>

#include "cli/context.h"
#include "cli/targets.h"
#include "db/connection.h"
#include "journal/protection.h"

namespace engine::cli {

struct Server {
  db::Target target;
  std::string label;  // as the first line of every run names it: "app on db:5432 as me (env prod)"

  db::Connection connect(bool read_only = false,
                         std::chrono::seconds patience = db::Settings{}.connect_timeout) const;
};

struct Opened {
  Server server;
  db::Connection connection;  // the one that was looked at: another costs a far server's patience
  journal::Protection protection = {};
};

/// The server of a target that is not embedded. Says where it came from when nobody named it on the
/// command line, warns of what is unsafe, refuses a pooler that shares sessions. Throws
/// Error{unreachable}.
Opened open_server(Context& context, const Chosen& chosen);

}  // namespace engine::cli
