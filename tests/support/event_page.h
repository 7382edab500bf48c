// docs/reference/events.md as data: which fields an event has, and what each of them is.
#pragma once

#include <map>
#include <set>
#include <string>

namespace test {

class EventPage {
 public:
  /// Reads the page's tables. Throws std::runtime_error where one cannot be understood.
  explicit EventPage(const std::string& path);

  /// What is wrong with a line of --json: no object, an event without a heading, a field too many
  /// or too few, a value that is not what its table says. "" where it is as documented.
  std::string problem_with(const std::string& line) const;

  /// The documented events, those that are no line but a part of one excepted.
  std::set<std::string> events() const;
  /// The fields that are there only sometimes.
  std::set<std::string> rare_fields() const;

 private:
  struct Field {
    std::string is;
    bool always = true;
  };
  using Fields = std::map<std::string, Field>;
  struct Reader;
  struct Comparison;

  std::map<std::string, Fields> sections_;  // by heading
  std::set<std::string> objects_;           // the headings of what stands within fields
  Fields everywhere_;
};

}  // namespace test
