// The record of runs, in the target database. Its SQL is here and nowhere else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "db/result.h"

namespace engine::journal {

struct RunRow {
  std::string id;  // short, sortable: 20261120-231502-4f7a
  std::string plan, plan_checksum, plan_source;
  std::string status;  // running, done, failed, waiting, rolling_back, rolled_back
  std::int64_t epoch = 0;
  std::string started_at, finished_at, role, engine_version;
  std::string inputs;  // JSON object, secrets absent
  std::string state;   // JSON object
};

struct StepRow {
  std::string run, step, title;
  std::int64_t position = 0;
  std::string status;  // intent, done, found_done, skipped, failed, unverified, rolled_back, rollback_failed, waiting
  std::string checksum;
  std::string finished_at, reason;
  std::int64_t rows = 0, ms = 0;
};

/// A row of engine.check as it is written with its step.
struct CheckRow {
  std::string step, title, name;
  bool ok = false;
  std::string expected, actual;
};

class Journal {
 public:
  /// Reads the schema's version; makes or upgrades it under a lock. Throws Error{refused} naming the grant where the role may
  /// not create it. `schema` is "engine" unless engine.toml says otherwise.
  static Journal open(db::Connection& connection, std::string schema, bool read_only = false);

  /// Whether the schema is there at all: status and verify make nothing.
  bool exists() const;

  std::optional<RunRow> latest(const std::string& plan) const;
  std::optional<RunRow> run(const std::string& id) const;
  std::vector<RunRow> runs(int limit) const;
  std::vector<StepRow> steps(const std::string& run) const;

  // Commands, so that the runner can put them into a pipeline with the work they belong to.
  db::Command begin_run(const RunRow& run) const;
  db::Command take_epoch(const std::string& run) const;                        // returns the new epoch
  db::Command check_epoch(const std::string& run, std::int64_t epoch) const;   // FOR SHARE; no row: fenced off
  db::Command record_step(const StepRow& step) const;
  db::Command record_attempt(const StepRow& step, const std::string& outcome, const std::string& sqlstate,
                             const std::string& message) const;
  db::Command record_checks(const std::string& run, const std::vector<CheckRow>& checks) const;
  db::Command record_answer(const std::string& run, const std::string& name, const std::string& answer,
                            const std::string& source) const;
  db::Command record_state(const std::string& run, const std::string& json) const;
  db::Command record_event(const std::string& run, const std::string& step, const std::string& what,
                           const std::string& json) const;
  db::Command finish_run(const std::string& run, const std::string& status) const;

 private:
  Journal(db::Connection& connection, std::string schema) : connection_(&connection), schema_(std::move(schema)) {}
  db::Connection* connection_;
  std::string schema_;
};

}  // namespace engine::journal
