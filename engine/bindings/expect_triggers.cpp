#include "bindings/expect.h"
#include "bindings/expect_facts.h"
#include "verify/triggers.h"

namespace engine::bindings {
namespace {

using verify::Subject;

const Subject& subject_of(Call& call) { return call.subject<RelationChain>().subject; }

int has_trigger(Call& call) {
  call.no_more_than(2);
  verify::TriggerSpec spec;
  spec.name = call.text(1, "the name");
  auto options = call.options(2, "the options");
  if (const auto function = options.text("function")) {
    spec.function = QualifiedName::parse(function->substr(0, function->find('(')));
  }
  spec.timing = upper(options.text("timing").value_or(""));
  spec.events = upper(options.texts("events").value_or(std::vector<std::string>{}));
  spec.for_each = upper(options.text("for_each").value_or(""));
  spec.enabled = options.boolean("enabled").value_or(true);
  const auto facts =
      read_facts(options, call.primitive(), verify::part_rules(verify::Part::trigger));
  options.finish();
  return record<Subject>(call,
                         with_facts(verify::has_trigger(subject_of(call), spec), subject_of(call),
                                    verify::Part::trigger, spec.name, facts));
}

int has_no_trigger(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::has_no_trigger(subject_of(call), call.text(1, "the name")));
}

int triggers_are(Call& call) {
  call.no_more_than(1);
  return record<Subject>(call, verify::triggers_are(subject_of(call), call.texts(1, "the names")));
}

}  // namespace

void expect_triggers(Registry& add) {
  add_each(add, {"expect.table:has_trigger", "expect.view:has_trigger"},
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"name string",
                           kept("options? " +
                                shape_with("function: string, timing: string, events: "
                                           "string|string[], for_each: string, enabled: boolean",
                                           verify::Part::trigger))},
            .returns = {"self"},
            .doc = "Checks that the trigger exists, is enabled and has the given properties. "
                   "`function` is a Lua keyword: write "
                   "[\"function\"].",
            .example = "expect.table \"t\" :has_trigger(\"touch\", { timing = \"BEFORE\", events = "
                       "{ \"UPDATE\" } })",
            .body = has_trigger});
  add_each(add, {"expect.table:has_no_trigger", "expect.view:has_no_trigger"},
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"name string"},
            .returns = {"self"},
            .doc = "Checks that the trigger does not exist.",
            .example = "expect.table \"t\" :has_no_trigger \"touch\"",
            .body = has_no_trigger});
  add_each(add, {"expect.table:triggers_are", "expect.view:triggers_are"},
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"names string[]"},
            .returns = {"self"},
            .doc = "Checks that the table has exactly these triggers, besides the server's own.",
            .example = "expect.table \"t\" :triggers_are { \"touch\" }",
            .body = triggers_are});
}

}  // namespace engine::bindings
