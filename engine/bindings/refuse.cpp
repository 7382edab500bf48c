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
       .doc = "Ends the command here: this step is not begun, or is taken back, and does not count "
              "as failed.",
       .example = "if catalog.has_view \"report\" then refuse(\"report still reads it\", \"Drop "
                  "the view first.\") end",
       .body = refuse});
}

}  // namespace engine::bindings
