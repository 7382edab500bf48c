#include "cli/last_runs.h"

#include "cli/embedded_server.h"
#include "cli/server.h"
#include "cli/targets.h"
#include "journal/journal.h"

namespace engine::cli {
namespace {

void read(db::Connection& connection, const std::string& schema, const plan::Plan& plan,
          LastRuns& runs) {
  const auto journal = journal::Journal::open(connection, schema, true);
  for (const plan::Task& task : plan.tasks) {
    if (auto run = journal.latest(plan.id + ":" + task.id)) runs.of.emplace(task.id, *run);
  }
}

}  // namespace

LastRuns last_runs(Context& context, const plan::Plan& plan) {
  const Chosen chosen = choose_target(context.options(), context.project());
  const std::string& schema = chosen.environment.journal_schema;
  LastRuns runs;
  try {
    if (chosen.embedded) {
      if (const std::optional<Server> server = embedded_database(plan.id)) {
        db::Connection connection = server->connect(true);
        read(connection, schema, plan, runs);
      }
    } else {
      db::Connection connection = open_server(context, chosen).connection;
      read(connection, schema, plan, runs);
    }
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    runs = {{}, error.message()};
  }
  return runs;
}

}  // namespace engine::cli
