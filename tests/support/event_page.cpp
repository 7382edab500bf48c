#include "support/event_page.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace test {
namespace {

using nlohmann::json;

constexpr const char* everywhere = "Fields of every event";
constexpr const char* objects = "Objects in these fields";
// Commands that are about no run have no `run`.
const std::set<std::string> without_run = {"task", "doctor", "protect", "embedded"};

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::size_t from = 1;
  for (std::size_t bar = row.find('|', from); bar != std::string::npos; bar = row.find('|', from)) {
    std::string cell = row.substr(from, bar - from);
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
    from = bar + 1;
  }
  return cells;
}

// `a`, `b`
bool lists_word(const std::string& is, const json& value) {
  return value.is_string() && is.find("`" + value.get<std::string>() + "`") != std::string::npos;
}

bool takes(std::string& is, const std::string& beginning) {
  if (!is.starts_with(beginning)) return false;
  is.erase(0, beginning.size());
  return true;
}

bool takes_end(std::string& is, const std::string& end) {
  if (!is.ends_with(end)) return false;
  is.erase(is.size() - end.size());
  return true;
}

}  // namespace

struct EventPage::Reader {
  EventPage& page;
  std::string section = {}, chapter = {};

  void line(const std::string& text) {
    if (text.starts_with("## ")) {
      chapter = section = text.substr(3);
    } else if (text.starts_with("### ")) {
      section = text.substr(4);
      page.sections_[section];
      if (chapter == objects) page.objects_.insert(section);
    } else if (text.starts_with("| `")) {
      row(text);
    }
  }

  void row(const std::string& text) {
    const std::vector<std::string> cells = cells_of(text);
    if (cells.size() != 3) throw std::runtime_error("not three cells: " + text);
    const std::string name = cells[0].substr(1, cells[0].size() - 2);
    Fields& fields = section == everywhere ? page.everywhere_ : page.sections_[section];
    const bool only_sometimes = cells[2].find("only ") != std::string::npos;
    if (!fields.emplace(name, Field{cells[1], !only_sometimes}).second) {
      throw std::runtime_error("twice in " + section + ": " + name);
    }
  }
};

struct EventPage::Comparison {
  const EventPage& page;
  std::string problem = {};

  void complain(const std::string& what) {
    if (problem.empty()) problem = what;
  }

  void fields(const json& object, const Fields& documented, const std::string& where) {
    for (const auto& [name, value] : object.items()) {
      const auto found = documented.find(name);
      if (found == documented.end()) {
        complain(where + ": " + name + " is not documented");
      } else if (!is(value, found->second.is)) {
        complain(where + ": " + name + " is no " + found->second.is + ": " + value.dump());
      }
    }
    for (const auto& [name, field] : documented) {
      if (field.always && !object.contains(name)) complain(where + ": " + name + " is missing");
    }
  }

  bool is(const json& value, std::string what) {
    if (takes(what, "list of ")) {
      if (takes(what, "lists of ")) what = "list of " + what;
      return value.is_array() && std::all_of(value.begin(), value.end(), [&](const json& element) {
               return is(element, what);
             });
    }
    if (takes_end(what, " or null") && value.is_null()) return true;
    if (what == "text") return value.is_string();
    if (what == "number") return value.is_number();
    if (what == "true or false") return value.is_boolean();
    if (what.starts_with("`")) return lists_word(what, value);
    if (what.starts_with("[")) {
      const std::string section = what.substr(1, what.find(']') - 1);
      if (!page.objects_.contains(section)) throw std::runtime_error("no section " + section);
      if (!value.is_object()) return false;
      fields(value, page.sections_.at(section), section);
      return true;
    }
    throw std::runtime_error("not understood: " + what);
  }
};

EventPage::EventPage(const std::string& path) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error("cannot read " + path);
  Reader reader{*this};
  for (std::string text; std::getline(file, text);) reader.line(text);
}

std::string EventPage::problem_with(const std::string& line) const {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return "not one JSON object: " + line;
  const std::string event = object.value("event", "");
  if (!events().contains(event)) return "not a documented event: " + line;
  Fields documented = sections_.at(event);
  documented.insert(everywhere_.begin(), everywhere_.end());
  if (without_run.contains(event)) documented.erase("run");
  Comparison comparison{*this};
  comparison.fields(object, documented, event);
  return comparison.problem.empty() ? "" : comparison.problem + " in " + line;
}

std::set<std::string> EventPage::events() const {
  std::set<std::string> names;
  for (const auto& [name, fields] : sections_) {
    if (!objects_.contains(name)) names.insert(name);
  }
  return names;
}

std::set<std::string> EventPage::rare_fields() const {
  std::set<std::string> names;
  for (const auto& [section, fields] : sections_) {
    for (const auto& [name, field] : fields) {
      if (!field.always) names.insert(name);
    }
  }
  return names;
}

}  // namespace test
