#include <nlohmann/json.hpp>

#include "bindings/expect.h"
#include "verify/objects.h"
#include "verify/unchanged.h"

namespace engine::bindings {
namespace {

using verify::ObjectSubject;

verify::Picture picture_now(Call& call) {
  return verify::picture_of(connection_of(call), call.session().journal_schema());
}

int picture(Call& call) {
  call.no_more_than(0);
  return call.push_json(nlohmann::json(picture_now(call)).dump());
}

int unchanged_except(Call& call) {
  call.no_more_than(2);
  call.options(1, "the picture");
  verify::Picture before;
  for (const auto& [object, hash] : call.value(1, "the picture").fields) before[object] = hash.text;
  if (before.empty()) {
    throw Error{Code::argument, "{} needs the picture of before", call.primitive().name}.hint(
        "Write state.before = catalog.picture() in the run of the first step.");
  }
  const auto except = call.given(2) ? call.texts(2, "the exceptions") : std::vector<std::string>{};
  return record<ObjectSubject>(call, verify::unchanged_except(before, picture_now(call), except));
}

}  // namespace

void expect_unchanged(Registry& add) {
  add({.name = "catalog.picture",
       .effect = Effect::reads,
       .parameters = {},
       .returns = {"table<string, string>"},
       .doc = "Gives a short hash of every object of the database, besides the engine's own: to be "
              "kept in `state`, for `unchanged_except`.",
       .example = "state.before = catalog.picture()",
       .body = picture});
  add({.name = "expect.database:unchanged_except",
       .effect = Effect::reads,
       .parameters = {"before table<string, string> what catalog.picture gave",
                      "except? string|string[] \"table public.t\", \"t\", or \"schema app\""},
       .returns = {"self"},
       .doc =
           "Checks that no object was added, removed or changed, but what is named. Rows are not "
           "looked at, nor where sequences stand.",
       .example =
           "expect.database() :unchanged_except(state.before or catalog.picture(), { \"t\" })",
       .body = unchanged_except});
}

}  // namespace engine::bindings
