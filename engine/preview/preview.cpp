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
#include "preview/proofs.h"
#include "preview/rules/rule.h"
#include "preview/sample.h"
#include "preview/stage.h"
#include "preview/target/impact.h"
#include "preview/target/prober.h"
#include "preview/telling.h"
#include "preview/trace/words.h"
#include "runner/emitter.h"
#include "runner/runner.h"

namespace engine::preview {
namespace {

using runner::Event;
using runner::RunFinished;

constexpr const char* foreign_key_violation = "23503";

int weight(const std::string& severity) {
  return severity == "danger" ? 3 : severity == "warning" ? 2 : severity == "info" ? 1 : 0;
}

class Course {
 public:
  Course(const runner::Plan& plan, const MakeShadow& make_shadow, Source& source,
         const Options& options, const runner::RunOptions& run_options, const runner::Host& host)
      : plan_(plan),
        source_(source),
        options_(options),
        run_options_(run_options),
        host_(host),
        emitter_(host.listener),
        stage_(plan, make_shadow(), source, run_options, host) {}

  RunFinished go();

 private:
  void tell(const Pass& pass);
  void tell_sample(const Pass& pass, const Picture& before, const std::set<std::string>& sampled);
  std::vector<runner::Finding> find(const Pass& pass, const Picture& before, const Picture& after,
                                    const std::set<std::string>& sampled);
  void approve(const Pass& pass, const Picture& before, const Picture& after);
  RunFinished judge(const Pass& pass, const std::vector<runner::Finding>& findings);

