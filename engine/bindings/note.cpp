#include "bindings/registry.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int tell(Call& call) {
  const std::string text = call.text(1, "what it says");
  call.no_more_than(1);
  call.session().note(text);
  return 0;
}

}  // namespace

void note(Registry& add) {
  add({.name = "note",
       .effect = Effect::reads,
       .parameters = {"text string"},
       .returns = {},
       .doc = "Prints a note for the operator.",
       .example = "note((\"%d sessions have no title\"):format(db.count(\"sessions\", \"title IS "
                  "NULL\")))",
       .body = tell});
}

}  // namespace engine::bindings
