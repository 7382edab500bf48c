// A plan and a fixture in a folder, and what `engine preview --json` tells of them.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/folder.h"
#include "support/program.h"

namespace test {

using json = nlohmann::json;

struct Previewed {
  Ended ended;
  std::vector<json> events;

  std::vector<json> all(const std::string& name) const {
    std::vector<json> found;
    for (const json& event : events) {
      if (event.at("event") == name) found.push_back(event);
    }
    return found;
  }
  /// Rules by step; of what the plan leaves as a whole under "".
  std::map<std::string, std::set<std::string>> rules() const {
    std::map<std::string, std::set<std::string>> found;
    for (const json& finding : all("finding")) found[finding.at("step")].insert(finding.at("rule"));
    return found;
  }
  json proof(const std::string& of) const {
    for (const json& proof : all("proof")) {
      if (proof.at("of") == of) return proof;
    }
    return {};
  }
  std::string verdict() const {
    const auto verdicts = all("verdict");
    return verdicts.empty() ? "" : verdicts.front().at("result").get<std::string>();
  }
};

inline Previewed preview(const Folder& folder, std::vector<std::string> more) {
  more.insert(more.begin(), {"preview", "plan.lua", "--json"});
  Previewed previewed{run_engine(more, {folder.path(), {}, std::chrono::seconds{120}}), {}};
  for (const std::string& line : engine::text::lines(previewed.ended.out)) {
    if (!line.empty()) previewed.events.push_back(json::parse(line));
  }
  return previewed;
}

inline Previewed preview(const std::string& plan, const std::string& fixture,
                         const std::vector<std::string>& more = {}) {
  Folder folder;
  folder.write("plan.lua", plan);
  folder.write("before.sql", fixture);
  std::vector<std::string> words{"--from", "before.sql"};
  words.insert(words.end(), more.begin(), more.end());
  return preview(folder, words);
}

}  // namespace test
