#include "hazard/rules/hazards_page.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"
#include "hazard/rules/rule.h"
#include "hazard/rules/tool_map.h"
#include "hazard/target/impact.h"

namespace engine::hazard {
namespace {

std::int64_t whole(double number) { return static_cast<std::int64_t>(number); }

/// "a b" as "`a`, `b`"
std::string linked(std::string_view ids) {
  std::string words = "`";
  for (const char c : ids) words += c == ' ' ? std::string{"`, `"} : std::string{c};
  return words + "`";
}

}  // namespace

std::string hazards_page() {
  std::string page =
      "<!-- Printed by the engine from its rules: do not edit, run the target `reference`. -->\n\n"
      "# Hazards\n\n"
      "`engine preview` executes the plan on a shadow and reports these hazards. A plan accepts\n"
      "one with a reason: `accept = { [\"index.create-blocking\"] = \"the table is empty\" }`.\n"
      "Hazards that only make others wait are info on tables that are small by the target's\n"
      "statistics (fewer than 10,000 rows and 8 MB).\n";
  for (const RuleGroup& group : rule_groups()) {
    page += fmt::format(
        "\n## {}\n\n| rule | severity | evidence | what it does | the safer way |\n"
        "| --- | --- | --- | --- | --- |\n",
        group.title);
    for (const Rule& rule : group.rules)
      page += fmt::format("| `{}` | {} | {} | {} | {} |\n", rule.id, name_of(rule.severity),
                          name_of(rule.evidence), rule.what, rule.safer);
  }
  page +=
      "\n## Rates of the impact estimates\n\n| work | at least | at most | WAL |\n"
      "| --- | --- | --- | --- |\n";
  for (const Rate& rate : rates)
    page += fmt::format(
        "| {} | {} {}/s | {} {}/s | {} |\n", rate.work, text::grouped(whole(rate.low)), rate.unit,
        text::grouped(whole(rate.high)), rate.unit,
        rate.wal_high == 0 ? "nothing"
                           : fmt::format("{} to {} bytes a {}", rate.wal_low, rate.wal_high,
                                         rate.unit == std::string_view{"MB"} ? "byte" : "row"));
  page +=
      "\nThe rates were measured on PostgreSQL 15 with tables of 0.2 to 2 million rows. The slow\n"
      "end is a cold disk of 100 MB/s that others use too. SQL does not show how much disk space\n"
      "the target has free: compare it with `disk_bytes` yourself.\n"
      "\n## Rules of other tools\n\n| tool | its rule | here |\n| --- | --- | --- |\n";
  for (const ToolRule& peer : tool_rules())
    page += fmt::format("| {} | {} | {} |\n", peer.tool, peer.rule,
                        *peer.ours == '\0' ? std::string{peer.instead} : linked(peer.ours));
  return page;
}

}  // namespace engine::hazard
