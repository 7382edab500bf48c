// engine status: runs and steps on the target; what was edited since; what of a folder is pending.
#include <filesystem>
#include <list>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/embedded_server.h"
#include "cli/lock_holder.h"
#include "cli/plan_command.h"
#include "cli/production.h"
#include "cli/status_folder.h"
#include "cli/status_run.h"
#include "report/layout.h"
#include "report/table.h"

namespace engine::cli {
namespace {

using journal::RunRow;

constexpr int runs_shown = 20;

/// What the words of the command line are.
struct Wanted {
  std::string run, plan, folder;
};

Wanted wanted_of(const std::vector<std::string>& words) {
  namespace fs = std::filesystem;
  Wanted wanted;
  for (const std::string& word : words) {
    std::error_code ignored;
    const bool folder = fs::is_directory(word, ignored);
    if (!folder && word.ends_with('/')) throw Error{Code::usage, "folder {} does not exist", word};
    const bool plan = !folder && (word.ends_with(".lua") || word.find('/') != std::string::npos);
    std::string& place = folder ? wanted.folder : plan ? wanted.plan : wanted.run;
    if (!place.empty()) {
      throw Error{Code::usage, "status takes one {}, not both {} and {}",
                  folder ? "folder"
                  : plan ? "plan"
                         : "run",
                  place, word};
    }
    place = word;
  }
  if (!wanted.folder.empty() && !(wanted.plan.empty() && wanted.run.empty()))
    throw Error{Code::usage, "status takes nothing besides a folder"}.hint(
        "Give the folder, or a run and its plan.");
  return wanted;
}

class Status {
 public:
  Status(Context& context, Wanted wanted)
      : context_(context),
        wanted_(std::move(wanted)),
        chosen_(choose_target(context.options(), context.project())) {
    if (!wanted_.plan.empty()) plan_ = script::load_plan(wanted_.plan, load_options(context));
  }

  int operator()(std::optional<HolderAction> towards) {
    const std::string& schema = chosen_.environment.journal_schema;
    const bool changes = towards && *towards != HolderAction::wait;
    if (chosen_.embedded) {
      if (changes) guard_embedded(context_, chosen_);
      servers_ = embedded_databases(context_);
    } else {
      Opened opened = open_server(context_, chosen_);
      if (changes) guard_production(context_, chosen_, opened);
      servers_.push_back(std::move(opened.server));
    }
    for (const Server& server : servers_) {
      if (towards) {
        db::Connection connection = server.connect();
        treat_holder(context_, connection, schema, *towards);
      }
      StatusReader& reader = readers_.emplace_back(server, schema);
      if (!reader.journal().exists()) readers_.pop_back();
    }
    if (!wanted_.folder.empty()) return show_folder();
    if (!wanted_.run.empty()) return show_run();
    if (plan_) return show_plan();
    return show_all();
  }

 private:
  bool json() const { return context_.options().json; }
  const plan::Plan* plan() const { return plan_ ? &plan_->plan : nullptr; }

  void print_target(const std::string& label) {
    const auto columns = static_cast<std::size_t>(context_.screen().width());
    context_.print(
        text::joined(report::wrap("Target " + report::shown_on_one_line(label), columns), "\n") +
        "\n");
  }

  void print_paragraph(const std::string& text) {
    const auto columns = static_cast<std::size_t>(context_.screen().width());
    context_.print(text::joined(report::wrap(report::shown(text), columns), "\n") + "\n");
  }

  /// Of the commands to type next.
  std::string arguments(const std::string& path) const {
    return shell_word(path) + (chosen_.arguments.empty() ? "" : " " + chosen_.arguments);
  }

  void print(StatusReader& reader, const RunRow& run) {
    const std::string next = plan_ ? arguments(wanted_.plan) : "";
    const report::RunStatus status = reader.describe(run, plan(), next);
    if (json()) {
      context_.print_json(report::status_json(status));
    } else {
      context_.print(
          "\n" + report::status_text(status, context_.screen().paint(), context_.screen().width()));
    }
  }

  int show_run() {
    bool found = false;
    for (StatusReader& reader : readers_) {
      const std::optional<RunRow> run = reader.find(wanted_.run);
      if (!run) continue;
      if (plan_ && run->plan != plan_->plan.id) {
        throw Error{Code::usage,  "run {} is of plan {}, and {} is plan {}",
                    run->id,      run->plan,
                    wanted_.plan, plan_->plan.id};
      }
      found = true;
      if (!json()) print_target(reader.server().label);
      print(reader, *run);
    }
    if (!found) {
      throw Error{Code::usage, "no run {} on this target", wanted_.run}.hint(
          "`engine status` lists the runs.");
    }
    return 0;
  }

  int show_plan() {
    bool found = false;
    for (StatusReader& reader : readers_) {
      const std::optional<RunRow> run = reader.journal().latest(plan_->plan.id);
      if (!run) continue;
      found = true;
      if (!json()) print_target(reader.server().label);
      print(reader, *run);
    }
    if (found || json()) return 0;
    for (const Server& server : servers_) print_target(server.label);
    print_paragraph(fmt::format("Plan {} has not run on this target.", plan_->plan.id));
    context_.print("Next: engine run " + arguments(wanted_.plan) + "\n");
    return 0;
  }

