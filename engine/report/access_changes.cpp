#include "report/access_changes.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

using event::Difference;

constexpr std::size_t most_changes = 40;

}  // namespace

std::vector<AccessChange> access_changes(const std::vector<Difference>& differences) {
  // One role's privileges first, then roles that have the same ones.
  std::vector<AccessChange> of_roles, changes;
  std::map<std::vector<std::string>, std::size_t> known;
  for (const Difference& one : differences) {
    if (one.kind != "access") continue;
    const auto [same, is_first] =
        known.try_emplace({one.mark, one.object, one.before, one.after, one.role}, of_roles.size());
    if (is_first) of_roles.push_back({one.mark, one.object, one.before, one.after, {one.role}, {}});
    of_roles[same->second].privileges.push_back(one.privilege);
  }
  known.clear();
  for (const char* mark : {"opened", "closed", "changed"}) {
    for (AccessChange& change : of_roles) {
      if (change.mark != mark) continue;
      std::vector<std::string> key{change.mark, change.object, change.before, change.after};
      key.insert(key.end(), change.privileges.begin(), change.privileges.end());
      const auto [same, is_first] = known.try_emplace(std::move(key), changes.size());
      if (is_first) {
        changes.push_back(std::move(change));
      } else {
        changes[same->second].roles.push_back(change.roles.front());
      }
    }
  }
  return changes;
}

std::string sentence(const AccessChange& change) {
  const std::string &was = change.before, &is = change.after;
  std::string extent = was.empty() || is.starts_with(was) ? is
                       : is.empty()                       ? was
                                                          : was + " -> " + is;
  // Of what is simply allowed or not there is no more to say.
  extent = extent == "allowed" ? "" : " (" + extent + ")";
  return text::joined(change.roles, ", ") + ": " + text::joined(change.privileges, ", ") + " on " +
         change.object + extent;
}

std::string changed_access(const std::vector<Difference>& differences, const Paint& paint,
                           int width) {
  const std::size_t columns = std::max<std::size_t>(static_cast<std::size_t>(width), 40);
  const std::vector<AccessChange> changes = access_changes(differences);
  std::string page;
  for (std::size_t i = 0; i < std::min(changes.size(), most_changes); ++i) {
    const std::string& mark = changes[i].mark;
    std::string word = mark == "opened"   ? paint.yellow("opened   ")
                       : mark == "closed" ? paint.red("closed   ")
                                          : paint.dim("changed  ");
    for (const std::string& line : wrap(shown_on_one_line(sentence(changes[i])), columns - 13)) {
      page += "  " + word + line + "\n";
      word = "           ";
    }
  }
  if (changes.size() > most_changes) {
    page += fmt::format("  … and {} more (--json and --report show all)\n",
                        changes.size() - most_changes);
  }
  return page;
}

}  // namespace engine::report
