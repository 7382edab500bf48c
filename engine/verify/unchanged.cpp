#include "verify/unchanged.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "verify/outcomes.h"

namespace engine::verify {
namespace {

constexpr std::size_t most_told = 12;

using Parts = std::map<std::string, std::string>;

/// "function public.f(integer)" as "function public.f".
std::string without_signature(const std::string& object) {
  return object.substr(0, object.find('('));
}

bool ends_with_name(const std::string& object, const std::string& written) {
  return object.ends_with(" " + written) || object.ends_with("." + written);
}

bool is_named(const std::string& object, const std::string& written) {
  if (object == written || ends_with_name(object, written)) return true;
  if (written.find('(') == std::string::npos && object.ends_with(")")) {
    const std::string bare = without_signature(object);
    if (bare == written || ends_with_name(bare, written)) return true;
  }
  if (!written.starts_with("schema ")) return false;
  return object.find(" " + written.substr(7) + ".") != std::string::npos;
}

std::vector<std::string> common_lines(const std::string& of, const std::string& with) {
  const std::vector<std::string> others = text::lines(with);
  std::vector<std::string> common = text::lines(of);
  std::erase_if(common, [&](const std::string& line) {
    return std::find(others.begin(), others.end(), line) == others.end();
  });
  return common;
}

bool is_same(const std::string& part, const std::string& before, const std::string& now) {
  if (part == order_of_columns) return common_lines(before, now) == common_lines(now, before);
  return before == now;
}

class Comparison {
 public:
  explicit Comparison(const std::vector<std::string>& except) : except_(except) {}

  void objects(const CatalogHashes& before, const CatalogHashes& now) {
    for (const auto& [object, parts] : before) {
      if (is_excepted(object)) continue;
      const auto found = now.find(object);
      if (found == now.end()) {
        changes_.push_back(object + " is gone");
      } else {
        compare(object, parts, found->second);
      }
    }
    for (const auto& [object, parts] : now) {
      if (!before.contains(object) && !is_excepted(object)) changes_.push_back(object + " is new");
    }
  }

  const std::vector<std::string>& changes() const { return changes_; }

 private:
  void compare(const std::string& object, const Parts& before, const Parts& now) {
    for (const auto& [part, hash] : before) {
      const auto found = now.find(part);
      if (found == now.end()) {
        tell(object, part, " removed");
      } else if (!is_same(part, hash, found->second)) {
        tell(object, part, " changed");
      }
    }
    for (const auto& [part, hash] : now) {
      if (!before.contains(part)) tell(object, part, " added");
    }
  }

  void tell(const std::string& object, const std::string& part, const char* what) {
    const std::string name = object + ": " + part;
    if (!is_excepted_part(name)) changes_.push_back(name + what);
  }

  bool is_excepted(const std::string& object) const {
    return std::any_of(except_.begin(), except_.end(),
                       [&](const std::string& written) { return is_named(object, written); });
  }

  /// "t: column name": a name without a part means objects, or "name" would be any column's.
  bool is_excepted_part(const std::string& part) const {
    return std::any_of(except_.begin(), except_.end(), [&](const std::string& written) {
      return written.find(": ") != std::string::npos &&
             (part == written || ends_with_name(part, written));
    });
  }

  const std::vector<std::string>& except_;
  std::vector<std::string> changes_;
};

}  // namespace

event::Outcome unchanged_except(const CatalogHashes& before, const CatalogHashes& now,
                                const std::vector<std::string>& except) {
  const std::string name = except.empty() ? std::string{"nothing has changed"}
                                          : "nothing has changed but " + text::listed(except);
  Comparison comparison{except};
  comparison.objects(before, now);
  std::vector<std::string> changes = comparison.changes();
  if (changes.empty()) return held(name, "no change");
  if (changes.size() > most_told) {
    const std::string rest = fmt::format("{} more", changes.size() - most_told);
    changes.resize(most_told);
    changes.push_back(rest);
  }
  return failed(name, "no change", text::joined(changes, "; "));
}

}  // namespace engine::verify