  int show_folder() {
    const std::vector<report::PlanStatus> plans = folder_status(context_, wanted_.folder, readers_);
    std::string labels;
    for (const Server& server : servers_) labels += (labels.empty() ? "" : "; ") + server.label;
    if (json()) {
      for (const std::string& line : text::lines(report::plans_json(labels, plans)))
        context_.print_json(line);
      return folder_exit(plans);
    }
    if (!labels.empty()) print_target(labels);
    context_.print("\n" + report::plans_text(plans, context_.screen().width()));
    print_next(plans);
    return folder_exit(plans);
  }

  /// The first plan that waits for somebody.
  void print_next(const std::vector<report::PlanStatus>& plans) {
    for (const report::PlanStatus& plan : plans) {
      if (plan.state == report::PlanState::renamed) {
        context_.print("\n");
        print_paragraph(
            fmt::format("{} ran under the id {}. Write id = \"{}\" into it. Under its new id, "
                        "`engine run` would run it again from its first step.",
                        plan.path, plan.renamed_from, plan.renamed_from));
        return;
      }
      const bool edited =
          plan.state == report::PlanState::edited || plan.state == report::PlanState::running;
      const bool open = plan.state == report::PlanState::pending ||
                        plan.state == report::PlanState::partly ||
                        plan.state == report::PlanState::rolled_back;
      if (!edited && !open && plan.state != report::PlanState::rolling_back) continue;
      const std::string verb = edited ? "status" : open ? "run" : "rollback";
      context_.print("\nNext: engine " + verb + " " + arguments(plan.path) + "\n");
      return;
    }
  }

  int show_all() {
    bool first = true;
    for (StatusReader& reader : readers_) {
      if (!first && !json()) context_.print("\n");
      first = false;
      show_all_of(reader);
    }
    if (!readers_.empty() || json()) return 0;
    for (const Server& server : servers_) print_target(server.label);
    print_paragraph(fmt::format("No plan has run on this target: it has no journal (schema {}).",
                                chosen_.environment.journal_schema));
    return 0;
  }

  void show_all_of(StatusReader& reader) {
    const std::vector<RunRow> runs = reader.journal().runs(runs_shown);
    if (json()) {
      for (const RunRow& run : runs) print(reader, run);
      return;
    }
    print_target(reader.server().label);
    if (runs.empty()) context_.print("No run yet.\n");
    if (!runs.empty()) {
      print_table(reader, runs);
      // What wants somebody first, then what happened last.
      const std::optional<RunRow> open = reader.journal().unfinished();
      if (open) print(reader, *open);
      if (!open || open->id != runs.front().id) print(reader, runs.front());
    }
    if (runs.empty() || !reader.is_held(runs.front())) {
      if (const auto session = reader.session(nullptr)) {
        context_.print("\n");
        print_paragraph(session->sentence);
      }
    }
  }

  void print_table(const StatusReader& reader, const std::vector<RunRow>& runs) {
    std::vector<std::vector<std::optional<std::string>>> rows;
    for (const RunRow& run : runs) {
      const std::int64_t done = finished_steps(reader.journal().steps(run.id));
      rows.push_back(
          {run.id, run.plan, std::string{name_of(run.status)}, report::status_time(run.started_at),
           run.steps ? fmt::format("{} of {}", done, *run.steps) : std::to_string(done)});
    }
    context_.print("\n" + report::table({"run", "plan", "status", "started (UTC)", "steps done"},
                                        rows, 0, context_.screen().width()));
  }

  Context& context_;
  Wanted wanted_;
  Chosen chosen_;
  std::optional<script::LoadedPlan> plan_;
  std::vector<Server> servers_;
  std::list<StatusReader> readers_;  // of the servers that have a journal
};

}  // namespace

void declare_status(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand("status", "show runs and steps on the target");
  parser->fallthrough();
  parser->footer(footer({
      "engine status --env prod",
      "engine status 20261120-231502-4f7a",
      "engine status plans/add_names.lua       its latest run, and what was edited since",
      "engine status plans/ --env prod         which plans are applied, pending or edited",
      "engine status --wait        wait until the engine that works there has ended",
      "engine status --end         end the session that a killed engine left behind",
  }));
  const auto words = std::make_shared<std::vector<std::string>>();
  const auto wait = std::make_shared<bool>(false);
  const auto cancel = std::make_shared<bool>(false);
  const auto end = std::make_shared<bool>(false);
  parser
      ->add_option("what", *words,
                   "a run (the beginning of its id is enough), its plan, or a folder of plans")
      ->type_name("RUN|PLAN|FOLDER")
      ->expected(0, 2);
  CLI::Option* wait_flag = parser->add_flag("--wait", *wait, "wait until no engine works there");
  CLI::Option* cancel_flag = parser->add_flag(
      "--cancel", *cancel, "cancel the current statement of the engine that works there");
  parser->add_flag("--end", *end, "end the session of the engine that works there")
      ->excludes(wait_flag)
      ->excludes(cancel_flag);
  cancel_flag->excludes(wait_flag);

  commands.push_back({parser, [=](Context& context) {
                        std::optional<HolderAction> towards;
                        if (*wait) towards = HolderAction::wait;
                        if (*cancel) towards = HolderAction::cancel;
                        if (*end) towards = HolderAction::end;
                        return Status{context, wanted_of(*words)}(towards);
                      }});
}

}  // namespace engine::cli
