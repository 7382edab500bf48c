#include "preview/preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "event/emitter.h"
#include "hazard/rules/rule.h"
#include "hazard/target/impact.h"
#include "hazard/target/prober.h"
#include "preview/proofs.h"
#include "preview/sample.h"
#include "preview/shadow_runner.h"
#include "preview/trace_events.h"
#include "runner/runner.h"
#include "trace/words.h"

namespace engine::preview {
namespace {

using event::Event;
using event::RunFinished;

constexpr const char* foreign_key_violation = "23503";

class PreviewRun {
 public:
  PreviewRun(const plan::Plan& plan, const MakeShadow& make_shadow, shadow::ShadowSource& source,
             const Options& options, const runner::RunOptions& run_options,
             const runner::RunEnvironment& host)
      : plan_(plan),
        source_(source),
        options_(options),
        run_options_(run_options),
        host_(host),
        emitter_(host.listener),
        stage_(plan, make_shadow(), source, run_options, host) {}

  RunFinished go();

 private:
  void tell(const ShadowRun& pass);
  void tell_sample(const ShadowRun& pass, const database_state::DatabaseState& before,
                   const std::set<std::string>& sampled);
  std::vector<event::Finding> find(const ShadowRun& pass,
                                   const database_state::DatabaseState& before,
                                   const database_state::DatabaseState& after,
                                   const std::set<std::string>& sampled);
  void approve(const ShadowRun& pass, const database_state::DatabaseState& before,
               const database_state::DatabaseState& after);
  RunFinished judge(const ShadowRun& pass, const std::vector<event::Finding>& findings);

