#include "cli/server.h"

#include <utility>

#include "base/text.h"
#include "cli/first_line.h"
#include "cli/pooler.h"

namespace engine::cli {
namespace {

std::string of_another_server(const journal::Mark& mark) {
  return fmt::format(
      "note: this database carries the production mark \"{}\" of another server (system identifier "
      "{}, database {}): it is a copy or was moved, so the engine does not treat it as production. "
      "`engine "
      "protect` marks it, `engine protect --off` removes the mark",
      mark.name, mark.server.system_identifier, mark.server.database);
}

}  // namespace

db::Connection Server::connect(bool read_only, std::chrono::seconds patience) const {
  db::Settings settings;
  settings.connect_timeout = patience;
  settings.read_only = read_only;
  return db::Connection::open(target, settings);
}

Opened open_server(Context& context, const Chosen& chosen) {
  Server server{chosen.target, chosen.target.describe()};
  if (chosen.password_in_arguments) {
    context.remark(
        "warning: other users of this machine can read a password in the arguments; give it in "
        "PGPASSWORD or in ~/.pgpass");
  }
  db::Connection connection = server.connect();
  const std::string warning = check_pooler(
      connection, server.target,
      [&server](std::chrono::seconds patience) { return server.connect(false, patience); });
  if (!warning.empty()) context.remark(warning);

  const auto [line, protection] = introduce(connection, chosen);
  server.label = line;
  if (!protection.marked() && !protection.others.empty())
    context.remark(of_another_server(protection.others.front()));
  return {std::move(server), std::move(connection), protection};
}

}  // namespace engine::cli
