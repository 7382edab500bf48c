#include "bindings/expect.h"
#include "verify/objects.h"
#include "verify/unchanged.h"

namespace engine::bindings {
namespace {

using verify::ObjectSubject;

verify::Picture picture_now(Call& call) {
  return verify::picture_of(connection_of(call), call.session().journal_schema());
}

/// A picture as Lua holds it, and what json.decode or `state` made of it.
verify::Picture picture_of(const script::Value& given) {
  verify::Picture picture;
  for (const auto& [object, parts] : given.fields) {
    verify::Picture::mapped_type& kept = picture[object];
    for (const auto& [part, hash] : parts.fields) kept[part] = hash.text;
  }
  return picture;
}

int picture(Call& call) {
  call.no_more_than(0);
  return call.push_json(verify::to_json(picture_now(call)));
}

verify::Picture picture_before(Call& call) {
  if (call.given(2)) {
    auto options = call.options(2, "the options");
    const verify::Picture given = picture_of(options.value("since"));
    options.finish();
    if (!given.empty()) return given;
    throw Error{Code::argument, "{}: since must be a picture", call.primitive().name}.hint(
        "catalog.picture() gives one.");
  }
  if (const verify::Picture* start = call.session().catalog_at_start()) return *start;
  throw Error{Code::argument, "{} has no picture of the catalog at the run's start",
              call.primitive().name}
      .hint(
          "A task, and a run that began before the plan had this check, has none: give one, "
          "{ since = catalog.picture() }.");
}

int unchanged_except(Call& call) {
  call.no_more_than(2);
  const auto except = call.given(1) ? call.texts(1, "the exceptions") : std::vector<std::string>{};
  const verify::Picture before = picture_before(call);
  return record<ObjectSubject>(call, verify::unchanged_except(before, picture_now(call), except));
}

}  // namespace

void expect_unchanged(Registry& add) {
  add({.name = "catalog.picture",
       .effect = Effect::reads,
       .parameters = {},
       .returns = {"table<string, table<string, string>>"},
       .doc = "Gives short hashes of every object of the database and of its parts, besides the "
              "engine's own: for `unchanged_except`, where it is not to compare with the run's "
              "start.",
       .example = "state.before = catalog.picture()",
       .body = picture});
  add({.name = "expect.database:unchanged_except",
       .effect = Effect::reads,
       .parameters = {"except? string|string[] \"table public.t\", \"t\", \"t: column name\", or "
                      "\"schema app\"",
                      "options? { since: table }"},
       .returns = {"self"},
       .doc = "Checks that since the run began no object was added, removed or changed, nor any "
              "part of one, but what is named. The engine looks at the whole catalog when the run "
              "of a plan with this check begins, and keeps it with the run; `since` compares with "
              "a `catalog.picture` instead. Rows are not looked at, nor where sequences stand.",
       .example = "expect.database() :unchanged_except({ \"t\" }, { since = catalog.picture() })",
       .body = unchanged_except});
}

}  // namespace engine::bindings
