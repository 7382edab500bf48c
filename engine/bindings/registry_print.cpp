#include "bindings/registry_print.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine::bindings {
namespace {

using script::Effect;
using script::Primitive;

/// "options? { where: string } what it is" taken apart.
struct Parameter {
  std::string name;
  std::string type;
  std::string text;
};

/// The length of a type: up to the first blank outside brackets.
std::size_t type_length(const std::string& line, std::size_t begin) {
  int depth = 0;
  for (std::size_t i = begin; i < line.size(); ++i) {
    if (line[i] == '{' || line[i] == '<' || line[i] == '(') ++depth;
    if (line[i] == '}' || line[i] == '>' || line[i] == ')') --depth;
    if (line[i] == ' ' && depth == 0) return i - begin;
  }
  return line.size() - begin;
}

std::string after(const std::string& line, std::size_t position) {
  return position < line.size() ? line.substr(position + 1) : "";
}

Parameter parameter_of(const std::string& line) {
  const std::size_t name = std::min(line.find(' '), line.size());
  const std::size_t type = name < line.size() ? type_length(line, name + 1) : 0;
  return {line.substr(0, name), name < line.size() ? line.substr(name + 1, type) : "any",
          after(line, name + 1 + type)};
}

Parameter return_of(const std::string& line) {
  const std::size_t type = type_length(line, 0);
  return {"", line.substr(0, type), after(line, type)};
}

std::string bare(const std::string& name) {
  return name.ends_with('?') ? name.substr(0, name.size() - 1) : name;
}

std::string names_of(const Primitive& primitive, bool with_marks) {
  std::string names;
  for (const char* line : primitive.parameters) {
    const Parameter parameter = parameter_of(line);
    if (!names.empty()) names += ", ";
    names += with_marks ? parameter.name : bare(parameter.name);
  }
  return names;
}

/// "expect.table:has_column" belongs to expect; "note" to words.
std::string space_of(const std::string& name) {
  const std::size_t end = name.find_first_of(".:");
  return end == std::string::npos ? "words" : name.substr(0, end);
}

std::string class_of(const std::string& name) {
  const std::size_t colon = name.find(':');
  return colon == std::string::npos ? "" : name.substr(0, colon);
}

std::map<std::string, std::vector<const Primitive*>> by_space(
    const std::vector<Primitive>& primitives) {
  std::map<std::string, std::vector<const Primitive*>> spaces;
  for (const Primitive& primitive : primitives)
    spaces[space_of(primitive.name)].push_back(&primitive);
  // A class is declared before its methods, and methods stand together.
  for (auto& [space, members] : spaces)
    std::stable_sort(members.begin(), members.end(), [](const Primitive* a, const Primitive* b) {
      return class_of(a->name) < class_of(b->name);
    });
  return spaces;
}

std::string local_of(std::string class_name) {
  std::replace(class_name.begin(), class_name.end(), '.', '_');
  return class_name;
}

std::string annotation(const Primitive& primitive) {
  const std::string name = primitive.name;
  const std::string class_name = class_of(name);
  std::string text = fmt::format("--- {}\n", primitive.doc);
  for (const char* line : primitive.parameters) {
    const Parameter parameter = parameter_of(line);
    text += fmt::format("---@param {} {}{}{}\n", parameter.name, parameter.type,
                        parameter.text.empty() ? "" : " ", parameter.text);
  }
  for (const char* line : primitive.returns) {
    const Parameter value = return_of(line);
    text +=
        fmt::format("---@return {}{}{}\n", value.type, value.text.empty() ? "" : " ", value.text);
  }
  const std::string called =
      class_name.empty() ? name : local_of(class_name) + name.substr(class_name.size());
  return text + fmt::format("function {}({}) end\n\n", called, names_of(primitive, false));
}

const char* effect_of(Effect effect) {
  switch (effect) {
    case Effect::pure:
      return "Does not use the database. Allowed everywhere.";
    case Effect::reads:
      return "Reads.";
    case Effect::writes:
      return "Writes: not in `when`, `confirm` or a read-only `verify`.";
    case Effect::destroys:
      return "Destroys data: not in `when`, `confirm` or a read-only `verify`.";
    case Effect::asks:
      return "Asks the operator: in `run`, `rollback` and tasks, before the first "
             "statement.";
  }
  return "";
}

std::string effect_of(const Primitive& primitive) {
  for (const char* line : primitive.parameters) {
    const Parameter parameter = parameter_of(line);
    if (parameter.type.starts_with("fun("))
      return fmt::format("{} Otherwise does what `{}` does.", effect_of(primitive.effect),
                         parameter.name);
  }
  return effect_of(primitive.effect);
}

std::string section(const Primitive& primitive) {
  std::string text =
      fmt::format("## {}({})\n\n{}\n\n", primitive.name, names_of(primitive, true), primitive.doc);
  for (const char* line : primitive.parameters) {
    const Parameter parameter = parameter_of(line);
    text += fmt::format("- `{}` `{}`{}{}\n", parameter.name, parameter.type,
                        parameter.text.empty() ? "" : ": ", parameter.text);
  }
  for (const char* line : primitive.returns) {
    const Parameter value = return_of(line);
    if (value.type == "self") {
      text += "- returns the same subject, so that the chain can continue\n";
    } else {
      text +=
          fmt::format("- gives `{}`{}{}\n", value.type, value.text.empty() ? "" : ": ", value.text);
    }
  }
  if (!primitive.parameters.empty() || !primitive.returns.empty()) text += "\n";
  return text + fmt::format("{}\n\n```lua\n{}\n```\n\n", effect_of(primitive), primitive.example);
}

}  // namespace

std::map<std::string, std::string> annotations(const std::vector<Primitive>& primitives) {
  std::map<std::string, std::string> files;
  for (const auto& [space, members] : by_space(primitives)) {
    std::string text =
        "---@meta _\n-- Printed by the engine from its primitives: do not edit, run the target "
        "`reference`.\n\n";
    if (space != "words") text += fmt::format("---@class {0}\n{0} = {{}}\n\n", space);
    std::string class_name;
    for (const Primitive* primitive : members) {
      if (class_of(primitive->name) != class_name) {
        class_name = class_of(primitive->name);
        text += fmt::format("---@class {}\nlocal {} = {{}}\n\n", class_name, local_of(class_name));
      }
      text += annotation(*primitive);
    }
    text.pop_back();
    files.emplace(space + ".gen.lua", std::move(text));
  }
  return files;
}

std::map<std::string, std::string> reference_pages(const std::vector<Primitive>& primitives) {
  std::map<std::string, std::string> files;
  for (const auto& [space, members] : by_space(primitives)) {
    std::string text = fmt::format(
        "<!-- Printed by the engine from its primitives: do not edit, run the target `reference`. "
        "-->\n\n# {}\n\n",
        space);
    for (const Primitive* primitive : members) text += section(*primitive);
    text.pop_back();
    files.emplace(space + ".gen.md", std::move(text));
  }
  return files;
}

}  // namespace engine::bindings
