#include "preview/shadow_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "approval/recorder.h"
#include "base/error.h"
#include "base/names.h"
#include "runner/runner.h"
#include "shadow/queries.h"
#include "shadow/wanted_keys.h"
#include "trace/tracer.h"

namespace engine::preview {
namespace {

constexpr const char* bare = "bare";
constexpr const char* no_right = "42501";
constexpr int most_passes = 12;  // until no new table is touched
// Faster than through the log where a database has thousands of small files and nothing is synced.
constexpr const char* by_files = " STRATEGY file_copy";

/// Steps of an atomic unit are told when all of them have committed: there was no moment when one
/// stood without those behind it.
const plan::Step& committed_with(const plan::Plan& plan, const plan::Step& step) {
  const bool phase = step.phase >= 0 && plan.phases[static_cast<std::size_t>(step.phase)].atomic;
  const plan::Step* last = &step;
  for (const plan::Step& other : plan.steps) {
    if (&other > last && (plan.atomic || (phase && other.phase == step.phase))) last = &other;
  }
  return *last;
}

/// Did an earlier run finish steps of the plan?
bool finished_before(const ShadowRun& pass) {
  return pass.finished.status == event::Ending::nothing_to_do ||
         std::any_of(pass.events.begin(), pass.events.end(), [](const event::Event& event) {
           const auto* started = std::get_if<event::RunStarted>(&event.body);
           return started != nullptr && started->resumed;
         });
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// As a word of its own.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const std::size_t end = at + from.size();
    const bool whole =
        (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
    if (whole) text.replace(at, from.size(), to);
    at += whole ? to.size() : from.size();
  }
  return text;
}

/// What a person can act on is the target's database, not the one that was made for the preview.
Error of_database(const Error& error, const std::string& made, const std::string& meant) {
  const auto renamed = [&](const std::string& text) { return replaced(text, made, meant); };
  return Error{error.code(), renamed(error.message())}
      .hint(renamed(error.hint()))
      .detail(renamed(error.detail()))
      .at(error.source())
      .statement(error.statement())
      .sqlstate(error.sqlstate())
      .constraint(error.constraint())
      .context(error.context())
      .position(error.position());
}

}  // namespace

std::set<std::string> tables_of(const std::vector<trace::StatementTrace>& statements) {
  std::set<std::string> tables;
  for (const trace::StatementTrace& statement : statements) {
    for (const trace::Lock& lock : statement.locks) tables.insert(lock.table);
  }
  return tables;
}

ShadowRunner::ShadowRunner(const plan::Plan& plan, std::unique_ptr<cluster::ShadowServer> shadow,
                           shadow::ShadowSource& source, const runner::RunOptions& options,
                           const runner::RunEnvironment& host)
    : plan_(plan),
      source_(source),
      options_(options),
      host_(host),
      shadow_(std::move(shadow)),
      remarks_(shadow_->remarks()) {
  options_.assume_yes = true;
  db::Connection connection = db::Connection::open(shadow_->target("postgres"));
  const int major = connection.server_version() / 10000;
  if (source_.major() != 0 && source_.major() != major) {
    remarks_.push_back(fmt::format("the shadow runs PostgreSQL {}, the target PostgreSQL {}", major,
                                   source_.major()));
  }
  source_.make(*shadow_, bare);
  install_tracer();
  roles_ = shadow::Roles::of(connection);
}

void ShadowRunner::install_tracer() {
  try {
    trace::Tracer::install(shadow_->target(bare));
  } catch (const Error& error) {
    if (error.sqlstate() != no_right) throw;
    remark(
        "event triggers need a superuser: the preview does not see what CASCADE drops, table "
        "rewrites, and commands inside functions");
  }
}

void ShadowRunner::remark(const std::string& sentence) {
  if (std::find(remarks_.begin(), remarks_.end(), sentence) == remarks_.end())
    remarks_.push_back(sentence);
}

void ShadowRunner::make_from(const std::string& model, const std::string& database) {
  db::Connection connection = db::Connection::open(shadow_->target("postgres"));
  const std::string name = shadow_->name_of(database);
  connection.execute(fmt::format("CREATE DATABASE {} TEMPLATE {}{}", quote_identifier(name),
                                 quote_identifier(shadow_->name_of(model)),
                                 connection.server_version() >= 150000 ? by_files : ""));
  std::vector<std::string> told_before;
  shadow::copy_database_rights(
      db::Connection::open(shadow_->target(bare)).query(shadow::query("database"), {name}),
      connection, told_before);
  try {
    trace::Tracer::make_talk(connection, name);
  } catch (const Error& error) {
    if (error.sqlstate() != no_right) throw;
    remark("the server's log settings need a superuser: the preview does not see temporary files");
  }
}

void ShadowRunner::copy(const std::string& database) {
  make_from(database_, database);
  database_ = database;
}

void ShadowRunner::make(const std::string& database) {
  make_from(bare, database);
  db::Connection made = db::Connection::open(shadow_->target(database));
  source_.adopt(made);
  database_ = database;
}

// The step that this event tells the end of, where it cannot be undone.
const plan::Step* ShadowRunner::done_for_good(const event::Event& event) const {
  const auto* finished = std::get_if<event::StepFinished>(&event.body);
  if (finished == nullptr || finished->status != event::StepStatus::done) return nullptr;
  for (const plan::Step& step : plan_.steps) {
    const bool impossible = std::holds_alternative<plan::Impossible>(step.rollback);
    if (step.id == finished->step && impossible) return &step;
  }
  return nullptr;
}

ShadowRun ShadowRunner::perform(Command command, const Attention& attention) {
  ShadowRun pass;
  SqlScript* const script = attention.script;
  const db::Target target = shadow_->target(database_, source_.role());
  db::Connection works = db::Connection::open(target);
  std::optional<trace::Tracer> tracer;
  if (attention.witness != nullptr)
    tracer.emplace(shadow_->target(database_), works, options_.schema);
  runner::RunEnvironment host = host_;
  if (script != nullptr)
    works.on_statement([script](const db::Command& sent) { script->hear(sent); });
  host.connect = [target] { return db::Connection::open(target); };
  host.listener = [&](const event::Event& event) {
    if (script != nullptr) script->hear(event);
    if (!tracer || !tracer->hear(event)) pass.events.push_back(event);
    if (const plan::Step* step = attention.witness ? done_for_good(event) : nullptr) {
      pass.kept = step;
      pass.kept_to = committed_with(plan_, *step).id;
      pass.after_kept = picture();
    }
  };
  host.witness = attention.witness;
  if (attention.prompter != nullptr) host.prompter = attention.prompter;
  if (tracer) {
    host.traced = [&](db::Connection& session, const runner::Traced& whose) {
      tracer->look(session, whose);
    };
  }
  runner::RunOptions options = options_;
  options.to = attention.to;
  options.accept_edits = options.accept_edits || attention.copied;
  pass.finished = command(plan_, std::move(works), options, host);
  if (const shadow::TargetReader* reader = source_.reader()) {
    const std::string made = shadow_->name_of(database_);
    const auto name = [&](std::optional<Error>& error) {
      if (error) error = of_database(*error, made, reader->database());
    };
    name(pass.finished.error);
    for (event::Event& event : pass.events) {
      if (auto* step = std::get_if<event::StepFinished>(&event.body)) name(step->error);
    }
  }
  if (tracer) pass.statements = tracer->finish();
  // The runner has answered it for the plan; the preview ends with it.
  if (pass.finished.status == event::Ending::interrupted)
    throw Error{Code::interrupted, "interrupted"};
  return pass;
}

ShadowRun ShadowRunner::run_watched() {
  approval::ApprovalRecorder ledger{plan_, db::Connection::open(shadow_->target(database_)),
                                    options_.schema};
  const auto script = std::make_shared<SqlScript>(plan_, options_);
  Attention attention;
  attention.witness = &ledger;
  attention.script = script.get();
  ShadowRun pass = perform(runner::run, attention);
  pass.script = script;
  pass.approval = ledger.approval();
  return pass;
}

// What the plan touches is known once it has run. Each pass begins anew with the rows that the one
// before asked for; the last one is what the preview tells. The picture of where it began is taken
// before it: roles that the plan makes are there in every database of the server.
ShadowRun ShadowRunner::run_with_rows() {
  std::set<std::string> known;
  std::set<shadow::Shape::Key> known_keys;
  for (int number = 1;; ++number) {
    const bool last = source_.has_all_rows() || number == most_passes;
    if (last || number > 1) before_ = picture(bare);
    make(fmt::format("pass_{}", number));
    ShadowRun pass = run_watched();
    std::set<std::string> touched = tables_of(pass.statements);
    // What a statement that failed had touched is not known, and it may have failed for want of
    // rows; nor is what a rollback touches of steps that an earlier run finished.
    if (pass.finished.status == event::Ending::failed || finished_before(pass)) {
      for (const auto& [table, facts] : source_.facts()) touched.insert(table);
    }
    std::erase_if(touched, [&](const std::string& table) { return !known.insert(table).second; });
    std::vector<shadow::Shape::Key> keys = keys_wanted_by(pass);
    std::erase_if(keys,
                  [&](const shadow::Shape::Key& key) { return !known_keys.insert(key).second; });
    db::Connection connection = db::Connection::open(shadow_->target("postgres"));
    if (last ||
        (touched.empty() && keys.empty() && (before_ || shadow::Roles::of(connection) == roles_)))
      return pass;
    connection.execute("DROP DATABASE " + quote_identifier(shadow_->name_of(database_)));
    roles_.restore(connection);
    source_.add_rows(shadow_->target(bare), touched);
    if (!keys.empty()) source_.add_parents(shadow_->target(bare), keys);
  }
}

std::vector<shadow::Shape::Key> ShadowRunner::keys_wanted_by(const ShadowRun& pass) const {
  if (!pass.finished.error || source_.has_all_rows()) return {};
  db::Connection connection = db::Connection::open(shadow_->target(database_));
  return shadow::wanted_keys(*pass.finished.error, connection);
}

// Nothing but rows came there after it was made: no plan has run in it.
database_state::DatabaseState ShadowRunner::picture_before() {
  if (!before_) before_ = picture(bare);
  return *before_;
}

database_state::DatabaseState ShadowRunner::picture(const std::string& database) const {
  db::Connection connection = db::Connection::open(shadow_->target(database));
  return database_state::read_database_state(connection, options_.schema);
}

}  // namespace engine::preview
