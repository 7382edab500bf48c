#include "approval/approval.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/hash.h"
#include "trace/trace.h"

namespace engine::approval {
namespace {

// Slow on purpose: a saved preview is passed around, and a weak secret must not be found by trying.
constexpr int rounds = 100'000;

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

/// Of a secret the hash alone.
ApprovedInput kept(const Approval& approval, bool secret, const std::string& value) {
  if (secret) return {std::nullopt, stretched(approval.salt, value)};
  return {value, ""};
}

bool is_same(const Approval& approval, const ApprovedInput& known, const std::string& value) {
  return known.value ? *known.value == value : known.hash == stretched(approval.salt, value);
}

std::string other_answer(const ApprovedAnswer& known, const std::string& name,
                         const std::string& answer) {
  if (!known.answer.value) {
    return fmt::format("the secret answer to \"{}\" ({}) differs from the one in the preview",
                       known.text, name);
  }
  return fmt::format(
      "\"{}\" ({}) is answered \"{}\" now, and was answered \"{}\" when it was "
      "previewed",
      known.text, name, answer, *known.answer.value);
}

}  // namespace

void add(ApprovedStep& step, const Measured& more) {
  for (const auto& [relation, mode] : more.locks) {
    std::string& strongest = step.locks[relation];
    if (strongest.empty() || trace::strength(mode) > trace::strength(strongest)) strongest = mode;
  }
  for (const auto& [table, written] : more.rows) {
    Written& sum = step.rows[table];
    sum = {sum.inserted + written.inserted, sum.updated + written.updated,
           sum.deleted + written.deleted};
  }
  for (const auto& [table, how] : more.rewritten) {
    std::string& known = step.rewritten[table];
    if (known != emptied) known = how;
  }
  add(step.schema, more.schema);
}

void add_plan(Approval& approval, const plan::Plan& plan) {
  approval.plan = plan.id;
  approval.title = plan.title;
  approval.checksum = plan.checksum;
  for (const plan::Step& step : plan.steps) approval.step_checksums[step.id] = step.checksum;
}

void add_inputs(Approval& approval, const plan::Plan& plan, const runner::Inputs& inputs) {
  approval.salt = random_salt();
  approval.inputs.clear();
  for (const plan::Input& input : plan.inputs) {
    const std::optional<std::string> value = inputs.value(input.name);
    if (input.at_rollback || !value) continue;
    approval.inputs[input.name] = kept(approval, input.type == plan::InputType::secret, *value);
  }
}

void add_answer(Approval& approval, const std::string& step, const event::Ask& ask,
                const std::string& answer) {
  const bool secret = ask.kind == event::Ask::Kind::secret;
  approval.answers[ask.name] = {step, ask.text, kept(approval, secret, answer)};
}

Error unapproved_file(const std::string& step, const ComputedFile& file) {
  const std::string word = file.module ? "require" : "sql.file";
  std::string name = file.path;
  if (file.module) {
    name = name.substr(0, name.rfind(".lua"));
    std::replace(name.begin(), name.end(), '/', '.');
  }
  Error error{Code::unapproved,
              "{} reads {} by a name that is computed while it runs, so nobody can approve what it "
              "holds",
              step.empty() ? "the plan" : fmt::format("step \"{}\"", step), file.path};
  return std::move(error)
      .hint(fmt::format("Write the name as a constant: {} \"{}\". Then preview the plan again.",
                        word, name))
      .at(file.at);
}

std::string changed_input(const Approval& approval, const plan::Plan& plan,
                          const runner::Inputs& inputs) {
  for (const plan::Input& input : plan.inputs) {
    if (input.at_rollback) continue;
    const std::optional<std::string> value = inputs.value(input.name);
    const auto known = approval.inputs.find(input.name);
    if (!value && known == approval.inputs.end()) continue;
    if (!value || known == approval.inputs.end()) {
      return fmt::format("input {} {} a value now, and {} one in the preview", input.name,
                         value ? "has" : "has not", value ? "had not" : "had");
    }
    if (is_same(approval, known->second, *value)) continue;
    if (!known->second.value)
      return fmt::format("secret {} differs from the one in the preview", input.name);
    return fmt::format("input {} is \"{}\" now, and was \"{}\" in the preview", input.name, *value,
                       *known->second.value);
  }
  return "";
}

std::string changed_answer(const Approval& approval, const std::string& step, const event::Ask& ask,
                           const std::string& answer) {
  // "no" ends the run by itself.
  if (ask.kind == event::Ask::Kind::confirm) return "";
  const auto known = approval.answers.find(ask.name);
  if (known == approval.answers.end()) {
    return fmt::format("step \"{}\" asks \"{}\" ({}), which it did not ask in the preview", step,
                       ask.text, ask.name);
  }
  return is_same(approval, known->second.answer, answer)
             ? ""
             : other_answer(known->second, ask.name, answer);
}

std::string changed_answers(const Approval& approval, const runner::Questions& questions) {
  for (const auto& [name, known] : approval.answers) {
    using Kind = event::Ask::Kind;
    const Kind kind = known.answer.value ? Kind::text : Kind::secret;
    const auto reply = questions.known({name, known.text, kind, {}, std::nullopt});
    if (reply && !is_same(approval, known.answer, reply->answer))
      return other_answer(known, name, reply->answer);
  }
  return "";
}

std::vector<std::string> changed_schema(const Approval& approval,
                                        const database_state::SchemaHashes& now, bool continued) {
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

}  // namespace engine::approval
