#include "preview/rules/hazards_page.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"
#include "preview/rules/peers.h"
#include "preview/rules/rule.h"
#include "preview/target/impact.h"

namespace engine::preview {
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
  page +=
      "\n## What impacts are reckoned with\n\n| work | at least | at most | written ahead |\n"
      "| --- | --- | --- | --- |\n";
  for (const Rate& rate : rates)
    page += fmt::format(
        "| {} | {} {}/s | {} {}/s | {} |\n", rate.work, text::grouped(whole(rate.low)), rate.unit,
        text::grouped(whole(rate.high)), rate.unit,
        rate.wal_high == 0 ? "nothing"
                           : fmt::format("{} to {} bytes a {}", rate.wal_low, rate.wal_high,
                                         rate.unit == std::string_view{"MB"} ? "byte" : "row"));
  page +=
      "\nMeasured on PostgreSQL 15 with tables of 0.2 to 2 million rows; the slow end is a cold "
      "disk "
      "of 100 MB/s that\n"
      "others use too. How much room the target's disks have is not to be had by SQL: compare "
      "`disk_bytes` yourself.\n"
      "\n## For those who come from other tools\n\n| tool | its rule | here |\n| --- | --- | --- "
      "|\n";
  for (const PeerRule& peer : peer_rules())
    page += fmt::format("| {} | {} | {} |\n", peer.tool, peer.rule,
                        *peer.ours == '\0' ? std::string{peer.instead} : linked(peer.ours));
  return page;
}

}  // namespace engine::preview
