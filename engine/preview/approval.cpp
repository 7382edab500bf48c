#include "preview/approval.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/hash.h"
#include "base/text.h"
#include "preview/trace.h"

namespace engine::preview {
namespace {

// Slow on purpose: a saved preview is passed around, and a weak secret must not be found by trying.
constexpr int rounds = 100'000;

// A table goes on being used between a preview and its run.
constexpr std::int64_t most_more = 10;  // rows, or
constexpr double most_more_part = 0.1;  // of those approved

std::string random_salt() {
  std::random_device device;
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += fmt::format("{:08x}", device());
  return bytes;
}

std::string stretched(const std::string& salt, const std::string& secret) {
  std::string digest = hash::sha256(salt + secret);
  for (int i = 0; i < rounds; ++i) digest = hash::sha256(digest);
  return digest;
}

bool is_near(std::int64_t approved, std::int64_t actual) {
  const auto part = static_cast<std::int64_t>(static_cast<double>(approved) * most_more_part);
  return std::llabs(actual - approved) <= std::max(most_more, part);
}

std::string excess(const std::string& step, const std::string& what, const std::string& table,
                   std::int64_t approved, std::int64_t actual) {
  return fmt::format("step \"{}\" {} {} in {}, where {} approved", step, what,
                     text::counted(actual, "row"), table,
                     approved == 1 ? "1 was" : text::grouped(approved) + " were");
}

std::string name_of(const std::vector<std::string>& steps) { return text::joined(steps, "\", \""); }

/// Steps that commit together are measured together, on the shadow too.
ApprovedStep together(const Approval& approval, const std::vector<std::string>& steps) {
  ApprovedStep whole;
  for (const std::string& step : steps) {
    const auto found = approval.steps.find(step);
    if (found == approval.steps.end()) continue;
    for (const auto& [relation, mode] : found->second.locks) {
      std::string& strongest = whole.locks[relation];
      if (strongest.empty() || strength(mode) > strength(strongest)) strongest = mode;
    }
    for (const auto& [table, written] : found->second.rows) whole.rows[table] = written;
    whole.sampled.insert(found->second.sampled.begin(), found->second.sampled.end());
  }
  return whole;
}

std::string unapproved_lock(const std::string& step, const ApprovedStep& approved,
                            const Measured& measured) {
  for (const auto& [relation, mode] : measured.locks) {
    const auto known = approved.locks.find(relation);
    if (known == approved.locks.end()) {
      return fmt::format("step \"{}\" locks {} in {} mode, which was not approved", step, relation,
                         spoken(mode));
    }
    if (strength(mode) > strength(known->second)) {
      return fmt::format("step \"{}\" locks {} in {} mode, where {} was approved", step, relation,
                         spoken(mode), spoken(known->second));
    }
  }
  return "";
}

std::string unapproved_rows(const std::string& step, const ApprovedStep& approved,
                            const Measured& measured) {
  std::set<std::string> tables;
  for (const auto& [table, written] : approved.rows) tables.insert(table);
  for (const auto& [table, written] : measured.rows) tables.insert(table);
  const auto of = [](const std::map<std::string, Written>& rows, const std::string& table) {
    const auto found = rows.find(table);
    return found == rows.end() ? Written{} : found->second;
  };
  std::string less;
  for (const std::string& table : tables) {
    const Written was = of(approved.rows, table), is = of(measured.rows, table);
    for (const auto& [what, before, now] : {std::tuple{"inserts", was.inserted, is.inserted},
                                            std::tuple{"updates", was.updated, is.updated},
                                            std::tuple{"deletes", was.deleted, is.deleted}}) {
      // With a part of the rows only what is done at all can be compared.
      const bool near = approved.sampled.empty() ? is_near(before, now) : before > 0 || now == 0;
      if (near) continue;
      const std::string words = excess(step, what, table, before, now);
      if (now > before) return words;
      less = words;
    }
  }
  return less;
}

}  // namespace

void add_plan(Approval& approval, const runner::Plan& plan) {
  approval.plan = plan.id;
  approval.title = plan.title;
  approval.checksum = plan.checksum;
  for (const runner::Step& step : plan.steps) approval.step_checksums[step.id] = step.checksum;
}

void add_inputs(Approval& approval, const runner::Plan& plan, const runner::Inputs& inputs) {
  approval.salt = random_salt();
  approval.inputs.clear();
  for (const runner::Input& input : plan.inputs) {
    const std::optional<std::string> value = inputs.value(input.name);
    if (input.at_rollback || !value) continue;
    ApprovedInput& kept = approval.inputs[input.name];
    if (input.type == runner::InputType::secret) {
      kept.hash = stretched(approval.salt, *value);
    } else {
      kept.value = *value;
    }
  }
}

std::string changed_input(const Approval& approval, const runner::Plan& plan,
                          const runner::Inputs& inputs) {
  for (const runner::Input& input : plan.inputs) {
    if (input.at_rollback) continue;
    const std::optional<std::string> value = inputs.value(input.name);
    const auto known = approval.inputs.find(input.name);
    if (!value && known == approval.inputs.end()) continue;
    if (!value || known == approval.inputs.end()) {
      return fmt::format("input {} {} a value now, and {} one when it was previewed", input.name,
                         value ? "has" : "has not", value ? "had not" : "had");
    }
    if (input.type == runner::InputType::secret) {
      if (known->second.hash != stretched(approval.salt, *value))
        return fmt::format("secret {} is another one than when it was previewed", input.name);
    } else if (known->second.value != *value) {
      return fmt::format("input {} is \"{}\" now, and was \"{}\" when it was previewed", input.name,
                         *value, known->second.value.value_or(""));
    }
  }
  return "";
}

std::vector<std::string> changed_schema(const Approval& approval, const SchemaHashes& now,
                                        bool continued) {
  std::vector<std::string> sentences;
  for (const auto& [object, hash] : approval.schema) {
    if (continued && approval.changes.contains(object)) continue;
    const auto found = now.find(object);
    if (found == now.end()) {
      sentences.push_back(object + " is gone");
    } else if (found->second != hash) {
      sentences.push_back(object + " was changed");
    }
  }
  // What the plan itself has made by now cannot be told from what somebody else has.
  for (const auto& [object, hash] : now) {
    if (!continued && !approval.schema.contains(object)) sentences.push_back(object + " is new");
  }
  return sentences;
}

std::string exceeded(const Approval& approval, const std::vector<std::string>& steps,
                     const Measured& measured) {
  const ApprovedStep approved = together(approval, steps);
  const std::string lock = unapproved_lock(name_of(steps), approved, measured);
  return lock.empty() ? unapproved_rows(name_of(steps), approved, measured) : lock;
}

std::string exceeded(const Approval& approval, const std::string& step,
                     std::optional<std::int64_t> all_rows) {
  const auto found = approval.steps.find(step);
  if (found == approval.steps.end())
    return fmt::format("step \"{}\" did nothing when it was previewed, and does something now",
                       step);
  const std::int64_t before = found->second.all_rows.value_or(0), now = all_rows.value_or(0);
  const bool near = found->second.sampled.empty() ? is_near(before, now) : before > 0 || now == 0;
  return near ? "" : excess(step, "wrote", "all", before, now);
}

}  // namespace engine::preview
