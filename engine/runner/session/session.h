// What a primitive may use while a plan's function runs. One lives per command; bindings hold a
// pointer to it.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "event/event.h"
#include "event/outcome.h"
#include "event/prompter.h"
#include "plan/late_file.h"
#include "plan/plan.h"
#include "verify/catalog_hashes.h"

namespace engine::runner {

/// Where in a plan's life a function is being called.
enum class Moment { loading, needs, when, confirm, run, verify, rollback, task, console };

class Session {
 public:
  virtual ~Session() = default;

  virtual Moment moment() const = 0;
  virtual db::Connection& connection() = 0;
  /// Executes a statement of the plan, and tells the event stream of it. An empty result, where the
  /// runner knows that there was nothing to send.
  virtual db::Result execute(const sql::Statement& statement, const db::Params& params,
                             const Source& at) = 0;
  virtual const plan::Plan& plan() const = 0;
  virtual std::string run_id() const = 0;
  virtual std::string step_id() const = 0;
  /// Where the journal, and with it the list of backups, lies in the target.
  virtual std::string journal_schema() const { return "engine"; }

  /// What the catalog was when the plan's run first began, however often it was resumed; nullptr
  /// outside of a run, and where the plan did not ask for it then.
  virtual const verify::CatalogHashes* catalog_at_start() const { return nullptr; }

  /// False in `when`, `confirm`, read-only verify and console: a primitive whose effect is writes
  /// or destroys is refused then.
  virtual bool may_write() const = 0;
  /// Something that may change the target is about to be executed.
  virtual void writes() {}

  /// Records one assertion of `expect`. Never throws for a failed one: the step fails at the end of
  /// its verify.
  virtual void record(const event::Outcome& outcome) = 0;
  virtual void note(const std::string& text) = 0;
  virtual void progress(const event::Progress& progress) = 0;
  /// A statement, for the event stream.
  virtual void statement(const event::StatementDone& statement) = 0;

  /// Asks within a step, before its first statement; answers are remembered for a retry. Throws
  /// Error{answer_missing}.
  virtual std::string ask(const event::Ask& ask) = 0;

  /// Canonical text of an input of the plan or of the running task; nothing where it has no value.
  /// Throws Error{argument} for an unknown name.
  virtual std::optional<std::string> input(const std::string& name) const = 0;
  virtual plan::InputType input_type(const std::string& name) const = 0;

  /// The run's state as a JSON object. set_state takes the whole object.
  virtual const std::string& state() const = 0;
  virtual void set_state(std::string json) = 0;

  /// The plan's code is about to use a file that its checksum does not cover. Refuses by throwing.
  virtual void use(const plan::LateFile&) {}

  /// Where file.write may write.
  virtual std::string output_folder() const = 0;
};

}  // namespace engine::runner
