#include "cli/plan_command.h"

#include <algorithm>

#include "base/error.h"
#include "base/redactor.h"
#include "base/text.h"
#include "bindings/registry.h"
#include "cli/embedded_server.h"
#include "cli/production.h"
#include "cli/server.h"
#include "runner/inputs.h"
#include "script/plan_loader.h"

namespace engine::cli {
namespace {

/// What --set may answer, as far as the plan's data tell.
std::vector<std::string> names_asked(const runner::Plan& plan) {
  std::vector<std::string> names{"run", "rollback"};
  for (const runner::Input& input : plan.inputs) names.push_back(input.name);
  for (const runner::Step& step : plan.steps) {
    names.push_back(step.id);
    names.push_back(step.id + ":rollback");  // its confirm
  }
  for (const runner::Task& task : plan.tasks) {
    names.push_back(task.id);
    for (const runner::Input& input : task.inputs) names.push_back(input.name);
  }
  return names;
}

/// `_remove_the_backup_now_` of any text: as `ask` makes names of its questions.
std::string as_words(const std::string& text) {
  std::string words = "_";
  for (const char c : text::lower(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word) words += c;
    if (!word && words.back() != '_') words += '_';
  }
  if (words.back() != '_') words += '_';
  return words;
}

/// A misspelt name would silently leave its input at the default. What `ask` asks for is in no
/// list, but its words stand in the plan's text, or in a module's: then nothing known is near.
void refuse_unknown_answers(Context& context, const runner::Plan& plan) {
  const std::vector<std::string> known = names_asked(plan);
  for (const std::string& name : context.answers().flags()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (as_words(plan.source).find(as_words(name)) != std::string::npos) continue;
    if (!text::nearest(name, known)) {
      context.remark(
          fmt::format("warning: --set {}: the plan itself asks for nothing of that name", name));
      continue;
    }
    throw Error{Code::usage, "--set {}: the plan asks for nothing of that name{}", name,
                text::did_you_mean(name, known)}
        .hint("`engine run PLAN --questions` lists what it asks for.");
  }
}

/// Also where this command asks for none of them: what they were given to before may be shown.
void register_secrets(Context& context, const runner::Plan& plan) {
  const auto register_all = [&](const std::vector<runner::Input>& inputs) {
    for (const runner::Input& input : inputs) {
      if (input.type != runner::InputType::secret) continue;
      if (const auto given = context.answers().find(runner::ask_of(input)))
        redactor::add_secret(given->answer);
    }
  };
  register_all(plan.inputs);
  for (const runner::Task& task : plan.tasks) register_all(task.inputs);
}

Opened connected(Server server) {
  db::Connection connection = server.connect();
  return {std::move(server), std::move(connection)};
}

script::LoadOptions load_options(const Context& context) {
  script::LoadOptions options;
  options.primitives = bindings::primitives();
  options.lib_lua = context.options().lib_lua;
  return options;
}

}  // namespace

struct PlanCommand::Loaded {
  script::LoadedPlan loaded;
  std::vector<std::shared_ptr<script::State>> kept;  // of the texts that the journal keeps
  runner::Session* session = nullptr;                // what the states are bound to

  void attach(runner::Session* to) {
    session = to;
    loaded.state->bind(session);
    for (const auto& state : kept) state->bind(session);
  }
  // It is loaded in the middle of a rollback, with the session long there.
  void keep(std::shared_ptr<script::State> state) {
    state->bind(session);
    kept.push_back(std::move(state));
  }
};

PlanCommand::PlanCommand(Context& context, const std::string& path)
    : context_(context), loaded_(new Loaded{script::load_plan(path, load_options(context)), {}}) {
  register_secrets(context_, plan());
  refuse_unknown_answers(context_, plan());
}

PlanCommand::~PlanCommand() = default;

const runner::Plan& PlanCommand::plan() const { return loaded_->loaded.plan; }

int PlanCommand::perform(Purpose purpose, const Work& work) {
  const Chosen chosen = choose_target(context_.options(), context_.project());
  if (purpose == Purpose::changes) guard_production(context_, chosen);
  Opened opened =
      chosen.embedded ? connected(open_embedded(context_, plan())) : open_server(context_, chosen);
  const Server& server = opened.server;

  describe(chosen, server.label);

  runner::Host surroundings = host();
  surroundings.connect = [&server] { return server.connect(); };
  surroundings.connect_briefly = [&server] {
    return server.connect(false, std::chrono::seconds{2});
  };
  return work(plan(), std::move(opened.connection), options, surroundings).exit;
}

int PlanCommand::perform_aside(const std::string& named, const Aside& work) {
  const Chosen chosen = choose_target(context_.options(), context_.project());
  if (!named.empty()) {
    describe(chosen, named);
    return work(plan(), nullptr, options, host()).exit;
  }
  const Server server =
      chosen.embedded ? open_embedded(context_, plan()) : open_server(context_, chosen).server;
  describe(chosen, server.label);
  return work(plan(), &server, options, host()).exit;
}

void PlanCommand::describe(const Chosen& chosen, const std::string& label) {
  options.target = label;
  options.arguments = shell_word(plan().path);
  if (!chosen.arguments.empty()) options.arguments += " " + chosen.arguments;
  options.schema = chosen.environment.journal_schema;
  options.lock_timeout = chosen.environment.lock_timeout;
  options.output_folder = context_.project().output_folder();
  options.assume_yes = context_.options().yes;
}

runner::Host PlanCommand::host() {
  runner::Host host;
  host.prompter = &context_.person();
  host.listener = context_.listener();
  host.attach = [this](runner::Session* session) { loaded_->attach(session); };
  host.reload = [this](const std::string& source) {
    script::LoadOptions again = load_options(context_);
    again.text = source;
    script::LoadedPlan kept = script::load_plan(plan().path, again);
    loaded_->keep(kept.state);
    return kept.plan;
  };
  return host;
}

std::shared_ptr<std::string> declare_plan(CLI::App& command) {
  auto path = std::make_shared<std::string>();
  command.add_option("plan", *path, "the plan's file")->type_name("PLAN")->required();
  return path;
}

}  // namespace engine::cli
