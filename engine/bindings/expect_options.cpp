#include "bindings/expect.h"
#include "verify/options.h"

namespace engine::bindings {
namespace {

template <typename T>
int has_option(Call& call) {
  call.no_more_than(2);
  std::optional<std::string> value;
  if (call.given(2)) value = param_of(call.value(2, "the value"), call.primitive()).value_or("");
  return record<T>(call, verify::has_option(call.subject<Chain<T>>().subject,
                                            call.text(1, "the option"), value));
}

template <typename T>
int has_no_option(Call& call) {
  call.no_more_than(1);
  return record<T>(
      call, verify::has_no_option(call.subject<Chain<T>>().subject, call.text(1, "the option")));
}

int has_definition(Call& call) {
  call.no_more_than(1);
  const auto query = call.sql(1, "the query");
  return record<verify::Subject>(
      call, verify::has_definition(call.subject<RelationChain>().subject, query.text));
}

int is_populated(Call& call) {
  call.no_more_than(0);
  return record<verify::Subject>(call, verify::is_populated(call.subject<RelationChain>().subject));
}

}  // namespace

void expect_options(Registry& add) {
  const Primitive option{.name = "",
                         .effect = Effect::reads,
                         .parameters = {"option string", "value? any"},
                         .returns = {"self"},
                         .doc =
                             "Checks an option of WITH (…), or a setting of a routine's SET. "
                             "Without a value: that it is set.",
                         .example = "expect.view \"v\" :has_option(\"security_invoker\", true)",
                         .body = has_option<verify::Subject>};
  add_each(add, OF_READABLE("has_option"), option);
  Primitive setting = option;
  setting.example = "expect.routine \"f()\" :has_option(\"search_path\", \"\")";
  setting.body = has_option<verify::RoutineSubject>;
  add_each(add, {"expect.routine:has_option"}, setting);
  const Primitive none{.name = "",
                       .effect = Effect::reads,
                       .parameters = {"option string"},
                       .returns = {"self"},
                       .doc = "Checks that the option is not set to any value.",
                       .example = "expect.view \"v\" :has_no_option \"security_barrier\"",
                       .body = has_no_option<verify::Subject>};
  add_each(add, OF_READABLE("has_no_option"), none);
  Primitive no_setting = none;
  no_setting.example = "expect.routine \"f()\" :has_no_option \"search_path\"";
  no_setting.body = has_no_option<verify::RoutineSubject>;
  add_each(add, {"expect.routine:has_no_option"}, no_setting);
  add_each(add, {"expect.view:has_definition", "expect.matview:has_definition"},
           {.name = "",
            .effect = Effect::reads,
            .parameters = {"query string"},
            .returns = {"self"},
            .doc = "Checks the view's query. List the columns: the server does not store `*`.",
            .example = "expect.view \"v\" :has_definition \"SELECT id, name FROM t WHERE active\"",
            .body = has_definition});
  add_each(add, {"expect.matview:is_populated"},
           {.name = "",
            .effect = Effect::reads,
            .parameters = {},
            .returns = {"self"},
            .doc = "Checks that the materialized view was refreshed with data.",
            .example = "expect.matview \"monthly_usage\" :is_populated()",
            .body = is_populated});
}

}  // namespace engine::bindings
