#include "approval/saved.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json_depth.h"

namespace engine::approval {
namespace {

using nlohmann::json;

constexpr const char* format_key = "engine_preview";
constexpr std::size_t largest = std::size_t{256} << 20;

json to_json(const ApprovedStep& step) {
  json rows = json::object();
  for (const auto& [table, written] : step.rows)
    rows[table] = {written.inserted, written.updated, written.deleted};
  return {{"in_transaction", step.in_transaction},
          {"locks", step.locks},
          {"rows", std::move(rows)},
          {"rewritten", step.rewritten},
          {"schema", step.schema},
          {"said", step.said},
          {"ends", step.ends},
          {"all_rows", step.all_rows ? json(*step.all_rows) : json(nullptr)},
          {"sampled", step.sampled}};
}

ApprovedStep step_of(const json& object) {
  ApprovedStep step;
  step.in_transaction = object.at("in_transaction");
  object.at("locks").get_to(step.locks);
  for (const auto& [table, written] : object.at("rows").items())
    step.rows[table] = {written.at(0), written.at(1), written.at(2)};
  object.at("rewritten").get_to(step.rewritten);
  object.at("schema").get_to(step.schema);
  object.at("said").get_to(step.said);
  object.at("ends").get_to(step.ends);
  if (!object.at("all_rows").is_null()) step.all_rows = object.at("all_rows").get<std::int64_t>();
  object.at("sampled").get_to(step.sampled);
  return step;
}

json to_json(const ApprovedInput& input) {
  return input.value ? json{{"value", *input.value}} : json{{"hash", input.hash}};
}

ApprovedInput input_of(const json& object) {
  ApprovedInput input;
  if (object.contains("value")) {
    input.value = object.at("value").get<std::string>();
  } else {
    object.at("hash").get_to(input.hash);
  }
  return input;
}

json to_json(const Approval& approval) {
  json inputs = json::object();
  for (const auto& [name, input] : approval.inputs) inputs[name] = to_json(input);
  json answers = json::object();
  for (const auto& [name, known] : approval.answers) {
    answers[name] = to_json(known.answer);
    answers[name]["step"] = known.step;
    answers[name]["text"] = known.text;
  }
  json computed = json::object();
  for (const auto& [step, file] : approval.computed) {
    computed[step] = {{"path", file.path},
                      {"module", file.module},
                      {"file", file.at.file},
                      {"line", file.at.line}};
  }
  json steps = json::object();
  for (const auto& [id, step] : approval.steps) steps[id] = to_json(step);
  return {{"plan", approval.plan},
          {"title", approval.title},
          {"checksum", approval.checksum},
          {"step_checksums", approval.step_checksums},
          {"engine", approval.engine},
          {"made", approval.made},
          {"target", approval.target},
          {"verdict", approval.verdict ? name_of(*approval.verdict) : std::string_view{}},
          {"schema", approval.schema},
          {"changes", approval.changes},
          {"salt", approval.salt},
          {"inputs", std::move(inputs)},
          {"answers", std::move(answers)},
          {"done", approval.done},
          {"skipped", approval.skipped},
          {"steps", std::move(steps)},
          {"computed", std::move(computed)},
          {"server", approval.server},
          {"role", approval.role}};
}

Approval approval_of(const json& object) {
  Approval approval;
  object.at("plan").get_to(approval.plan);
  object.at("title").get_to(approval.title);
  object.at("checksum").get_to(approval.checksum);
  object.at("step_checksums").get_to(approval.step_checksums);
  object.at("engine").get_to(approval.engine);
  object.at("server").get_to(approval.server);
  object.at("role").get_to(approval.role);
  object.at("made").get_to(approval.made);
  object.at("target").get_to(approval.target);
  approval.verdict = event::verdict_of(object.at("verdict").get<std::string>());
  object.at("schema").get_to(approval.schema);
  object.at("changes").get_to(approval.changes);
  object.at("salt").get_to(approval.salt);
  for (const auto& [name, input] : object.at("inputs").items())
    approval.inputs[name] = input_of(input);
  for (const auto& [name, known] : object.at("answers").items())
    approval.answers[name] = {known.at("step"), known.at("text"), input_of(known)};
  object.at("done").get_to(approval.done);
  object.at("skipped").get_to(approval.skipped);
  for (const auto& [step, file] : object.at("computed").items())
    approval.computed[step] = {
        file.at("path"), file.at("module"), {file.at("file"), file.at("line")}};
  for (const auto& [id, step] : object.at("steps").items()) approval.steps[id] = step_of(step);
  return approval;
}

std::string text_of(const json& object) {
  return object.dump(-1, ' ', true, json::error_handler_t::replace);
}

Error unusable(const std::string& path, const std::string& why) {
  return Error{Code::unapproved, "{} {}", path, why}.hint(
      "Write a preview that can be approved with engine preview PLAN -o FILE.");
}

}  // namespace

void refuse_to_overwrite(const std::string& path) {
  const std::string folder = file::folder_of(path);
  if (!file::exists(folder.empty() ? "." : folder))
    throw Error{Code::file, "{} cannot be written: folder {} does not exist", path, folder};
  if (!file::exists(path)) return;
  bool ours = false;
  try {
    const json object = json::parse(file::read(path, largest), nullptr, false);
    ours = object.is_object() && object.contains(format_key);
  } catch (const Error&) {
    // A folder or a device, and certainly no saved preview.
  }
  if (ours) return;
  throw Error{Code::refused, "{} already exists, and is not a saved preview", path}.hint(
      "Give -o another name, or move that file.");
}

void save(const std::string& path, const Approval& approval,
          const std::vector<std::string>& lines) {
  json events = json::array();
  for (const std::string& line : lines) events.push_back(json::parse(line));
  const json body{{"approval", to_json(approval)}, {"events", std::move(events)}};
  const json whole{
      {format_key, saved_format}, {"digest", hash::sha256(text_of(body))}, {"body", body}};
  file::write(path, whole.dump(1, ' ', true, json::error_handler_t::replace) + "\n");
}

Saved read_saved(const std::string& path) {
  const std::string text = file::read(path, largest);
  if (json_is_deeper_than(text, deepest_json)) throw unusable(path, "is not a saved preview");
  const json whole = json::parse(text, nullptr, false);
  if (whole.is_discarded()) throw unusable(path, "is not a saved preview, or is incomplete");
  if (!whole.is_object() || !whole.contains(format_key) ||
      !whole.at(format_key).is_number_integer())
    throw unusable(path, "is not a saved preview");
  if (const auto format = whole.at(format_key).get<std::int64_t>(); format != saved_format) {
    throw unusable(
        path, fmt::format("was written by {} engine (format {}, but this one reads {})",
                          format > saved_format ? "a newer" : "an older", format, saved_format));
  }
  try {
    Saved saved{approval_of(whole.at("body").at("approval")), whole.at("digest")};
    if (saved.digest == hash::sha256(text_of(whole.at("body")))) return saved;
  } catch (const json::exception&) {
    throw unusable(path, "is an incomplete saved preview");
  }
  throw unusable(path, "was changed since it was saved");
}

}  // namespace engine::approval
