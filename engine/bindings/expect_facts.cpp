#include "bindings/expect_facts.h"

#include "base/text.h"
#include "bindings/expect.h"

namespace engine::bindings {
namespace {

using verify::Form;

const char* type_of(Form form) {
  switch (form) {
    case Form::boolean:
      return "boolean";
    case Form::number:
      return "integer";
    case Form::expression:
      return "any";
    case Form::list:
    case Form::set:
    case Form::names:
      return "string[]";
    case Form::text:
    case Form::word:
    case Form::name:
    case Form::type:
      break;
  }
  return "string";
}

}  // namespace

std::string shape_of(const std::vector<verify::FactRule>& rules) {
  std::vector<std::string> parts;
  for (const auto& rule : rules)
    parts.push_back(fmt::format("{}: {}", rule.key, type_of(rule.form)));
  return "{ " + text::joined(parts, ", ") + " }";
}

std::string shape_with(const std::string& said, verify::Part part) {
  return fmt::format("{{ {}, {}", said, shape_of(verify::part_rules(part)).substr(2));
}

verify::ExpectedFacts read_facts(script::Options& options, const Primitive& primitive,
                                 const std::vector<verify::FactRule>& rules) {
  using Kind = script::Value::Kind;
  verify::ExpectedFacts facts;
  for (const auto& rule : rules) {
    // Asked for in any case, so that finish() can name it where another is misspelt.
    const script::Value value = options.value(rule.key);
    if (value.kind == Kind::nothing) continue;
    verify::Fact fact;
    if (rule.form == Form::list || rule.form == Form::set || rule.form == Form::names) {
      fact.is_list = true;
      fact.items = options.texts(rule.key).value_or(std::vector<std::string>{});
    } else if (rule.form == Form::boolean) {
      fact.text = options.boolean(rule.key).value_or(false) ? "true" : "false";
    } else if (value.kind != Kind::null) {
      fact.text = param_of(value, primitive);
    }
    facts.emplace_back(rule.key, std::move(fact));
  }
  return facts;
}

verify::ExpectedFacts read_facts(Call& call, int index,
                                 const std::vector<verify::FactRule>& rules) {
  auto options = call.options(index, "the facts");
  auto facts = read_facts(options, call.primitive(), rules);
  options.finish();
  if (facts.empty()) throw Error{Code::argument, "{} says nothing", call.primitive().name};
  return facts;
}

}  // namespace engine::bindings
