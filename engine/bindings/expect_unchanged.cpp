#include "bindings/expect.h"
#include "verify/objects.h"
#include "verify/unchanged.h"

namespace engine::bindings {
namespace {

using verify::ObjectSubject;

verify::CatalogHashes picture_now(Call& call) {
  return verify::catalog_hashes_of(connection_of(call), call.session().journal_schema());
}

/// A picture as Lua holds it, and what json.decode or `state` made of it.
verify::CatalogHashes picture_of(const script::Value& given) {
  verify::CatalogHashes picture;
  for (const auto& [object, parts] : given.fields) {
    verify::CatalogHashes::mapped_type& kept = picture[object];
    for (const auto& [part, hash] : parts.fields) kept[part] = hash.text;
  }
  return picture;
}

int picture(Call& call) {
  call.no_more_than(0);
  return call.push_json(verify::to_json(picture_now(call)));
}

verify::CatalogHashes picture_before(Call& call) {
  if (call.given(2)) {
    auto options = call.options(2, "the options");
    const verify::CatalogHashes given = picture_of(options.value("since"));
    options.finish();
    if (!given.empty()) return given;
    throw Error{Code::argument, "{}: since must be a result of catalog.picture",
                call.primitive().name}
        .hint("catalog.picture() gives one.");
  }
  if (const verify::CatalogHashes* start = call.session().catalog_at_start()) return *start;
  throw Error{Code::argument, "{} has no picture of the catalog from the run's start",
              call.primitive().name}
      .hint(
          "A task has none, nor has a run that began before the plan had this check. Pass one, "
          "{ since = catalog.picture() }.");
}

int unchanged_except(Call& call) {
  call.no_more_than(2);
  const auto except = call.given(1) ? call.texts(1, "the exceptions") : std::vector<std::string>{};
  const verify::CatalogHashes before = picture_before(call);
  return record<ObjectSubject>(call, verify::unchanged_except(before, picture_now(call), except));
}

}  // namespace

void expect_unchanged(Registry& add) {
  add({.name = "catalog.picture",
       .effect = Effect::reads,
       .parameters = {},
       .returns = {"table<string, table<string, string>>"},
       .doc = "Returns short hashes of every object of the database and of its parts, without the "
              "engine's own: for `unchanged_except`, if it should not compare with the run's "
              "start.",
       .example = "state.before = catalog.picture()",
       .body = picture});
  add({.name = "expect.database:unchanged_except",
       .effect = Effect::reads,
       .parameters = {"except? string|string[] \"table public.t\", \"t\", \"t: column name\", or "
                      "\"schema app\"",
                      "options? { since: table }"},
       .returns = {"self"},
       .doc =
           "Checks that since the run began no object, and no part of one, was added, removed or "
           "changed, except the named ones. If a plan has this check, the engine hashes the whole "
           "catalog when the run begins and stores the hashes with the run. `since` compares with "
           "a `catalog.picture` instead. Rows and sequence values are not compared.",
       .example = "expect.database() :unchanged_except({ \"t\" }, { since = catalog.picture() })",
       .body = unchanged_except});
}

}  // namespace engine::bindings