  const runner::Plan& plan_;
  Source& source_;
  const Options& options_;
  const runner::RunOptions& run_options_;
  const runner::Host& host_;
  runner::Emitter emitter_;
  time::Stopwatch watch_;
  Stage stage_;
  Proofs proofs_{plan_, stage_, emitter_, *host_.prompter};
};

bool depends_on_rows(const Error& error) {
  return error.sqlstate() == foreign_key_violation || error.code() == Code::check_failed;
}

void Course::tell(const Pass& pass) {
  for (const Event& event : pass.events) {
    if (const auto* started = std::get_if<runner::RunStarted>(&event.body)) {
      runner::RunStarted told = *started;
      told.mode = runner::Mode::preview;
      host_.listener({event.time, event.run, told});
    } else if (!std::holds_alternative<RunFinished>(event.body)) {
      host_.listener(event);
    }
  }
  for (const std::string& sentence : source_.missing())
    emitter_.emit(runner::NoticeSeen{"", "WARNING", "", "the shadow lacks " + sentence});
  for (const std::string& clause : source_.details())
    emitter_.emit(runner::NoticeSeen{"", "INFO", "", clause});
  if (pass.finished.error && !source_.has_all_rows() && depends_on_rows(*pass.finished.error)) {
    emitter_.emit(runner::NoticeSeen{
        "", "WARNING", "",
        "only some rows of the target are here: what failed for want of the others may hold there "
        "(--rows N takes more)"});
  }
  for (const std::string& sentence : stage_.remarks())
    emitter_.emit(runner::NoticeSeen{"", "WARNING", "", sentence});
}

// The step's own reason goes before the plan's.
std::optional<std::string> accepted_by(const runner::Plan& plan, const runner::Finding& finding) {
  for (const runner::Step& step : plan.steps) {
    if (step.id != finding.step) continue;
    if (const auto own = step.accept.find(finding.rule); own != step.accept.end())
      return own->second;
  }
  if (const auto whole = plan.accept.find(finding.rule); whole != plan.accept.end())
    return whole->second;
  return std::nullopt;
}

// What the plan writes or decides by, of which only some rows are here.
void Course::tell_sample(const Pass& pass, const Picture& before,
                         const std::set<std::string>& sampled) {
  const SampleTold told = told_of_sample(source_, before, sampled, pass.statements);
  if (told.written) proofs_.of_sample();
  if (!told.note.empty()) emitter_.emit(runner::Note{"", told.note});
}

std::vector<runner::Finding> Course::find(const Pass& pass, const Picture& before,
                                          const Picture& after,
                                          const std::set<std::string>& sampled) {
  Facts facts = source_.facts();
  if (facts.empty()) {
    for (const auto& [table, rows] : before.counts) {
      const catalog::Relation* relation = before.relation(table);
      facts[table] = {rows, relation == nullptr ? 0 : relation->bytes, 0};
    }
  }
  Production production;
  std::vector<Probe> probes = questions(before, after, pass.statements);
  if (Reader* target = source_.reader()) {
    production = read_production(*target);
    ask(*target, probes);
  } else {
    probes.clear();  // a fixture's rows are all on the shadow
  }
  source_.release();
  std::map<std::string, std::string> skipped;
  for (const Event& event : pass.events) {
    const auto* step = std::get_if<runner::StepFinished>(&event.body);
    if (step == nullptr) continue;
    if (!step->reason.empty()) {
      skipped[step->step] = step->reason;
    } else if (step->status == runner::StepStatus::skipped) {
      skipped[step->step] = "its condition did not hold";
    }
  }
  std::set<std::string> masked;
  for (const auto& [table, rows] : before.counts) {
    if (source_.is_masked(table)) masked.insert(table);
  }
  const Scene scene{pass.statements, facts,   before,  after, production,
                    probes,          sampled, skipped, masked};
  for (runner::Impact& impact : impacts(scene)) emitter_.emit(std::move(impact));
  for (const Probe& probe : probes) emitter_.emit(told(probe));
  std::vector<runner::Finding> findings = examine(scene);
  // Where backups and retired tables are kept, whose shape is nobody's choice.
  std::erase_if(findings, [&](const runner::Finding& finding) {
    const std::string own = run_options_.schema + "_";
    return finding.relation.find('.') != std::string::npos &&
           (finding.relation.starts_with(own) || finding.relation.starts_with('"' + own));
  });
  for (runner::Finding& finding : findings) {
    if (const auto reason = accepted_by(plan_, finding)) {
      finding.accepted = true;
      finding.reason = *reason;
    }
    emitter_.emit(finding);
  }
  return findings;
}

// What a step outside a transaction locks is known by looking on.
void add_lock(ApprovedStep& step, const Lock& lock) {
  if (strength(lock.mode) < share) return;
  std::string& strongest = step.locks[lock.relation];
  if (strongest.empty() || strength(lock.mode) > strength(strongest)) strongest = lock.mode;
}

void Course::approve(const Pass& pass, const Picture& before, const Picture& after) {
  if (options_.approval == nullptr) return;
  Approval& approval = *options_.approval;
  const std::string engine = approval.engine;
  approval = pass.approval;
  approval.engine = engine;
  add_plan(approval, plan_);
  for (const auto& [step, file] : approval.computed) {
    const Error why = unapproved_file(step, file);
    emitter_.emit(runner::NoticeSeen{"", "WARNING", "",
                                     fmt::format("{}:{}: {}: run --approved refuses it",
                                                 file.at.file, file.at.line, why.message())});
  }
  approval.made = time::now();
  approval.target = run_options_.target;
  const SchemaHashes was = schema_hashes(before), is = schema_hashes(after);
  approval.schema = source_.schema().value_or(was);
  for (const auto& [object, hash] : was) {
    const auto now = is.find(object);
    if (now == is.end() || now->second != hash) approval.changes.insert(object);
  }
  for (const auto& [object, hash] : is) {
    if (!was.contains(object)) approval.changes.insert(object);
  }
  for (const Event& event : pass.events) {
    const auto* step = std::get_if<runner::StepFinished>(&event.body);
    if (step == nullptr) continue;
    if (step->status == runner::StepStatus::done) approval.done.insert(step->step);
    if (step->status == runner::StepStatus::skipped) approval.skipped.insert(step->step);
  }
  for (const StatementTrace& statement : pass.statements) {
    const auto step = approval.steps.find(statement.step);
    if (step == approval.steps.end()) continue;
    for (const Lock& lock : statement.locks) {
      if (!step->second.in_transaction) add_lock(step->second, lock);
      const auto rows = before.counts.find(lock.table);
      if (rows != before.counts.end() && !source_.is_whole(lock.table, rows->second))
        step->second.sampled.insert(lock.table);
    }
  }
}

/// "1 danger and 2 warnings"
std::string found(const std::map<std::string, int>& counts, const std::string& from) {
  std::vector<std::string> words;
  for (const char* severity : {"danger", "warning", "info"}) {
    const int count = counts.at(severity);
    if (count > 0 && weight(severity) >= weight(from))
      words.push_back(severity == std::string_view{"info"} ? fmt::format("{} info", count)
                                                           : text::counted(count, severity));
  }
  return text::listed(words);
}

/// Did a step refuse to go on? A run would end there, too.
bool refuses(const Pass& pass) {
  return std::any_of(pass.events.begin(), pass.events.end(), [](const Event& event) {
    const auto* step = std::get_if<runner::StepFinished>(&event.body);
    return step != nullptr && step->error && step->error->code() == Code::refused;
  });
}

/// Was it the preview that could not begin, for want of an answer, say?
bool was_refused(const Pass& pass) { return pass.finished.status == "refused" && !refuses(pass); }

RunFinished Course::judge(const Pass& pass, const std::vector<runner::Finding>& findings) {
  runner::Verdict verdict;
  verdict.counts = {{"danger", 0}, {"warning", 0}, {"info", 0}, {"accepted", 0}};
  int worst = 0;
  for (const runner::Finding& finding : findings) {
    if (finding.accepted) {
      ++verdict.counts["accepted"];
      continue;
    }
    ++verdict.counts[finding.severity];
    worst = std::max(worst, weight(finding.severity));
  }
  const bool ran = pass.finished.exit == 0 || pass.finished.status == "waiting";
  if (!ran)
    verdict.why.push_back(refuses(pass) ? "it refuses: " + pass.finished.error->message()
                                        : "it does not run to its end");
  for (const std::string& failure : proofs_.failures()) verdict.why.push_back(failure);
  if (options_.fail_on != "never" && worst >= weight(options_.fail_on))
    verdict.why.push_back(found(verdict.counts, options_.fail_on));
  const bool blocked = !verdict.why.empty();
  // From a step on that cannot be undone there is no way back, which is for a person to decide.
  const bool decides = worst >= weight("warning") || pass.kept != nullptr;
  verdict.result = blocked ? "blocked" : decides ? "attention" : "clean";
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
  finished.status = blocked ? "blocked" : "done";
  finished.exit = blocked ? 8 : 0;
  return finished;
}

RunFinished Course::go() {
  const Pass pass = stage_.run_with_rows();
  tell(pass);
  if (was_refused(pass)) return pass.finished;
  const Picture after = stage_.picture();
  const Picture before = stage_.picture_before();

  approve(pass, before, after);
  const std::set<std::string> sampled = sampled_tables(source_, before);
  tell_sample(pass, before, sampled);
  for (runner::EventBody& event : told(pass.statements, before)) emitter_.emit(std::move(event));
  const std::vector<runner::Finding> findings = find(pass, before, after, sampled);
  for (runner::Difference& difference : differences(before, after))
    emitter_.emit(std::move(difference));
  if (pass.finished.exit == 0) {
    proofs_.second_run(after);
    proofs_.rollback(pass, before);
  }
  return judge(pass, findings);
}

}  // namespace

RunFinished preview(const runner::Plan& plan, const MakeShadow& make_shadow, Source& source,
                    const Options& options, const runner::RunOptions& run_options,
                    const runner::Host& host) {
  RunFinished finished;
  const time::Stopwatch watch;
  try {
    Course course{plan, make_shadow, source, options, run_options, host};
    finished = course.go();
  } catch (const Error& error) {
    finished.status = error.code() == Code::interrupted ? "interrupted" : "refused";
    finished.exit = exit_status_of(error.code());
    finished.error = error;
    finished.ms = watch.elapsed().count();
  }
  runner::Emitter{host.listener}.emit(finished);
  return finished;
}

}  // namespace engine::preview
