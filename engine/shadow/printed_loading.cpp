#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "shadow/printed_schema.h"

namespace engine::shadow {
namespace {

using Script = PrintedSchema::Script;

constexpr std::size_t most_shown = 100;  // columns of a statement

class Loading {
 public:
  Loading(db::Connection& shadow, const Extensions& extensions)
      : shadow_(shadow), extensions_(extensions) {}

  bool whole(const Script& script) {
    try {
      shadow_.script("BEGIN; " + extensions_.replaced(text::joined(script, ";\n")) + "; COMMIT");
      return true;
    } catch (const Error& error) {
      if (error.sqlstate().empty()) throw;
      shadow_.rollback();
      return false;
    }
  }

  /// Each of its statements by itself, but those that were made before; did any more succeed?
  bool piecemeal(const Script& script, std::set<std::string>& made) {
    bool progress = false;
    shadow_.script("BEGIN");
    for (const std::string& statement : script) {
      const bool is_setting = statement.starts_with("SET ") || statement.starts_with("RESET ");
      if (!is_setting && made.contains(statement)) continue;
      try {
        shadow_.script("SAVEPOINT engine_part; " + extensions_.replaced(statement) +
                       "; RELEASE SAVEPOINT engine_part");
        progress = made.insert(statement).second || progress;
        why_.erase(statement);
      } catch (const Error& error) {
        if (error.sqlstate().empty()) throw;
        shadow_.script("ROLLBACK TO SAVEPOINT engine_part");
        why_[statement] = error.message();
      }
    }
    shadow_.script("COMMIT");
    return progress;
  }

  std::vector<std::string> failures() const {
    std::vector<std::string> phrases;
    for (const auto& [statement, why] : why_) {
      phrases.push_back(
          fmt::format("{}: {}", text::shortened(text::printable(statement), most_shown), why));
    }
    return phrases;
  }

 private:
  db::Connection& shadow_;
  const Extensions& extensions_;
  std::map<std::string, std::string> why_;  // of statements that failed
};

}  // namespace

// What fails is tried again as long as any other succeeds: functions and tables name each other.
std::vector<std::string> load_printed(std::vector<Script> scripts, db::Connection& shadow,
                                      const Extensions& extensions) {
  Loading loading{shadow, extensions};
  for (std::size_t before = scripts.size() + 1; !scripts.empty() && scripts.size() < before;) {
    before = scripts.size();
    std::erase_if(scripts, [&](const Script& script) { return loading.whole(script); });
  }
  std::vector<std::set<std::string>> made(scripts.size());
  for (bool progress = true; std::exchange(progress, false);) {
    for (std::size_t i = 0; i < scripts.size(); ++i)
      progress = loading.piecemeal(scripts[i], made[i]) || progress;
  }
  return loading.failures();
}

}  // namespace engine::shadow
