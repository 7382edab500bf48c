#include "cli/plan_command.h"

#include <algorithm>

#include "base/error.h"
#include "base/redactor.h"
#include "base/text.h"
#include "bindings/registry.h"
#include "cli/embedded_server.h"
#include "cli/production.h"
#include "cli/server.h"
#include "hazard/rules/rule.h"
#include "report/questions.h"
#include "runner/session/inputs.h"
#include "script/asked.h"
#include "script/plan_loader.h"

namespace engine::cli {
namespace {

/// What may be answered, as far as the plan's data and its text tell.
std::vector<std::string> names_asked(const plan::Plan& plan,
                                     const std::vector<script::Asked>& asked) {
  std::vector<std::string> names{"run", "rollback"};
  for (const plan::Input& input : plan.inputs) names.push_back(input.name);
  for (const plan::Step& step : plan.steps) {
    names.push_back(step.id);
    names.push_back(step.id + ":rollback");  // its confirm
  }
  for (const plan::Task& task : plan.tasks) {
    names.push_back(task.id);
    for (const plan::Input& input : task.inputs) names.push_back(input.name);
  }
  for (const script::Asked& each : asked)
    if (!each.ask.name.empty()) names.push_back(each.ask.name);
  return names;
}

/// Does a question whose name the plan computes have the words of this name?
bool may_be_computed(const script::Sources& sources, const std::string& name) {
  const std::string words = "_" + script::question_name(name) + "_";
  const auto& chunks = sources.chunks();
  return std::any_of(chunks.begin(), chunks.end(), [&](const auto& chunk) {
    return ("_" + script::question_name(chunk.second.text) + "_").find(words) != std::string::npos;
  });
}

/// A misspelt name would silently leave its input at the default.
void refuse_unknown_answers(Context& context, const plan::Plan& plan,
                            const script::Sources& sources) {
  const std::vector<script::Asked> asked = script::asked_by(sources);
  const std::vector<std::string> known = names_asked(plan, asked);
  const bool computes = std::any_of(
      asked.begin(), asked.end(), [](const script::Asked& each) { return each.ask.name.empty(); });
  const auto is_asked = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end() ||
           (computes && may_be_computed(sources, name));
  };
  // One file may serve several plans, so that is no error there.
  for (const report::Answers::InFile& answer : context.answers().in_file()) {
    if (is_asked(answer.name)) continue;
    const std::string place =
        answer.at.line > 0 ? fmt::format("{}:{}", answer.at.file, answer.at.line) : answer.at.file;
    context.remark(fmt::format("warning: {}: the plan has no question or input named \"{}\"{}",
                               place, answer.name, text::did_you_mean(answer.name, known)));
  }
  for (const std::string& name : context.answers().flags()) {
    if (is_asked(name)) continue;
    if (!text::nearest(name, known)) {
      context.remark(fmt::format(
          "warning: --set {}: the plan file has no question or input of that name", name));
      continue;
    }
    throw Error{Code::usage, "--set {}: the plan has no question or input of that name{}", name,
                text::did_you_mean(name, known)}
        .hint("`engine run PLAN --questions` lists its questions.");
  }
}

/// Also where this command asks for none of them: what they were given to before may be shown.
void register_secrets(Context& context, const plan::Plan& plan) {
  const auto register_all = [&](const std::vector<plan::Input>& inputs) {
    for (const plan::Input& input : inputs) {
      if (input.type != plan::InputType::secret) continue;
      if (const auto given = context.answers().find(runner::ask_of(input)))
        redactor::add_secret(given->answer);
    }
  };
  register_all(plan.inputs);
  for (const plan::Task& task : plan.tasks) register_all(task.inputs);
}

Opened connected(Server server) {
  db::Connection connection = server.connect();
  return {std::move(server), std::move(connection)};
}

}  // namespace

script::LoadOptions load_options(const Context& context) {
  script::LoadOptions options;
  options.primitives = bindings::primitives();
  options.hazards = hazard::rule_ids();
  options.lib_lua = context.options().lib_lua;
  return options;
}

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
  refuse_unknown_answers(context_, plan(), loaded_->loaded.state->sources());
}

PlanCommand::~PlanCommand() = default;

const plan::Plan& PlanCommand::plan() const { return loaded_->loaded.plan; }

std::string PlanCommand::questions() const {
  std::vector<report::AskedInPlan> asked;
  for (script::Asked& each : script::asked_by(loaded_->loaded.state->sources()))
    asked.push_back({std::move(each.ask), fmt::format("{}:{}", each.at.file, each.at.line)});
  return report::answers_to_fill_in(plan(), asked);
}

int PlanCommand::perform(Purpose purpose, const Work& work) {
  const Chosen chosen = choose_target(context_.options(), context_.project());
  const bool changes = purpose == Purpose::changes;
  if (chosen.embedded && changes) guard_embedded(context_, chosen);
  Opened opened =
      chosen.embedded ? connected(open_embedded(context_, plan())) : open_server(context_, chosen);
  if (!chosen.embedded && changes) guard_production(context_, chosen, opened);
  const Server& server = opened.server;

  describe(chosen, server.label);

  runner::RunEnvironment surroundings = host();
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

runner::RunEnvironment PlanCommand::host() {
  runner::RunEnvironment host;
  host.prompter = &context_.person();
  host.listener = context_.listener();
  host.attach = [this](runner::Session* session) { loaded_->attach(session); };
  host.reload = [this](const journal::PlanText& text) {
    script::LoadOptions again = load_options(context_);
    again.text = text.source;
    again.files = text.files;
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
