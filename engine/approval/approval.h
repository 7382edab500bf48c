// What a preview approves: the plan, schema, inputs and answers that it saw, and what each step did
// to others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "approval/measure.h"
#include "base/error.h"
#include "database_state/schema_hash.h"
#include "event/states.h"
#include "plan/plan.h"
#include "runner/session/inputs.h"

namespace engine::approval {

struct ApprovedStep {
  bool in_transaction = true;  // else locks on tables that keep writers out are all it has here
  std::map<std::string, std::string> locks;  // by relation the strongest mode
  std::map<std::string, Written> rows;
  std::map<std::string, std::string> rewritten;  // tables with a new file: how
  SchemaChanges schema;
  // Of one outside a transaction:
  std::set<std::string> said;            // by its statements
  std::set<std::string> ends;            // hashes of those that end transactions themselves
  std::optional<std::int64_t> all_rows;  // written by it, as far as they were counted
  /// Tables that it touches and of which the shadow had a part only: with one of them its row
  /// counts say nothing about the target's.
  std::set<std::string> sampled;
};

/// What was measured of it, besides what is there.
void add(ApprovedStep& step, const Measured& more);

struct ApprovedInput {
  std::optional<std::string> value;  // of a secret: nothing
  std::string hash;                  // of a secret's value
};

/// What a function of a step asked. An answer of the same question is an input as any other.
struct ApprovedAnswer {
  std::string step, text;
  ApprovedInput answer;
};

/// A file that a step read by a name which was not known when the plan was loaded.
struct ComputedFile {
  std::string path;
  bool module = false;
  Source at;  // of the code that read it
};

struct Approval {
  std::string plan, title, checksum;
  std::map<std::string, std::string> step_checksums;
  std::string engine;                         // its version
  int server = 0;                             // the shadow's major version
  std::string role;                           // whom the plan ran as
  std::string made;                           // when, UTC
  std::string target;                         // as people read it
  std::optional<event::VerdictKind> verdict;  // nothing: it came to none
  database_state::SchemaHashes schema;        // where the plan began
  std::set<std::string> changes;              // objects that the plan makes, changes or drops
  std::string salt;                           // of the hashes of secrets
  std::map<std::string, ApprovedInput> inputs;
  std::map<std::string, ApprovedAnswer> answers;  // by the name of the question
  std::set<std::string> done, skipped;            // steps, as they ended
  std::map<std::string, ApprovedStep> steps;      // those that did something
  std::map<std::string, ComputedFile> computed;   // by step: such a plan cannot be approved
};

void add_plan(Approval& approval, const plan::Plan& plan);
/// Those of a run; a rollback's are asked for then.
void add_inputs(Approval& approval, const plan::Plan& plan, const runner::Inputs& inputs);
void add_answer(Approval& approval, const std::string& step, const event::Ask& ask,
                const std::string& answer);

/// Why a file that a step reads by a computed name cannot be approved.
Error unapproved_file(const std::string& step, const ComputedFile& file);

/// What of the inputs is not as approved: a sentence, "" where all is. No value of a secret is in
/// it.
std::string changed_input(const Approval& approval, const plan::Plan& plan,
                          const runner::Inputs& inputs);
/// The same of an answer to a question of a step.
std::string changed_answer(const Approval& approval, const std::string& step, const event::Ask& ask,
                           const std::string& answer);
/// And of those that are known before anybody is asked.
std::string changed_answers(const Approval& approval, const runner::Questions& questions);
/// What of the schema is not as approved, as sentences. `continued`: the plan has done a part of
/// its work, so that only what it leaves alone is compared.
std::vector<std::string> changed_schema(const Approval& approval,
                                        const database_state::SchemaHashes& now, bool continued);

}  // namespace engine::approval
