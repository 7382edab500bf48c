#include "cli/embedded_server.h"

#include <filesystem>

#include "cluster/embedded.h"
#include "script/project.h"

namespace engine::cli {
namespace {

constexpr const char* databases_query = R"(
SELECT datname AS name
  FROM pg_catalog.pg_database
 WHERE NOT datistemplate AND datallowconn AND datname <> 'postgres'
 ORDER BY datname
)";

std::string label_of(const std::string& database) {
  return database + " on the embedded server (.engine)";
}

std::vector<Server> databases_of(const cluster::Embedded& embedded) {
  db::Connection connection = db::Connection::open(embedded.target("postgres"));
  const db::Result databases = connection.query(databases_query);
  std::vector<Server> servers;
  for (std::size_t row = 0; row < databases.size(); ++row) {
    const std::string& name = databases.text(row, "name");
    servers.push_back({embedded.target(name), label_of(name)});
  }
  return servers;
}

}  // namespace

std::string working_folder() { return std::filesystem::current_path().string(); }

cluster::Fixture read_fixture(const Context& context, const std::string& path) {
  script::Project library;
  library.lib_lua = context.options().lib_lua;
  return cluster::Fixture::read(
      path, [&](const std::string& name) { return script::lib_lua_file(library, name + ".sql"); });
}

Server open_embedded(Context& context, const plan::Plan& plan) {
  cluster::Embedded embedded{working_folder()};
  if (!embedded.state().running) context.remark("Starting the embedded PostgreSQL …");
  embedded.start();
  const db::Target superuser = embedded.target(plan.id);
  Server server{superuser, label_of(plan.id)};
  if (plan.fixture.empty()) {
    server.label += " as its superuser";
    return server;
  }
  const cluster::Fixture fixture = read_fixture(context, plan.fixture);
  const auto made_role = [&](const std::string& role) {
    context.remark("Created role " + role + ", which the fixture names. It cannot log in");
  };
  switch (cluster::load_fixture(superuser, fixture, made_role)) {
    case cluster::FixtureState::loaded:
      context.remark("Loaded " + fixture.path());
      break;
    case cluster::FixtureState::there:
      break;
    case cluster::FixtureState::edited:
      context.remark("warning: " + fixture.path() +
                     " has changed since it was loaded; `engine db reset` makes the next run load "
                     "it again");
      break;
  }
  if (fixture.role().empty()) {
    server.label += " as its superuser";
  } else {
    server.target.set("user", fixture.role());
    server.label += " as " + fixture.role();
  }
  return server;
}

std::vector<Server> embedded_databases(Context& context) {
  cluster::Embedded embedded{working_folder()};
  const cluster::EmbeddedState state = embedded.state();
  if (!state.exists) return {};
  if (!state.running) context.remark("Starting the embedded PostgreSQL …");
  embedded.start();
  return databases_of(embedded);
}

std::optional<Server> embedded_database(const std::string& name) {
  const cluster::Embedded embedded{working_folder()};
  const cluster::EmbeddedState state = embedded.state();
  if (!state.exists) return std::nullopt;
  if (!state.running) throw Error{Code::unreachable, "the embedded server is stopped"};
  for (Server& server : databases_of(embedded)) {
    if (server.label == label_of(name)) return std::move(server);
  }
  return std::nullopt;
}

}  // namespace engine::cli
