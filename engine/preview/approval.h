// What a preview approves: the plan, schema and inputs that it saw, and what each step did to
// others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "preview/measure.h"
#include "preview/schema_hash.h"
#include "runner/inputs.h"
#include "runner/plan.h"

namespace engine::preview {

struct ApprovedStep {
  bool in_transaction = true;  // else nothing is held to its end, and it has no locks here
  std::map<std::string, std::string> locks;  // by relation the strongest mode
  std::map<std::string, Written> rows;
  std::optional<std::int64_t> all_rows;  // written by it, as far as they were counted
  /// Tables that it touches and of which the shadow had a part only: with one of them its row
  /// counts say nothing about the target's.
  std::set<std::string> sampled;
};

struct ApprovedInput {
  std::optional<std::string> value;  // of a secret: nothing
  std::string hash;                  // of a secret's value
};

struct Approval {
  std::string plan, title, checksum;
  std::map<std::string, std::string> step_checksums;
  std::string engine;             // its version
  std::string made;               // when, UTC
  std::string target;             // as people read it
  std::string verdict;            // clean, attention, blocked; "" : it came to none
  SchemaHashes schema;            // where the plan began
  std::set<std::string> changes;  // objects that the plan makes, changes or drops
  std::string salt;               // of the hashes of secrets
  std::map<std::string, ApprovedInput> inputs;
  std::map<std::string, ApprovedStep> steps;  // those that did something
};

void add_plan(Approval& approval, const runner::Plan& plan);
/// Those of a run; a rollback's are asked for then.
void add_inputs(Approval& approval, const runner::Plan& plan, const runner::Inputs& inputs);

/// What of the inputs is not as approved: a sentence, "" where all is. No value of a secret is in
/// it.
std::string changed_input(const Approval& approval, const runner::Plan& plan,
                          const runner::Inputs& inputs);
/// What of the schema is not as approved, as sentences. `continued`: the plan has done a part of
/// its work, so that only what it leaves alone is compared.
std::vector<std::string> changed_schema(const Approval& approval, const SchemaHashes& now,
                                        bool continued);
/// How a step leaves what was approved: a sentence, "" where it does not. `steps` commit together.
std::string exceeded(const Approval& approval, const std::vector<std::string>& steps,
                     const Measured& measured);
/// The same of a step outside a transaction, by all its rows.
std::string exceeded(const Approval& approval, const std::string& step,
                     std::optional<std::int64_t> all_rows);

}  // namespace engine::preview
