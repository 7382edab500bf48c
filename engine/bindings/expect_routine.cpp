#include "bindings/expect.h"
#include "verify/routine.h"

namespace engine::bindings {
namespace {

using verify::RoutineSubject;

int routine(Call& call) {
  call.no_more_than(1);
  auto subject = RoutineSubject::read(connection_of(call), call.text(1, "the routine"));
  call.record(exists(subject));
  return call.push_subject(Chain<RoutineSubject>{std::move(subject), {}});
}

int no_routine(Call& call) {
  call.no_more_than(1);
  call.record(
      does_not_exist(RoutineSubject::read(connection_of(call), call.text(1, "the routine"))));
  return 0;
}

template <event::Outcome (*assertion)(const RoutineSubject&, const verify::RoutineSpec&)>
int routine_is(Call& call) {
  call.no_more_than(1);
  auto options = call.options(1, "the options");
  verify::RoutineSpec spec;
  spec.returns = options.text("returns").value_or("");
  spec.language = options.text("language").value_or("");
  spec.volatility = options.text("volatility").value_or("");
  spec.security = options.text("security").value_or("");
  spec.strict = options.boolean("strict");
  spec.kind = options.text("kind").value_or("");
  spec.parallel = options.text("parallel").value_or("");
  spec.leakproof = options.boolean("leakproof");
  spec.body = options.text("body");
  options.finish();
  return record<RoutineSubject>(call,
                                assertion(call.subject<Chain<RoutineSubject>>().subject, spec));
}

}  // namespace

void expect_routine(Registry& add) {
  add({.name = "expect.routine",
       .effect = Effect::reads,
       .parameters = {"routine string name(types), or only the name if it is unique"},
       .returns = {"expect.routine"},
       .doc = "Checks that the function or procedure exists.",
       .example = "expect.routine \"increment_usage(uuid, integer)\" :is { returns = \"void\" }",
       .body = routine});
  add({.name = "expect.no_routine",
       .effect = Effect::reads,
       .parameters = {"routine string"},
       .returns = {},
       .doc = "Checks that the function or procedure does not exist.",
       .example = "expect.no_routine \"increment_usage(bigint)\"",
       .body = no_routine});
  add({.name = "expect.routine:is",
       .effect = Effect::reads,
       .parameters = {"options { returns: string, language: string, volatility: string, security: "
                      "string, strict: boolean, kind: string, parallel: string, leakproof: "
                      "boolean, body: string }"},
       .returns = {"self"},
       .doc = "Checks the given properties: volatility is immutable, stable or volatile; security "
              "is definer or invoker.",
       .example =
           "expect.routine \"auth.uid()\" :is { returns = \"uuid\", volatility = \"stable\" }",
       .body = routine_is<verify::routine_is>});
  add({.name = "expect.routine:is_not",
       .effect = Effect::reads,
       .parameters = {"options { returns: string, language: string, volatility: string, security: "
                      "string, strict: boolean, kind: string, parallel: string, leakproof: "
                      "boolean, body: string }"},
       .returns = {"self"},
       .doc = "Checks that it exists, and that at least one of the given properties differs.",
       .example = "expect.routine \"auth.uid()\" :is_not { kind = \"aggregate\" }",
       .body = routine_is<verify::routine_is_not>});
  add_named<RoutineSubject>(add, {"expect.routine:named"});
}

}  // namespace engine::bindings
