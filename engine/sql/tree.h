// Walking a parse tree. A sum of many terms is a tree as deep as it has terms, so no walk recurses.
// Private to sql.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace engine::sql {

/// Calls `visit(key, value)` with each member of each object below `root`, the outer before the
/// inner and in their order. Where it gives false, what is in that value is not visited.
template <typename Visit>
void for_each_member(const nlohmann::json& root, Visit visit) {
  struct Member {
    const std::string* key;  // null: an item of a list
    const nlohmann::json* value;
  };
  std::vector<Member> waiting;
  const auto add_members = [&](const nlohmann::json& node) {
    const auto first = static_cast<std::ptrdiff_t>(waiting.size());
    if (node.is_object()) {
      for (const auto& [key, value] : node.get_ref<const nlohmann::json::object_t&>())
        waiting.push_back({&key, &value});
    } else if (node.is_array()) {
      for (const nlohmann::json& item : node) waiting.push_back({nullptr, &item});
    }
    std::reverse(waiting.begin() + first, waiting.end());
  };
  add_members(root);
  while (!waiting.empty()) {
    const Member member = waiting.back();
    waiting.pop_back();
    if (member.key == nullptr || visit(*member.key, *member.value)) add_members(*member.value);
  }
}

}  // namespace engine::sql
