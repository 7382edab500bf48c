#include "cli/server.h"

#include <utility>

#include "cli/pooler.h"

namespace engine::cli {
namespace {

constexpr const char* am_i_superuser = R"(
SELECT rolsuper AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user
)";

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
        "warning: a password in the arguments can be read by other users of this machine; give it "
        "in PGPASSWORD or in ~/.pgpass");
  }
  db::Connection connection = server.connect();
  const std::string warning = check_pooler(
      connection, server.target,
      [&server](std::chrono::seconds patience) { return server.connect(false, patience); });
  if (!warning.empty()) context.remark(warning);

  const db::Result self = connection.query(am_i_superuser);
  if (self.boolean(0, "superuser")) server.label += " (superuser)";
  if (!chosen.name.empty()) {
    server.label += ", env " + chosen.name;
  } else if (chosen.origin != "--database") {
    server.label += ", from " + chosen.origin;
  }
  return {std::move(server), std::move(connection)};
}

}  // namespace engine::cli