  const plan::Plan& plan_;
  shadow::ShadowSource& source_;
  const Options& options_;
  const runner::RunOptions& run_options_;
  const runner::RunEnvironment& host_;
  event::Emitter emitter_;
  time::Stopwatch watch_;
  ShadowRunner stage_;
  Proofs proofs_{plan_, stage_, emitter_, *host_.prompter};
};

bool depends_on_rows(const Error& error) {
  return error.sqlstate() == foreign_key_violation || error.code() == Code::check_failed;
}

void PreviewRun::tell(const ShadowRun& pass) {
  for (const Event& event : pass.events) {
    if (const auto* started = std::get_if<event::RunStarted>(&event.body)) {
      event::RunStarted told = *started;
      told.mode = event::Mode::preview;
      host_.listener({event.time, event.run, told});
    } else if (!std::holds_alternative<RunFinished>(event.body)) {
      host_.listener(event);
    }
  }
  for (const std::string& sentence : source_.missing())
    emitter_.emit(event::NoticeSeen{"", "WARNING", "", "the shadow lacks " + sentence});
  for (const std::string& clause : source_.details())
    emitter_.emit(event::NoticeSeen{"", "INFO", "", clause});
  if (pass.finished.error && !source_.has_all_rows() && depends_on_rows(*pass.finished.error)) {
    emitter_.emit(event::NoticeSeen{"", "WARNING", "",
                                    "the shadow has only some rows of the target: what failed here "
                                    "because rows are missing may succeed there "
                                    "(--rows N takes more)"});
  }
  for (const std::string& sentence : stage_.remarks())
    emitter_.emit(event::NoticeSeen{"", "WARNING", "", sentence});
}

// The step's own reason goes before the plan's.
std::optional<std::string> accepted_by(const plan::Plan& plan, const event::Finding& finding) {
  for (const plan::Step& step : plan.steps) {
    if (step.id != finding.step) continue;
    if (const auto own = step.accept.find(finding.rule); own != step.accept.end())
      return own->second;
  }
  if (const auto whole = plan.accept.find(finding.rule); whole != plan.accept.end())
    return whole->second;
  return std::nullopt;
}

// What the plan writes or decides by, of which only some rows are here.
void PreviewRun::tell_sample(const ShadowRun& pass, const database_state::DatabaseState& before,
                             const std::set<std::string>& sampled) {
  const SampleEvents told = sample_events(source_, before, sampled, pass.statements);
  if (told.written) proofs_.of_sample();
  if (!told.note.empty()) emitter_.emit(event::Note{"", told.note});
}

std::vector<event::Finding> PreviewRun::find(const ShadowRun& pass,
                                             const database_state::DatabaseState& before,
                                             const database_state::DatabaseState& after,
                                             const std::set<std::string>& sampled) {
  shadow::Facts facts = source_.facts();
  if (facts.empty()) {
    for (const auto& [table, rows] : before.counts) {
      const catalog::Relation* relation = before.relation(table);
      facts[table] = {rows, relation == nullptr ? 0 : relation->bytes, 0};
    }
  }
  hazard::Production production;
  std::vector<hazard::Probe> probes = hazard::questions(before, after, pass.statements);
  if (shadow::TargetReader* target = source_.reader()) {
    production = hazard::read_production(*target);
    ask(*target, probes);
  } else {
    probes.clear();  // a fixture's rows are all on the shadow
  }
  source_.release();
  std::map<std::string, std::string> skipped;
  for (const Event& event : pass.events) {
    const auto* step = std::get_if<event::StepFinished>(&event.body);
    if (step == nullptr) continue;
    if (!step->reason.empty()) {
      skipped[step->step] = step->reason;
    } else if (step->status == event::StepStatus::skipped) {
      skipped[step->step] = "its condition was not met";
    }
  }
  std::set<std::string> masked;
  for (const auto& [table, rows] : before.counts) {
    if (source_.is_masked(table)) masked.insert(table);
  }
  const hazard::RuleContext scene{pass.statements, facts,   before,  after, production,
                                  probes,          sampled, skipped, masked};
  for (event::Impact& impact : hazard::impacts(scene)) emitter_.emit(std::move(impact));
  for (const hazard::Probe& probe : probes) emitter_.emit(probe_event(probe));
  std::vector<event::Finding> findings = hazard::examine(scene);
  // Where backups and retired tables are kept, whose shape is nobody's choice.
  std::erase_if(findings, [&](const event::Finding& finding) {
    const std::string own = run_options_.schema + "_";
    return finding.relation.find('.') != std::string::npos &&
           (finding.relation.starts_with(own) || finding.relation.starts_with('"' + own));
  });
  for (event::Finding& finding : findings) {
    if (const auto reason = accepted_by(plan_, finding)) {
      finding.accepted = true;
      finding.reason = *reason;
    }
    emitter_.emit(finding);
  }
  return findings;
}

// What a step outside a transaction locks is known by looking on.
void add_lock(approval::ApprovedStep& step, const trace::Lock& lock) {
  if (trace::strength(lock.mode) < trace::share) return;
  std::string& strongest = step.locks[lock.relation];
  if (strongest.empty() || trace::strength(lock.mode) > trace::strength(strongest))
    strongest = lock.mode;
}

void PreviewRun::approve(const ShadowRun& pass, const database_state::DatabaseState& before,
                         const database_state::DatabaseState& after) {
  if (options_.approval == nullptr) return;
  approval::Approval& approval = *options_.approval;
  const std::string engine = approval.engine;
  approval = pass.approval;
  approval.engine = engine;
  approval::add_plan(approval, plan_);
  for (const auto& [step, file] : approval.computed) {
    const Error why = approval::unapproved_file(step, file);
    emitter_.emit(event::NoticeSeen{"", "WARNING", "",
                                    fmt::format("{}:{}: {}: run --approved refuses it",
                                                file.at.file, file.at.line, why.message())});
  }
  approval.made = time::now();
  approval.target = run_options_.target;
  const database_state::SchemaHashes was = database_state::schema_hashes(before),
                                     is = database_state::schema_hashes(after);
  approval.schema = source_.schema().value_or(was);
  for (const auto& [object, hash] : was) {
    const auto now = is.find(object);
    if (now == is.end() || now->second != hash) approval.changes.insert(object);
  }
  for (const auto& [object, hash] : is) {
    if (!was.contains(object)) approval.changes.insert(object);
  }
  for (const Event& event : pass.events) {
    const auto* step = std::get_if<event::StepFinished>(&event.body);
    if (step == nullptr) continue;
    if (step->status == event::StepStatus::done) approval.done.insert(step->step);
    if (step->status == event::StepStatus::skipped) approval.skipped.insert(step->step);
  }
  for (const trace::StatementTrace& statement : pass.statements) {
    const auto step = approval.steps.find(statement.step);
    if (step == approval.steps.end()) continue;
    for (const trace::Lock& lock : statement.locks) {
      if (!step->second.in_transaction) add_lock(step->second, lock);
      const auto rows = before.counts.find(lock.table);
      if (rows != before.counts.end() && !source_.is_whole(lock.table, rows->second))
        step->second.sampled.insert(lock.table);
    }
  }
}

/// "1 danger and 2 warnings"
std::string found(const std::map<std::string, int>& counts, event::Severity from) {
  std::vector<std::string> words;
  for (const auto severity :
       {event::Severity::danger, event::Severity::warning, event::Severity::info}) {
    const std::string name{name_of(severity)};
    const int count = counts.at(name);
    if (count == 0 || severity < from) continue;
    words.push_back(severity == event::Severity::info ? fmt::format("{} info", count)
                                                      : text::counted(count, name));
  }
  return text::listed(words);
}

/// Did a step refuse to go on? A run would end there, too.
bool refuses(const ShadowRun& pass) {
  return std::any_of(pass.events.begin(), pass.events.end(), [](const Event& event) {
    const auto* step = std::get_if<event::StepFinished>(&event.body);
    return step != nullptr && step->error && step->error->code() == Code::refused;
  });
}

/// Was it the preview that could not begin, for want of an answer, say?
bool was_refused(const ShadowRun& pass) {
  return pass.finished.status == event::Ending::refused && !refuses(pass);
}

RunFinished PreviewRun::judge(const ShadowRun& pass, const std::vector<event::Finding>& findings) {
  event::Verdict verdict;
  verdict.counts = {{"danger", 0}, {"warning", 0}, {"info", 0}, {"accepted", 0}};
  std::optional<event::Severity> worst;
  for (const event::Finding& finding : findings) {
    if (finding.accepted) {
      ++verdict.counts["accepted"];
      continue;
    }
    ++verdict.counts[std::string{name_of(finding.severity)}];
    worst = std::max(worst, std::optional{finding.severity});
  }
  const bool ran =
      pass.finished.exit == Exit::done || pass.finished.status == event::Ending::waiting;
  if (!ran)
    verdict.why.push_back(refuses(pass) ? "it refuses: " + pass.finished.error->message()
                                        : "the plan does not run to its end");
  for (const std::string& failure : proofs_.failures()) verdict.why.push_back(failure);
  if (options_.fail_on && worst >= options_.fail_on)
    verdict.why.push_back(found(verdict.counts, *options_.fail_on));
  const bool blocked = !verdict.why.empty();
  // From a step on that cannot be undone there is no way back, which is for a person to decide.
  const bool decides = worst >= event::Severity::warning || pass.kept != nullptr;
  verdict.result = blocked   ? event::VerdictKind::blocked
                   : decides ? event::VerdictKind::attention
                             : event::VerdictKind::clean;
  if (options_.approval != nullptr) options_.approval->verdict = verdict.result;
  emitter_.emit(verdict);
  if (options_.sql != nullptr && options_.approval != nullptr)
    *options_.sql = pass.script->text(*options_.approval, source_.role());

  RunFinished finished = pass.finished;
  finished.ms = watch_.elapsed().count();
  finished.undo.clear();
  const std::string arguments = run_options_.arguments + run_options_.run_flags;
  finished.next =
      blocked ? "engine preview " + arguments + options_.flags : "engine run " + arguments;
  if (was_refused(pass)) return finished;
  finished.status = blocked ? event::Ending::blocked : event::Ending::done;
  finished.exit = blocked ? Exit::findings : Exit::done;
  return finished;
}

RunFinished PreviewRun::go() {
  const ShadowRun pass = stage_.run_with_rows();
  tell(pass);
  if (was_refused(pass)) return pass.finished;
  const database_state::DatabaseState after = stage_.picture();
  const database_state::DatabaseState before = stage_.picture_before();

  approve(pass, before, after);
  const std::set<std::string> sampled = sampled_tables(source_, before);
  tell_sample(pass, before, sampled);
  for (event::EventBody& event : trace_events(pass.statements, before))
    emitter_.emit(std::move(event));
  const std::vector<event::Finding> findings = find(pass, before, after, sampled);
  for (event::Difference& difference : database_state::differences(before, after))
    emitter_.emit(std::move(difference));
  if (pass.finished.exit == Exit::done) {
    proofs_.second_run(after);
    proofs_.rollback(pass, before);
  }
  return judge(pass, findings);
}

}  // namespace

RunFinished preview(const plan::Plan& plan, const MakeShadow& make_shadow,
                    shadow::ShadowSource& source, const Options& options,
                    const runner::RunOptions& run_options, const runner::RunEnvironment& host) {
  RunFinished finished;
  const time::Stopwatch watch;
  try {
    PreviewRun course{plan, make_shadow, source, options, run_options, host};
    finished = course.go();
  } catch (const Error& error) {
    finished.status =
        error.code() == Code::interrupted ? event::Ending::interrupted : event::Ending::refused;
    finished.exit = exit_status_of(error.code());
    finished.error = error;
    finished.ms = watch.elapsed().count();
  }
  event::Emitter{host.listener}.emit(finished);
  return finished;
}

}  // namespace engine::preview
