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
       .parameters = {"why string", "hint? string what to do about it"},
       .returns = {},
       .doc =
           "Ends the command, because going on would be wrong. The step is not done and not "
           "failed: what its transaction did is rolled back. The command exits with 5, or with 3 "
           "where earlier steps of the run stand. `run` begins again with this step.",
       .example = "if db.count \"t\" > input.limit then refuse(\"t has too many rows\", \"Give "
                  "--set limit=VALUE.\") end",
       .body = refuse});
}

}  // namespace engine::bindings
