#include "trace/lock_facts.h"

#include <fmt/format.h>

#include "base/text.h"
#include "trace/trace.h"

namespace engine::trace {
namespace {

constexpr LockFact facts[]{
#include "trace/lock_facts.gen.inc"
};

}  // namespace

std::span<const LockFact> lock_facts() { return facts; }

std::string locks_page() {
  std::string page =
      "<!-- Made from traces by tests/trace/lock_facts_test.cpp: do not edit, run it with "
      "UPDATE_GOLDEN=1. -->\n\n"
      "# Locks by statement\n\n"
      "Each statement was executed on PostgreSQL 15 with a second session looking on: table `t` "
      "with rows, its\n"
      "index `i`, and what the statement names. Told is the strongest lock on each relation that "
      "was there before\n"
      "and that somebody could wait for; it is held until the transaction ends.\n\n"
      "| statement | on | lock | blocks | all rows |\n| --- | --- | --- | --- | --- |\n";
  for (const LockFact& fact : facts) {
    const std::vector<std::string> blocks = blocked_by(fact.mode);
    page += fmt::format("| `{}` | {} | {} | {} | {} |\n", fact.statement, fact.on,
                        *fact.mode == '\0' ? "none" : spoken(fact.mode),
                        blocks.empty() ? "nobody" : text::joined(blocks, ", "),
                        fact.rewrites ? "written anew"
                        : fact.scans  ? "read"
                                      : "");
  }
  return page;
}

}  // namespace engine::trace
