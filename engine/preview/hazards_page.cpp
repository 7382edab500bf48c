#include "preview/hazards_page.h"

#include <fmt/format.h>

#include "preview/rule.h"

namespace engine::preview {

std::string hazards_page() {
  std::string page =
      "<!-- Printed by the engine from its rules: do not edit, run the target `reference`. -->\n\n"
      "# Hazards\n\n"
      "What `engine preview` finds, by executing the plan on a shadow. A plan accepts one with a "
      "reason:\n"
      "`accept = { [\"index.create-blocking\"] = \"the table is empty\" }`. Where the tables "
      "concerned are\n"
      "small by the target's statistics (fewer than 10,000 rows and 8 MB), waiting hazards are "
      "told as info.\n";
  for (const RuleGroup& group : rule_groups()) {
    page += fmt::format(
        "\n## {}\n\n| rule | severity | evidence | what it does | the safer way |\n"
        "| --- | --- | --- | --- | --- |\n",
        group.title);
    for (const Rule& rule : group.rules)
      page += fmt::format("| `{}` | {} | {} | {} | {} |\n", rule.id, rule.severity, rule.evidence,
                          rule.what, rule.safer);
  }
  return page;
}

}  // namespace engine::preview
