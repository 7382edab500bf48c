#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "base/environment.h"
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/embedded_server.h"
#include "cluster/embedded.h"
#include "cluster/installation.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

using cluster::Embedded;

std::string sentence(const cluster::EmbeddedState& state) {
  if (!state.exists) return "This folder has no embedded server.";
  if (!state.running) {
    return fmt::format("PostgreSQL {} in {} is stopped.", state.major, state.data);
  }
  return fmt::format("PostgreSQL {} in {} is running (pid {}, socket in {}).", state.major,
                     state.data, state.pid, state.socket);
}

int show_state(Context& context) {
  const cluster::EmbeddedState state = Embedded{working_folder()}.state();
  if (!context.options().json) {
    context.print(report::shown(sentence(state)) + "\n");
    return 0;
  }
  const nlohmann::ordered_json line{
      {"event", "embedded"},      {"time", time::now()}, {"exists", state.exists},
      {"running", state.running}, {"pid", state.pid},    {"major", state.major},
      {"data", state.data},       {"log", state.log},    {"socket", state.socket}};
  context.print_json(line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
  return 0;
}

int reset(Context& context) {
  Embedded embedded{working_folder()};
  if (!embedded.state().exists) return show_state(context);
  const auto answer = context.person().ask({"reset",
                                            "Remove the embedded server and all its databases?",
                                            event::Ask::Kind::confirm,
                                            {},
                                            {}});
  if (!answer) {
    throw Error{Code::answer_missing, "nobody can confirm that the embedded server may be removed"}
        .hint("Add --yes.");
  }
  if (answer->answer != "yes") throw Error{Code::answer_no, "the embedded server was not removed"};
  embedded.reset();
  context.remark("The embedded server was removed.");
  return 0;
}

std::string find_psql() {
  for (const cluster::Installation& installation : cluster::installations(working_folder())) {
    const std::string beside = installation.bin + "/psql";
    if (access(beside.c_str(), X_OK) == 0) return beside;
  }
  if (const auto program = process::find_program("psql")) return *program;
  throw Error{Code::refused, "psql is not installed on this machine"}.hint(
      "Install postgresql-client.");
}

/// Becomes psql. `arguments` go to it as they are; the first one is the database.
[[noreturn]] void become_psql(const db::Target& target, std::vector<std::string> arguments) {
  const std::string program = find_psql();
  const auto& parameters = target.parameters();
  std::vector<std::string> words{program};
  for (const auto& [flag, keyword] : {std::pair{"--host", "host"},
                                      {"--port", "port"},
                                      {"--username", "user"},
                                      {"--dbname", "dbname"}}) {
    const auto found = parameters.find(keyword);
    if (found != parameters.end()) words.insert(words.end(), {flag, found->second});
  }
  words.insert(words.end(), arguments.begin(), arguments.end());
  // Besides what every program gets: how psql shows, edits and remembers.
  std::vector<std::string> variables = environment::of_program(
      environment::matching({"TERM", "TERMINFO", "COLUMNS", "LINES", "PAGER", "LESS", "EDITOR",
                             "VISUAL", "SHELL", "USER", "LOGNAME", "PSQL*", "INPUTRC"}));
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  };

  // What the engine blocks and ignores would stay so in psql.
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execve(program.c_str(), pointers(words).data(), pointers(variables).data());
  throw Error{Code::file, "cannot start {}", program};
}

int psql(Context& context, std::vector<std::string> arguments) {
  const std::vector<Server> databases = embedded_databases(context);
  if (databases.empty()) {
    throw Error{Code::usage, "the embedded server has no database of a plan yet"}.hint(
        "`engine run PLAN -d embedded` creates one.");
  }
  std::vector<std::string> names;
  for (const Server& server : databases) names.push_back(server.target.parameters().at("dbname"));
  std::size_t wanted = 0;
  const bool named = !arguments.empty() && !arguments.front().starts_with('-');
  if (named) {
    const auto found = std::find(names.begin(), names.end(), arguments.front());
    if (found == names.end()) {
      throw Error{Code::usage, "the embedded server has no database {}{}", arguments.front(),
                  text::did_you_mean(arguments.front(), names)}
          .hint("It has " + text::listed(names) + ".");
    }
    wanted = static_cast<std::size_t>(found - names.begin());
    arguments.erase(arguments.begin());
  } else if (names.size() > 1) {
    throw Error{Code::usage, "the embedded server has {}: which one?",
                text::counted(static_cast<std::int64_t>(names.size()), "database")}
        .hint("`engine db psql NAME`, with " + text::listed(names, "or") + ".");
  }
  become_psql(databases[wanted].target, std::move(arguments));
}

}  // namespace

void declare_db(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* group = root.add_subcommand("db", "the embedded server of this folder");
  group->fallthrough();
  group->require_subcommand(0, 1);
  group->footer(footer({
      "engine db status",
      "engine db psql                          when one plan has a database there",
      "engine db psql add_names -c 'TABLE people'",
      "engine db reset --yes                   remove it; the next run creates a new one",
  }));
  const auto add = [&](const char* name, const char* about) {
    CLI::App* command = group->add_subcommand(name, about);
    command->fallthrough();
    return command;
  };
  commands.push_back(
      {add("start", "start it; create it if it does not exist"), [](Context& context) {
         Embedded{working_folder()}.start();
         return show_state(context);
       }});
  commands.push_back({add("stop", "stop it; keep its data"), [](Context& context) {
                        Embedded{working_folder()}.stop();
                        return show_state(context);
                      }});
  commands.push_back({add("status", "show whether it runs, and where"), show_state});
  CLI::App* psql_command =
      add("psql", "open psql on a plan's database: [DATABASE] [flags of psql]");
  psql_command->fallthrough(false);  // its flags are psql's
  psql_command->prefix_command();
  commands.push_back({psql_command, [psql_command](Context& context) {
                        return psql(context, psql_command->remaining());
                      }});
  commands.push_back({add("reset", "stop it and remove all its databases"), reset});
}

}  // namespace engine::cli
