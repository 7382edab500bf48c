// The record of runs, in the target database. Its SQL is in this folder and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "db/result.h"
#include "journal/records.h"

namespace engine::journal {

/// The version of the schema that this engine writes.
int schema_version();

/// Text that goes in has the redactor's secrets replaced; state and inputs are refused instead,
/// since a changed value would mislead a resume. All times are the server's.
class Journal {
 public:
  /// Reads the schema's version in one round trip; makes or upgrades it where it must, under a
  /// lock. Throws Error{refused} where the role may not create it (naming the grant), the server is
  /// read only, or a newer engine wrote it. Read only: makes nothing, and reads an older version as
  /// it is.
  static Journal open(db::Connection& connection, std::string schema, bool read_only = false);

  /// Whether the schema is there at all: status and verify make nothing.
  bool exists() const { return exists_; }
  /// The server that the connection speaks with, to compare with RunRow::server.
  const Server& server() const { return server_; }
  const std::string& schema() const { return schema_; }

  /// The latest run of a plan, its steps and its answers, in one round trip. Take the run lock
  /// first.
  Loaded load(const std::string& plan) const;
  std::optional<RunRow> latest(const std::string& plan) const;
  std::optional<RunRow> run(const std::string& id) const;
  /// The latest run of a plan that has neither ended well nor been undone. A task's is never one:
  /// it is simply run again.
  std::optional<RunRow> unfinished() const;
  /// The latest run, of a task too, that ended at this time of the server or later.
  std::optional<RunRow> ended_since(const std::string& instant) const;
  std::vector<RunRow> runs(int limit) const;  // newest first
  /// Those whose id begins with this, newest first.
  std::vector<RunRow> runs_from(const std::string& prefix) const;
  /// Of each plan the latest, tasks left out.
  std::vector<RunRow> latest_runs() const;
  std::vector<StepRow> steps(const std::string& run) const;
  /// What functions of its committed steps were answered.
  std::vector<ToldRow> told(const std::string& run) const;
  /// Every text of its plan that the run was executed with, the latest first.
  std::vector<PlanText> plan_texts(const std::string& run) const;
  /// What record_file() was given, of each step and path the latest.
  std::vector<FileRow> files(const std::string& run) const;
  /// What begin_run() was given of the catalog; nothing where it was not.
  std::optional<std::string> catalog_at_start(const std::string& run) const;
  /// Did the transaction commit that carried name_write()? Asked under the run lock, when its
  /// answer was lost.
  bool has_written(const std::string& run, const std::string& write) const;
  /// Was record_event() called with these?
  bool has_event(const std::string& run, const std::string& what, const std::string& json) const;
  /// What record_event() and record_facts() were given for a step, oldest first.
  std::vector<EventRow> step_events(const std::string& run, const std::string& step) const;

  // Commands, so that the runner can put them into a pipeline with the work they belong to.

  /// `source` is the plan's text, `catalog` a JSON object of what was there, or empty, `files` what
  /// the plan has besides. Returns `id`, `epoch` (1) and `started_at`, and names the session
  /// engine/<run>/<epoch>. An event keeps which process of which user that is.
  db::Command begin_run(const RunRow& run, const std::string& source,
                        const std::string& catalog = "",
                        const std::optional<Files>& files = std::nullopt) const;
  /// Another engine of the same run may write nothing from then on. Returns `epoch`; names the
  /// session as begin_run() does. No row: the epoch is no longer the one that is `held`. With
  /// `held`, has_retaken() tells later that it was this engine which took it.
  db::Command take_epoch(const std::string& run,
                         std::optional<std::int64_t> held = std::nullopt) const;
  /// Did take_epoch() with this `held` commit? Asked when its answer was lost.
  bool has_retaken(const std::string& run, std::int64_t held) const;
  /// FOR SHARE until the transaction ends. No row: another engine took the run over.
  db::Command check_epoch(const std::string& run, std::int64_t epoch) const;
  db::Command record_step(const StepRow& step) const;  // inserts or replaces the row of (run, step)
  db::Command record_attempt(const StepRow& step, const std::string& outcome,
                             const std::string& sqlstate, const std::string& message) const;
  db::Command record_checks(const std::string& run, const std::vector<CheckRow>& checks) const;
  db::Command record_answer(const std::string& run, const std::string& name,
                            const std::string& answer, const std::string& source) const;
  /// Belongs into the commit of its step: told() gives it back.
  db::Command record_told(const std::string& run, const ToldRow& told) const;
  db::Command record_state(const std::string& run, const std::string& json) const;
  /// Inputs that were not asked for when the run began.
  db::Command record_inputs(const std::string& run, const std::string& json) const;
  db::Command record_event(const std::string& run, const std::string& step, const std::string& what,
                           const std::string& json) const;
  /// The same for what a later command reads back: numbers, hashes and fixed words alone, which
  /// hold no secret. Nothing is replaced in it.
  db::Command record_facts(const std::string& run, const std::string& step, const std::string& what,
                           const std::string& json) const;
  /// In place of what begin_run() was given, from now on.
  db::Command record_catalog(const std::string& run, const std::string& catalog) const;
  /// What a person repaired: the step becomes `step.status` (done or rolled_back), and the change
  /// is kept beside it.
  db::Command record_resolution(const StepRow& step) const;
  /// The plan as it is now, where it is not what the run was executed with before; the texts before
  /// are kept.
  db::Command record_plan(const std::string& run, const std::string& checksum,
                          const std::string& source, std::int64_t steps,
                          const std::optional<Files>& files = std::nullopt) const;
  /// A file that a step read, which its checksum does not cover.
  db::Command record_file(const std::string& run, const FileRow& file,
                          const std::string& text) const;
  /// A name for the transaction that this travels in, unique within the run.
  db::Command name_write(const std::string& run, const std::string& write) const;
  /// Sets the status; running and rolling_back mean that the run goes on, every other one ends it.
  db::Command finish_run(const std::string& run, event::RunState status) const;

 private:
  Journal(db::Connection& connection, std::string schema)
      : connection_(&connection), schema_(std::move(schema)) {}

  db::Connection* connection_;
  std::string schema_;
  bool exists_ = false;
  Server server_;
};

}  // namespace engine::journal
