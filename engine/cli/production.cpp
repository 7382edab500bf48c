#include "cli/production.h"

#include "base/error.h"
#include "base/text.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

std::string database_of(const Chosen& chosen) {
  const auto found = chosen.target.parameters().find("dbname");
  if (chosen.embedded) return "embedded";
  return found == chosen.target.parameters().end() ? "" : found->second;
}

}  // namespace

void guard_production(Context& context, const Chosen& chosen) {
  const std::string& typed = context.options().target;
  const std::string name = chosen.name.empty() ? database_of(chosen) : chosen.name;
  if (!typed.empty()) {
    if (typed == name) return;
    throw Error{Code::refused, "--target names {}, but the target is {}", typed, name}.hint(
        "Choose the target that you mean with --env or --database.");
  }
  if (!chosen.environment.production) return;
  const Error refusal =
      Error{Code::refused, "{} is a production target, and its name was not typed", name}.hint(
          fmt::format("Add --target {} once you are sure.", shell_word(name)));
  if (!context.person().interactive()) throw refusal;
  const auto answer = context.console().ask(fmt::format(
      "{} is a production target. Type its name to go on: ", report::shown_on_one_line(name)));
  if (!answer || text::trimmed(*answer) != name) throw refusal;
}

}  // namespace engine::cli
