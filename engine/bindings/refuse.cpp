#include "bindings/registry.h"

namespace engine::bindings {
namespace {

int refuse(Call& call) {
  const std::string why = call.text(1, "the reason");
  const auto hint = call.text_or_nothing(2, "the hint");
  call.no_more_than(2);
  throw Error{Code::refused, "{}", why}.hint(hint.value_or(""));
}

}  // namespace

void refuse(Registry& add) {
  add({.name = "refuse",
       .effect = Effect::pure,
       .parameters = {"why string", "hint? string the next thing to do"},
       .returns = {},
       .doc = "Ends the command because continuing would be wrong. The step counts neither as done "
              "nor as failed, and its transaction is rolled back. The command exits with 5, or "
              "with 3 if earlier steps of the run are done. The next `run` starts with this step.",
       .example = "if db.count \"t\" > input.limit then refuse(\"t has too many rows\", \"Give "
                  "--set limit=VALUE.\") end",
       .body = refuse});
}

}  // namespace engine::bindings
