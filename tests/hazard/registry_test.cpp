// The rules as a whole: each is complete, each has its scenario, and the page says what they say.
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/file.h"
#include "hazard/rules/hazards_page.h"
#include "hazard/rules/tool_map.h"
#include "hazard/scenario.h"
#include "support/catch.h"

using namespace test;
using namespace engine::database_state;
using namespace engine::hazard;
using namespace engine::shadow;
using namespace engine::trace;

namespace {

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all;
  for (const auto& some :
       {index_scenarios(), constraint_scenarios(), column_scenarios(), table_scenarios(),
        row_scenarios(), type_scenarios(), code_scenarios(), name_scenarios(), lock_scenarios(),
        access_scenarios(), opening_scenarios(), loss_scenarios(), policy_scenarios(),
        condition_scenarios(), policy_function_scenarios(), data_scenarios(), outside_scenarios(),
        sampling_scenarios()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace

TEST_CASE("every rule has a plan that trips it and one that does it the safer way") {
  std::multiset<std::string> tried;
  for (const Scenario& scenario : all_scenarios()) {
    INFO(scenario.rule);
    CHECK(!scenario.trips.empty());
    CHECK(!scenario.safer.empty());
    tried.insert(scenario.rule);
  }
  std::multiset<std::string> known;
  for (const std::string& id : rule_ids()) known.insert(id);
  CHECK(tried == known);
}

TEST_CASE("every rule says what it does to whom, and what else to do") {
  for (const RuleGroup& group : rule_groups()) {
    for (const Rule& rule : group.rules) {
      INFO(rule.id);
      CHECK(std::string{rule.what}.size() > 20);
      CHECK(!std::string{rule.safer}.empty());
      CHECK(rule.find != nullptr);
    }
  }
}

TEST_CASE("a safer way names only primitives that there are") {
  const std::string reference = SOURCE_FOLDER "/docs/reference/";
  std::string headings;
  for (const char* page : {"backup.gen.md", "catalog.gen.md", "copy.gen.md", "db.gen.md",
                           "expect.gen.md", "supabase.md"})
    headings += engine::file::read(reference + page);
  const std::regex primitive{"\\b(?:backup|catalog|copy|db|expect|supabase)\\.[a-z_]+"};
  for (const RuleGroup& group : rule_groups()) {
    for (const Rule& rule : group.rules) {
      const std::string safer = rule.safer;
      for (std::sregex_iterator it{safer.begin(), safer.end(), primitive}, end; it != end; ++it) {
        INFO(rule.id << " advises " << it->str());
        CHECK(headings.find("## " + it->str() + "(") != std::string::npos);
      }
    }
  }
}

TEST_CASE("rules of other tools are found here, or it is said why not") {
  std::set<std::string> known;
  for (const std::string& id : rule_ids()) known.insert(id);
  std::set<std::pair<std::string, std::string>> seen;
  std::map<std::string, int> counts;
  for (const ToolRule& peer : tool_rules()) {
    INFO(peer.tool << " " << peer.rule);
    CHECK(seen.emplace(peer.tool, peer.rule).second);
    CHECK((*peer.ours == '\0') != (*peer.instead == '\0'));
    std::istringstream ids{peer.ours};
    for (std::string id; ids >> id;) CHECK(known.contains(id));
    ++counts[peer.tool];
  }
  CHECK(counts["squawk"] >= 39);
  CHECK(counts["eugene"] == 15);
  CHECK(counts["strong_migrations"] >= 28);
  CHECK(counts["online_migrations"] >= 33);
  CHECK(counts["pgfence"] >= 73);
}

TEST_CASE("the page of hazards is what the rules say") {
  // Stale: run `cmake --build build/dev --target reference`.
  CHECK(engine::file::read(SOURCE_FOLDER "/docs/reference/hazards.gen.md") == hazards_page());
}
