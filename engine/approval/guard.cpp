#include "approval/guard.h"

#include <fmt/format.h>

#include <algorithm>

#include "approval/approval_check.h"
#include "approval/lock_watch.h"
#include "approval/sent.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

namespace engine::approval {
namespace {

constexpr std::size_t most_named = 20;

std::string as_detail(std::vector<std::string> sentences) {
  if (sentences.size() < 2) return "";
  const std::size_t all = sentences.size();
  sentences.resize(std::min(all, most_named));
  if (all > most_named) sentences.push_back(fmt::format("and {} more", all - most_named));
  return text::joined(sentences, "\n");
}

}  // namespace

ApprovalGuard::ApprovalGuard(const plan::Plan& plan, Surroundings surroundings)
    : plan_(plan),
      surroundings_(std::move(surroundings)),
      saved_(read_saved(surroundings_.path)),
      measure_(surroundings_.journal) {
  compare_plan();
}

Error ApprovalGuard::refusal(const std::string& message) const {
  return Error{Code::unapproved, "{}", message}.hint(
      fmt::format("Preview the plan again, read the preview, and approve it: {} -o {}",
                  surroundings_.again, surroundings_.path));
}

/// Of work that left what was approved.
Error ApprovalGuard::excess(const std::string& how, const std::vector<std::string>& steps) const {
  std::set<std::string> tables;
  for (const std::string& id : steps) {
    const auto step = saved_.approval.steps.find(id);
    if (step != saved_.approval.steps.end())
      tables.insert(step->second.sampled.begin(), step->second.sampled.end());
  }
  if (tables.empty()) return refusal(how);
  return refusal(how).hint(fmt::format(
      "The shadow had only some rows of {}. Preview the plan again with all rows, read the "
      "preview, and approve it: {} --rows N -o {}",
      text::listed({tables.begin(), tables.end()}), surroundings_.again, surroundings_.path));
}

void ApprovalGuard::refuse(const std::string& message) const {
  if (!message.empty()) throw refusal(message);
}

void ApprovalGuard::compare_plan() const {
  const Approval& approval = saved_.approval;
  if (approval.plan != plan_.id) {
    throw refusal(fmt::format("{} is a preview of plan {}, but this is plan {}", surroundings_.path,
                              approval.plan, plan_.id));
  }
  if (!approval.verdict || approval.verdict == event::VerdictKind::blocked) {
    throw refusal(
        fmt::format("{} is a blocked preview, which approves nothing", surroundings_.path));
  }
  if (approval.engine != surroundings_.engine) {
    throw refusal(fmt::format("engine {} previewed the plan, but this is engine {}",
                              approval.engine, surroundings_.engine));
  }
  for (const auto& [step, file] : approval.computed) throw unapproved_file(step, file);
  if (approval.checksum == plan_.checksum) return;
  for (const plan::Step& step : plan_.steps) {
    const auto known = approval.step_checksums.find(step.id);
    if (known == approval.step_checksums.end())
      throw refusal(fmt::format("step \"{}\" was added after the preview", step.title));
    if (known->second != step.checksum)
      throw refusal(fmt::format("step \"{}\" was edited after the preview", step.title));
  }
  for (const auto& [id, checksum] : approval.step_checksums) {
    const bool there = std::any_of(plan_.steps.begin(), plan_.steps.end(),
                                   [&id = id](const plan::Step& step) { return step.id == id; });
    if (!there) throw refusal(fmt::format("step \"{}\" was removed after the preview", id));
  }
  throw refusal(
      "the plan was edited after the preview: its header, a task, a module or the order of its "
      "steps");
}

void ApprovalGuard::begins(db::Connection& works, const runner::Beginning& run) {
  refuse(changed_input(saved_.approval, plan_, run.inputs));
  refuse(changed_answers(saved_.approval, run.questions));
  works.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const database_state::SchemaHashes now = database_state::schema_hashes(measure_.begin(works));
  works.rollback();
  prints_alike_ =
      saved_.approval.server == works.server_version() / 10000 &&
      saved_.approval.role == works.query("SELECT current_user AS role").text(0, "role");
  continued_ = run.continued;
  if (changed_schema(saved_.approval, now, false).empty()) return;
  const std::vector<std::string> changed = changed_schema(saved_.approval, now, run.continued);
  if (changed.empty()) return;
  throw refusal(fmt::format("the target's schema differs from the preview: {}", changed.front()))
      .detail(as_detail(changed));
}

void ApprovalGuard::allow(const std::string& step) { refuse(not_previewed(saved_.approval, step)); }

void ApprovalGuard::allow_skip(const std::string& step, const std::string& reason) {
  refuse(not_skipped(saved_.approval, step, reason));
}

void ApprovalGuard::answered(const std::string& step, const event::Ask& ask,
                             const std::string& answer) {
  refuse(changed_answer(saved_.approval, step, ask, answer));
}

// Also where a function swallows it: the file is not read.
void ApprovalGuard::uses(const std::string& step, const plan::LateFile& file) {
  throw unapproved_file(step, {file.path, file.module, file.at});
}

std::unique_ptr<runner::RunObserver> ApprovalGuard::watch(db::Connection& works,
                                                          const std::string& step) {
  // A pooler answers with process ids of its own, so the server is asked.
  const std::string pid = works.query("SELECT pg_catalog.pg_backend_pid() AS pid").text(0, "pid");
  return std::make_unique<LockWatch>(
      surroundings_.connect(), pid, surroundings_.journal,
      [this, step](const std::map<std::string, std::string>& locks) -> std::optional<Error> {
        const std::string how = exceeded(saved_.approval, step, locks);
        if (how.empty()) return std::nullopt;
        return excess(how, {step})
            .detail(
                "The step works outside a transaction. The running statement was cancelled. The "
                "step's earlier work is still in the database, and the step is not recorded as "
                "done.");
      });
}

Measured ApprovalGuard::measure_of(db::Connection& works, const std::string& unit) {
  if (!watches_) watches_ = surroundings_.connect();
  try {
    return measure_.finish(works, *watches_, unit);
  } catch (const Error& error) {
    if (error.code() != Code::connection_lost) throw;
    watches_.reset();
    throw;
  }
}

bool ApprovalGuard::sends(db::Connection& works, const std::string& step,
                          const sql::Statement& statement) {
  if (const std::string how = not_said(saved_.approval, step, statement); !how.empty()) {
    throw excess(how, {step})
        .detail(
            "The statement was not sent. The step works outside a transaction: its earlier work is "
            "still in the database, and the step is not recorded as done.");
  }
  const auto known = saved_.approval.steps.find(step);
  const bool ends = known != saved_.approval.steps.end() &&
                    known->second.ends.contains(hash::sha256(statement.text));
  if (may_be_enclosed(statement) && !ends) return true;
  if (!only_reads(statement)) measure_.before(works);
  return false;
}

void ApprovalGuard::ends_transactions(db::Connection&, const std::string& step,
                                      const sql::Statement&) {
  throw excess(fmt::format("a statement of step \"{}\" ends transactions itself, which was not "
                           "approved",
                           step),
               {step})
      .detail(
          "The statement was rolled back. The step's earlier work is still in the database, and "
          "the step is not recorded as done.");
}

void ApprovalGuard::executed(db::Connection& works, const std::string& step,
                             const sql::Statement& statement, bool stands) {
  if (stands && only_reads(statement)) return;
  if (stands) {
    hold(step, measure_.after(works),
         "The step works outside a transaction. Its work is still in the database, and the step is "
         "not recorded as done.");
  } else {
    hold(step, that_block(measure_of(works, "")),
         "The step works outside a transaction. The running statement was rolled back. The step's "
         "earlier work is still in the database, and the step is not recorded as done.");
  }
}

void ApprovalGuard::hold(const std::string& step, const Measured& last,
                         const std::string& what_stands) {
  ApprovedStep& so_far = outside_[step];
  add(so_far, last);
  const std::string how =
      exceeded_so_far(saved_.approval, step, last, so_far, prints_alike_ && !continued_);
  if (!how.empty()) throw excess(how, {step}).detail(what_stands);
}

void ApprovalGuard::finishes(db::Connection& works, const runner::Finishing& work) {
  const std::string& first = work.steps.front();
  // What was not its own statements is seen only now.
  if (!work.in_transaction) add(outside_[first], measure_.after(works));
  const std::string how =
      work.in_transaction
          ? exceeded(saved_.approval, work.steps, measure_of(works, text::joined(work.steps, "\n")),
                     prints_alike_)
          : exceeded(saved_.approval, first, outside_[first], work.rows, work.partly || continued_,
                     prints_alike_);
  if (how.empty()) return;
  throw excess(how, work.steps)
      .detail(work.in_transaction
                  ? "Its transaction was rolled back. Nothing of the step is in the database."
                  : "The step works outside a transaction. Its work is still in the database, and "
                    "the step is not recorded as done.");
}

}  // namespace engine::approval
